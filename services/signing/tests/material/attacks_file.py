"""Attacks on the file: its bytes, its structure, and what is prepared in it before the signature."""

import hashlib
import re
import zlib

import pikepdf

import pki
from forge import BASE, at_of, body, covered, hand_signed, holes, hybrid, page_objects, pdf, sign, stream, update
from legitimate import BB, TWO, rewritten
from made import add


def patch(data, old, new, count=1):
    assert old in data and len(old) == len(new), old
    return data.replace(old, new, count)


def flip(data, at, bit=1):
    out = bytearray(data)
    out[at] ^= bit
    return bytes(out)


def other_digit(data, at):
    return data[:at] + (b"2" if data[at:at + 1] != b"2" else b"3") + data[at + 1:]


def ranges(data, which, values):
    """Writes other numbers into a byte range, in the same room."""
    start, end = holes(data)[which][3]
    text = b"/ByteRange [%d %d %d %d" % tuple(values)
    return data[:start] + text.ljust(end - start - 1) + b"]" + data[end:]


def make():
    text = BB.index(b"12/QD")
    add("flip-content", "a digit of the signed number changed", patch(BB, b"12/QD", b"19/QD"), "invalid")
    add("flip-trailer", "a byte of the first trailer changed", flip(BB, BB.index(b"/ID [<0011") + 6), "invalid")
    digest = hashlib.sha256(covered(BB)).hexdigest().encode()
    add("flip-cms", "the digest within the container changed", other_digit(BB, BB.lower().index(digest)), "invalid")
    add("flip-signature-value", "the last byte of the signature value changed",
        other_digit(BB, len(BB[:holes(BB)[0][1]].rstrip(b"0")) - 1), "invalid")
    a, b, (r0, r1, r2, r3), _ = holes(BB)[0]
    add("range-gap-wide", "the gap is wider than the container", ranges(BB, 0, (0, r1 - 20, r2, r3)), "invalid")
    add("range-gap-behind", "the gap goes on behind the container", ranges(BB, 0, (0, r1, r2 + 10, r3 - 10)), "invalid")
    add("range-start", "the range does not begin at 0", ranges(BB, 0, (5, r1 - 5, r2, r3)), "invalid")
    add("range-short", "the range ends before the end of the revision", ranges(BB, 0, (0, r1, r2, r3 - 12)), "invalid")
    add("range-beyond", "the range goes beyond the file", ranges(BB, 0, (0, r1, r2, r3 + 2)), "invalid")
    add("range-negative", "a negative number in the range", ranges(BB, 0, (0, r1, -1, r3)), "invalid")
    add("range-overlap", "the second part begins before the first ends", ranges(BB, 0, (0, r1, r1, r3)), "invalid")
    add("range-of-other", "the second field points to the first one's range", ranges(TWO, 1, holes(TWO)[0][2]), "invalid")
    add("contents-spaces", "white space within the container", BB[:b - 2] + b"  " + BB[b:], "invalid",
        why="the container must be one hexadecimal string without other characters")
    add("contents-trailing", "data behind the container", BB[:b - 4] + b"beef" + BB[b:], "invalid",
        why="behind the container only zeros may stand")
    add("tail-comment", "a comment behind the end", BB + b"% vo hai\n", "look", why="bytes that nobody signed are told")
    add("tail-object", "an object behind the end", BB + b"99 0 obj\n<< /Type /Page >>\nendobj\n", "look",
        why="bytes that nobody signed are told")
    add("tail-startxref", "a second end behind the end", BB + b"startxref\n%d\n%%%%EOF\n" % at_of(BB, 1), "invalid")
    add("cut-last-byte", "the end of the file cut off", BB[:-8], "invalid")
    add("rolled-back", "the agency's seal cut off", TWO[:[m.end() for m in re.finditer(rb"%%EOF\n", TWO)][1]], "valid",
        why="cannot be seen in the file: whoever asks for two signatures must count them")
    add("rewritten", "saved anew by another program", rewritten(BB), "invalid")
    add("rewritten-two", "two signatures, saved anew", rewritten(TWO, object_stream_mode=pikepdf.ObjectStreamMode.generate), "invalid")
    add("unsigned", "no signature", BASE, "invalid")
    add("not-pdf", "no PDF at all", b"PK\x03\x04" + b"0" * 500, "invalid")
    add("empty", "an empty file", b"", "invalid")
    add("junk-before", "bytes before %PDF-", b"\n\n" + BB, "invalid")
    add("encrypted", "encrypted, then signed", encrypted(), "invalid",
        why="what is encrypted cannot be compared with what is shown")
    structure()
    prepared()
    streams()


def encrypted():
    import io
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, signers
    from pyhanko.sign.fields import SigFieldSpec
    from forge import signer
    data = rewritten(BASE, encryption=pikepdf.Encryption(owner="a", user="", R=6))
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.encrypt("")
    return signers.PdfSigner(PdfSignatureMetadata(field_name="Ky1"), signer(pki.an), new_field_spec=SigFieldSpec("Ky1")).sign_pdf(
        writer).getvalue()


def structure():
    """Cross-references that a program would have to repair."""
    last = int(re.findall(rb"startxref\s+(\d+)", BB)[-1])
    add("xref-off", "startxref points beside the table", patch(BB, b"startxref\n%d" % last, b"startxref\n%d" % (last + 1)), "invalid")
    add("xref-gone", "startxref points beyond the file", patch(BB, b"startxref\n%d" % last, b"startxref\n" + b"9" * len(str(last))),
        "invalid")
    def entry(number, offset):
        return lambda data: patch(data, b"%010d 00000 n" % at_of(data, number), b"%010d 00000 n" % offset(data))

    add("xref-entry-off", "an entry points beside its object, then signed",
        hand_signed(page_objects(), damage=entry(4, lambda data: at_of(data, 4) + 3)), "invalid",
        why="programs that repair show what we cannot know")
    add("xref-entry-other", "an entry points to another object, then signed",
        hand_signed(page_objects(), damage=entry(4, lambda data: at_of(data, 5))), "invalid",
        why="an entry must point to its own object")
    loop = update(BASE, {4: stream(b"BT ET")})
    at = int(re.findall(rb"startxref\s+(\d+)", loop)[-1])
    first = int(re.findall(rb"startxref\s+(\d+)", BASE)[-1])
    loop = patch(loop, b"/Prev %d" % first, b"/Prev %d" % at if len(str(at)) == len(str(first)) else b"/Prev " + b"0" * len(str(first)))
    add("xref-circle", "sections in a circle", loop, "invalid")
    short = page_objects()
    short[4] = re.sub(rb"/Length \d+", b"/Length 10", short[4])
    add("stream-length", "a stream longer than it says, then signed", hand_signed(short), "invalid",
        why="programs differ in where they end such a stream")
    double = page_objects()
    double[3] = double[3].replace(b"/Contents 4 0 R", b"/Contents 4 0 R /Contents 9 0 R")
    double[9] = stream(b"BT /F1 14 Tf 80 700 Td (So 99) Tj ET")
    add("key-twice", "a page with two contents in one dictionary, then signed", hand_signed(double), "invalid",
        why="programs differ in which of two keys they take")
    deep = page_objects(page=b"/X " + b"[" * 500 + b"]" * 500)
    add("deep", "arrays nested 500 deep", hand_signed(deep), "invalid", why="such depth has no use but to break programs")
    circle = page_objects()
    circle[2] = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"
    add("hand-made", "made and signed by hand, for comparison", hand_signed(page_objects()), "valid")
    add("page-circle", "a page tree in a circle", hand_signed(circle), "invalid",
        why="programs break on it")


def prepared():
    """What is put into the file before it is signed."""
    objects = page_objects()
    order = sorted(objects.items())
    shadow = (4, stream(b"BT /F1 14 Tf 80 700 Td (Quyet dinh so 99/QD-UBND) Tj ET"))
    add("defined-twice", "the page's content stands twice in the signed revision",
        sign(pdf(objects, order=order[:3] + [shadow] + order[3:]), pki.an), "invalid", why="a second version lies in wait")
    twice = pdf(objects, order=order[:3] + [shadow] + order[3:])
    signed = sign(twice, pki.an)
    add("hide-and-replace", "an update points to the second version", update(signed, {}, point_to={4: at_of(twice, 4, 0)}), "invalid")
    hidden = pdf(objects, order=order + [(12, stream(b"BT (So 99) Tj ET"))]).replace(b"/Size 8", b"/Size 8")
    add("unused-object", "an object that no table names", sign(hidden, pki.an), "look", why="what is hidden is told")
    layers = page_objects(catalog=b"/OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] /Order [8 0 R] >> >> ",
                          more={8: b"<< /Type /OCG /Name (Lop) >>"})
    add("layer-off", "a layer that is hidden", sign(pdf(layers), pki.an), "look", why="a reader can switch it")
    prints = page_objects(catalog=b"/OCProperties << /OCGs [8 0 R] /D << /ON [8 0 R] /AS [<< /Event /Print /Category [/Print] "
                                  b"/OCGs [8 0 R] >>] >> >> ", more={8: b"<< /Type /OCG /Name (Lop) >>"})
    add("layer-print", "a layer that is shown only when printed", sign(pdf(prints), pki.an), "look",
        why="screen and paper may differ")
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /F 4 /Rect [80 600 250 620] /DA (/F1 12 Tf 0 g) /P 3 0 R >>"
    over = page_objects(form=b"<< /Fields [8 0 R 9 0 R] /DA (/F1 12 Tf 0 g) >>", page=b"/Annots [8 0 R 9 0 R] ",
                        more={8: field % b"a", 9: field % b"b"})
    add("fields-overlap", "two empty fields over each other", sign(pdf(over), pki.an), "look", why="one hides the other")
    same = page_objects(form=b"<< /Fields [8 0 R 9 0 R] /DA (/F1 12 Tf 0 g) >>", page=b"/Annots [8 0 R 9 0 R] ",
                        more={8: field % b"a", 9: (field % b"a").replace(b"600 250 620", b"500 250 520")})
    add("fields-same-name", "two fields of one name", sign(pdf(same), pki.an), "look", why="programs differ in which they mean")
    xfa = page_objects(form=b"<< /Fields [] /XFA 8 0 R >>", more={8: stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")})
    add("xfa", "a dynamic form (XFA)", sign(pdf(xfa), pki.an), "invalid", why="a second document within the document")
    add("need-appearances", "the program is asked to draw fields anew",
        hand_signed(page_objects(), form=b"/NeedAppearances true "), "look",
        why="what is shown depends on the program")
    script = b"<< /S /JavaScript /JS (this.getField\\('so'\\).value = '99';) >>"
    add("script-open", "a script runs when the file opens", sign(pdf(page_objects(catalog=b"/OpenAction " + script + b" ")), pki.an),
        "invalid", why="what is shown may change by itself")
    add("script-names", "a script by name", sign(pdf(page_objects(
        catalog=b"/Names << /JavaScript << /Names [(a) 8 0 R] >> >> ", more={8: script})), pki.an), "invalid",
        why="what is shown may change by itself")
    add("script-page", "a script runs when the page opens", sign(pdf(page_objects(page=b"/AA << /O " + script + b" >> ")), pki.an),
        "invalid", why="what is shown may change by itself")
    add("launch", "a program is started when the file opens",
        sign(pdf(page_objects(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >> ")), pki.an), "invalid",
        why="no document starts programs")
    add("open-web", "a web page is opened when the file opens",
        sign(pdf(page_objects(catalog=b"/OpenAction << /S /URI /URI (http://example.vn) >> ")), pki.an), "look",
        why="what runs by itself is told")
    outside = page_objects()
    outside[4] = stream(b"", b"/F (http://example.vn/noi-dung.bin) ")
    add("external-stream", "the page's content stands outside the file", sign(pdf(outside), pki.an), "invalid",
        why="what is outside is not signed")
    form = page_objects(form=b"<< /Fields [8 0 R] >>", page=b"/Annots [8 0 R] ", more={
        8: b"<< /Type /Annot /Subtype /RichMedia /Rect [80 300 200 400] >>"})
    form[7] = b"<< /Fields [] >>"
    add("rich-media", "moving content on the page", sign(pdf(form), pki.an), "look", why="what is shown moves")


def streams():
    """Attacks that need object and cross-reference streams, or many sections."""
    compact = rewritten(BASE, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    signed = sign(compact, pki.an)
    number = int(re.search(rb"(\d+) 0 obj\s*<<[^>]*/Type /ObjStm", signed).group(1))
    catalog = int(re.search(rb"/Root (\d+) 0 R", signed).group(1))
    empty = stream(b"%d 0 << /Type /Catalog >>" % catalog, b"/Type /ObjStm /N 1 /First %d " % (len(str(catalog)) + 3))
    add("object-stream-replaced", "the object stream with signed objects overwritten",
        update(signed, {number: empty}, root=catalog, info=number_of(signed, b"Info")), "invalid")
    bomb = zlib.compress(b"\0" * (200 << 20), 9)
    entries = b"/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode "
    head = b"%PDF-1.7\n"
    add("bomb", "a cross-reference stream that unpacks to 200 MB",
        head + b"9 0 obj\n" + stream(bomb, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head), "invalid")
    first = int(re.findall(rb"startxref\s+(\d+)", BASE)[-1])
    last = int(re.findall(rb"startxref\s+(\d+)", BB)[-1])
    skipping = re.sub(rb"/Prev %d" % last, b"/Prev %d" % first, update(BB, {7: body(BB, 7), 1: body(BB, 1), 3: body(BB, 3)}))
    add("revision-skipped", "an update that skips the signed revision", skipping, "invalid")
    wrong = page_objects()
    wrong[3] = wrong[3].replace(b"4 0 R", b"4 1 R")
    add("other-generation", "the page refers to its content by another generation", hand_signed(wrong), "invalid",
        why="programs differ in what they show then")
    shared = page_objects()
    data = hand_signed(shared)
    field, value = max(shared) + 1, max(shared) + 2
    both = update(data, {7: b"<< /Fields [%d 0 R %d 0 R] /SigFlags 3 >>" % (field, value + 1),
                         value + 1: b"<< /FT /Sig /T (Ky2) /V %d 0 R >>" % value})
    mixed = hand_signed(page_objects(page=b"/Lang 30 0 R "), write=lambda objects: hybrid(objects, {30: b"(vi)"}))
    second = mixed + b"4 0 obj\n%s\nendobj\n" % stream(b"BT /F1 14 Tf 80 700 Td (So 99) Tj ET")
    row = b"\1" + len(mixed).to_bytes(4, "big") + b"\0"
    carrier = stream(row, b"/Type /XRef /Size 50 /W [1 4 1] /Index [4 1] /Root 1 0 R ")
    over = update(second, {40: carrier})
    tail = over.rindex(b"/Prev")
    over = over[:tail] + b"/XRefStm %d " % len(second) + over[tail:]
    add("hybrid-hidden-change", "a hybrid update whose stream exchanges the page's content", over, "invalid")
    add("value-shared", "a second field claims the first one's signature", both, "invalid")
    removed = update(TWO, {int(re.search(rb"(\d+) 0 obj\s*<<[^>]*?/T \(Ky1\)", TWO).group(1)): b"<< /FT /Sig /T (Ky1) >>"})
    add("signature-removed-of-two", "one of two signatures taken out", removed, "invalid")


def number_of(data, key):
    return int(re.findall(rb"/" + key + rb" (\d+) 0 R", data)[-1])
