//! Tiny PDF files written by hand, in the ways that files from other programs differ.

/// How a file is built.
#[derive(Clone, Copy, Default)]
pub struct Shape {
    /// Cross-reference stream and object streams instead of a table.
    pub streams: bool,
    /// The page's annotations are an array of their own.
    pub indirect_annotations: bool,
    /// An XFA form.
    pub xfa: bool,
    /// A form that stands in the catalog itself.
    pub direct_form: bool,
    /// Two text fields to fill in, `HoTen` and `GhiChu`, which show nothing yet.
    pub fields: bool,
}

/// Two pages of A4 with a size in long fractions, as LibreOffice writes it.
pub fn document(shape: Shape) -> Vec<u8> {
    let annotation =
        "<</Type/Annot/Subtype/Link/Rect[10 10 50 20]/Border[0 0 0]/A<</S/URI/URI(https://xa.test/\\(1\\))>>>>";
    let annotations = if shape.indirect_annotations { "/Annots 8 0 R" } else { "" };
    let form = match shape {
        Shape { xfa: true, .. } => "/AcroForm<</Fields[]/XFA(x)>>",
        Shape { fields: true, .. } => "/AcroForm<</Fields[11 0 R 12 0 R]/DA(/F 10 Tf)>>",
        Shape { direct_form: true, .. } => "/AcroForm<</Fields[]/DA(/F 10 Tf)>>",
        _ => "",
    };
    let annotations = if shape.fields { "/Annots[11 0 R 12 0 R]" } else { annotations };
    let field = |name: &str, bottom: u32| {
        let top = bottom + 20;
        format!("<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/F 4/P 3 0 R/Rect[72 {bottom} 272 {top}]>>")
    };
    let page = |content: u32, annotations: &str| {
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.303937007874 841.889763779528]\
             /Resources<</Font<</F 7 0 R>>>>/Contents {content} 0 R{annotations}>>"
        )
    };
    let content = |words: &str| {
        let text = format!("BT /F 24 Tf 72 700 Td ({words}) Tj ET");
        format!("<</Length {}>>\nstream\n{text}\nendstream", text.len())
    };
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R/Lang(vi){form}>>"),
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned(),
        page(5, annotations),
        page(6, ""),
        content("Quyet dinh"),
        content("Noi nhan"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        "[9 0 R]".to_owned(),
        annotation.to_owned(),
        "<</Title<FEFF0051007500791EBF0074>/Producer(by hand)>>".to_owned(),
    ];
    if shape.fields {
        objects.extend([field("HoTen", 600), field("GhiChu", 560)]);
    }
    build(shape.streams, &objects)
}

/// A page of 120 by 60 points with a frame and a word, as the picture of a signature. The resources are the parent's.
pub fn stamp() -> Vec<u8> {
    let text = "1 0 0 RG 2 2 116 56 re S BT /F 12 Tf 10 30 Td (Da ky) Tj ET";
    build(
        false,
        &[
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 120 60]/Resources 6 0 R>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_owned(),
            format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
            "<</Font<</F 5 0 R>>>>".to_owned(),
            "(nobody refers to this)".to_owned(),
        ],
    )
}

/// A page of 120 by 60 points with an image on it, as handwriting is shown.
#[allow(dead_code, reason = "shared with other tests, which show no handwriting")]
pub fn handwriting() -> Vec<u8> {
    let drawing = "q 100 0 0 40 10 10 cm /I Do Q";
    let image = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>";
    build(
        false,
        &[
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 120 60]/Resources<</XObject<</I 5 0 R>>>>>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_owned(),
            format!("<</Length {}>>\nstream\n{drawing}\nendstream", drawing.len()),
            format!("{image}\nstream\nA\nendstream"),
        ],
    )
}

/// A page of this size that draws what it is told, in black Helvetica under `/F`.
pub fn picture(width: u32, height: u32, drawing: &str) -> Vec<u8> {
    build(
        false,
        &[
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
            format!(
                "<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 {width} {height}]/Resources<</Font<</F 5 0 R>>>>>>"
            ),
            format!("<</Length {}>>\nstream\n{drawing}\nendstream", drawing.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        ],
    )
}

/// Writes objects 1, 2, … with what leads to them. Object 1 is the catalog, object 10 the information.
fn build(streams: bool, objects: &[String]) -> Vec<u8> {
    let info = if objects.len() >= 10 { "/Info 10 0 R" } else { "" };
    let ends = format!("/Root 1 0 R{info}/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]");
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut entries = vec![(0u8, 0usize, 65535usize)];
    let container = objects.len() + 1;
    let packed: Vec<usize> =
        (0..objects.len()).filter(|index| streams && !objects[*index].ends_with("endstream")).collect();
    for (index, object) in objects.iter().enumerate() {
        if let Some(place) = packed.iter().position(|other| *other == index) {
            entries.push((2, container, place));
        } else {
            entries.push((1, out.len(), 0));
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
        }
    }
    if streams {
        let mut head = String::new();
        let mut body = String::new();
        for index in &packed {
            head += &format!("{} {} ", index + 1, body.len());
            body += &objects[*index];
            body.push('\n');
        }
        entries.push((1, out.len(), 0));
        let (first, count, length) = (head.len(), packed.len(), head.len() + body.len());
        out.extend(
            format!("{container} 0 obj\n<</Type/ObjStm/N {count}/First {first}/Length {length}>>\n").into_bytes(),
        );
        out.extend(format!("stream\n{head}{body}\nendstream\nendobj\n").into_bytes());
    }
    let start = out.len();
    if streams {
        let number = entries.len();
        entries.push((1, start, 0));
        let mut table = Vec::new();
        for (kind, second, third) in &entries {
            table.push(*kind);
            table.extend((*second as u32).to_be_bytes());
            table.extend((*third as u16).to_be_bytes());
        }
        let size = entries.len();
        let length = table.len();
        out.extend(format!("{number} 0 obj\n<</Type/XRef/Size {size}/W[1 4 2]/Length {length}{ends}>>\n").into_bytes());
        out.extend(b"stream\n");
        out.extend(table);
        out.extend(b"\nendstream\nendobj\n");
    } else {
        out.extend(format!("xref\n0 {}\n", entries.len()).into_bytes());
        for (kind, offset, generation) in &entries {
            let kind = if *kind == 0 { 'f' } else { 'n' };
            out.extend(format!("{offset:010} {generation:05} {kind}\r\n").into_bytes());
        }
        out.extend(format!("trailer\n<</Size {}{ends}>>\n", entries.len()).into_bytes());
    }
    out.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
    out
}
