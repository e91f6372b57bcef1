//! The documents that are measured: receipts from our own typesetter, and a long one of scanned pages.

use print::Page;
use print::forms::{Copy, ReceiptData};
use std::fmt::Write;
use types::{Error, Result};

/// Pages of the long document.
pub(super) const SCANNED_PAGES: usize = 100;
/// Bytes of a scanned page: A4 in grey at 150 dots an inch, as JPEG.
const SCAN_BYTES: usize = 150 << 10;

/// A receipt of one or two pages, one for each copy. No two numbers give the same.
///
/// It is typeset here as the print worker does it; pipe and process are not measured.
pub(super) fn receipt(number: usize, pages: usize) -> Result<Vec<u8>> {
    let mut data = ReceiptData::sample();
    data.dossier_code = format!("H15.50.05-261120-{number:04}");
    data.number = Some(format!("{number:04}/TNHS"));
    data.officer = format!("Lò Thị Mẩy {number}");
    data.copies = [Copy::Counter, Copy::Party].into_iter().take(pages).collect();
    let job = data.job(Page::A4, data.received_at)?;
    let print = typesetter::lay_out(&job).map_err(|refusal| Error::internal(refusal.to_string()))?;
    if print.pages.len() != pages {
        return Err(Error::internal(format!("a receipt of {} pages instead of {pages}", print.pages.len())));
    }
    Ok(print.pdf)
}

/// A hundred scanned pages. Nobody who signs or verifies looks into the pictures: they are noise.
pub(super) fn scanned() -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, head: &str, stream: Option<&[u8]>| {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{head}\n", offsets.len()).into_bytes());
        if let Some(stream) = stream {
            file.extend_from_slice(b"stream\n");
            file.extend_from_slice(stream);
            file.extend_from_slice(b"\nendstream\n");
        }
        file.extend_from_slice(b"endobj\n");
    };
    let page = |place: usize| 3 + 3 * place;
    let kids: Vec<String> = (0..SCANNED_PAGES).map(|place| format!("{} 0 R", page(place))).collect();
    object(&mut file, "<< /Type /Catalog /Pages 2 0 R >>", None);
    object(&mut file, &format!("<< /Type /Pages /Count {SCANNED_PAGES} /Kids [{}] >>", kids.join(" ")), None);
    let drawing = b"q 595 0 0 842 0 0 cm /Scan Do Q";
    let mut noise = Noise(1);
    for place in 0..SCANNED_PAGES {
        let (content, picture) = (page(place) + 1, page(place) + 2);
        let head = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /XObject << /Scan {picture} 0 R >> >> >>"
        );
        object(&mut file, &head, None);
        object(&mut file, &format!("<< /Length {} >>", drawing.len()), Some(drawing));
        let head = format!(
            "<< /Type /XObject /Subtype /Image /Width 1240 /Height 1754 /ColorSpace /DeviceGray /BitsPerComponent 8 \
             /Filter /DCTDecode /Length {SCAN_BYTES} >>"
        );
        object(&mut file, &head, Some(&noise.bytes(SCAN_BYTES)));
    }
    let (table, size) = (file.len(), offsets.len() + 1);
    let mut end = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for offset in &offsets {
        // Writing to a String cannot fail.
        let _ = writeln!(end, "{offset:010} 00000 n ");
    }
    let _ = write!(end, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.extend(end.into_bytes());
    file
}

/// Bytes that say nothing, the same in each run.
struct Noise(u64);

impl Noise {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut next = || {
            // Knuth's linear congruence; the high bits are the good ones.
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 56) as u8
        };
        (0..count).map(|_| next()).collect()
    }
}
