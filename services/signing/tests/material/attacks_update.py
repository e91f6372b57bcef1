"""Attacks by update: what is appended after the signature."""

import re

from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec

import pki
from forge import BASE, TEXT_FORM, body, hand_signed, next_number, page_objects, pdf, sign, stamper, stream, update
from legitimate import BB, LEFT, RIGHT, document_stamp, fill, store
from made import add

OTHER = stream(b"BT /F1 14 Tf 80 700 Td (Quyet dinh so 99/QD-UBND) Tj ET")


def keyed(value, old, new):
    assert old in value, (old, value)
    return value.replace(old, new, 1)


def field_of(data, name=b"Ky1"):
    """Number and body of the field of this name."""
    for m in re.finditer(rb"(\d+) 0 obj\s*(.*?)\s*endobj", data, re.S):
        if b"/T (" + name + b")" in m.group(2):
            return int(m.group(1)), m.group(2)
    raise AssertionError(name)


def make():
    new = next_number(BB)
    page, catalog, form = body(BB, 3), body(BB, 1), body(BB, 7)
    add("content-replaced", "the page's content overwritten", update(BB, {4: OTHER}), "invalid")
    add("content-exchanged", "the page points to new content",
        update(BB, {3: keyed(page, b"/Contents 4 0 R", b"/Contents %d 0 R" % new), new: OTHER}), "invalid")
    add("content-added", "the page gets more content",
        update(BB, {3: keyed(page, b"/Contents 4 0 R", b"/Contents [4 0 R %d 0 R]" % new), new: OTHER}), "invalid")
    add("font-exchanged", "the font overwritten", update(BB, {5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"}), "invalid")
    add("resources-changed", "the page gets other resources",
        update(BB, {3: keyed(page, b"/F1 5 0 R", b"/F1 %d 0 R" % new), new: body(BB, 5)}), "invalid")
    add("page-cropped", "part of the page cut off", update(BB, {3: keyed(page, b"/MediaBox", b"/CropBox [0 0 595 650] /MediaBox")}),
        "invalid")
    add("page-turned", "the page turned", update(BB, {3: keyed(page, b"/MediaBox", b"/Rotate 180 /MediaBox")}), "invalid")
    two_pages = keyed(body(BB, 2), b"/Count 1", b"/Count 2").replace(b"/Kids [", b"/Kids [%d 0 R " % new)
    if b"%d 0 R" % new not in two_pages:
        two_pages = b"<< /Type /Pages /Kids [%d 0 R 3 0 R] /Count 2 >>" % new
    add("page-inserted", "a page put before the signed one",
        update(BB, {2: two_pages, new: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R >>" % (new + 1),
                    new + 1: OTHER}), "invalid")
    add("page-tree-exchanged", "the catalog points to other pages",
        update(BB, {1: keyed(catalog, b"/Pages 2 0 R", b"/Pages %d 0 R" % new),
                    new: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (new + 1),
                    new + 1: b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R >>" % (new, new + 2),
                    new + 2: OTHER}), "invalid")
    add("catalog-exchanged", "the trailer points to another catalog", update(BB, {new: catalog}, root=new), "invalid",
        why="nobody who signs makes another catalog")
    add("object-freed", "the content declared unused", update(BB, {}, free=[4]), "invalid")
    add("number-reused", "a number below the old size used anew",
        update(sign(pdf(page_objects(more={11: b"null"})), pki.an), {9: OTHER}), "invalid",
        why="a number that was passed over could wait for its object")
    dangling()
    annotations(new, page)
    pictures(new)
    forms(new, catalog, form)
    evidence()
    levels()


def dangling():
    """The signed pages refer to objects that are not there yet."""
    objects = page_objects()
    objects[3] = objects[3].replace(b"/Contents 4 0 R", b"/Contents [4 0 R 50 0 R]")
    add("awaited-content", "the page's second content appears after signing",
        update(hand_signed(objects), {50: stream(b"BT /F1 14 Tf 80 650 Td (Dieu 2) Tj ET")}), "invalid")
    objects = page_objects(page=b"/Annots [8 0 R] ", more={
        8: b"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [80 600 250 620] /P 3 0 R /AP << /N 50 0 R >> >>"})
    drawn = stream(b"BT /F1 14 Tf (So 99) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 170 20] ")
    add("awaited-picture", "an annotation's picture appears after signing", update(hand_signed(objects), {50: drawn}), "invalid")


def annotations(new, page):
    def annotated(annotation, data=BB):
        page, number = body(data, 3), next_number(data)
        if b"/Annots [" in page:
            page = re.sub(rb"/Annots \[(.*?)\]", rb"/Annots [\g<1> %d 0 R]" % number, page, count=1)
            return update(data, {3: page, number: annotation})
        at = int(re.search(rb"/Annots (\d+) 0 R", page).group(1))
        return update(data, {at: keyed(body(data, at), b"]", b" %d 0 R]" % number), number: annotation})

    note = b"<< /Type /Annot /Subtype /%s /Rect [80 690 250 720] /Contents (So 99) /F 4 %s>>"
    add("note-over", "a text laid over the number", annotated(note % (b"FreeText", b"/DA (/Helv 12 Tf) ")), "invalid")
    add("square-over", "a white square laid over the number", annotated(note % (b"Square", b"/IC [1 1 1] ")), "invalid")
    add("stamp-picture", "a rubber stamp laid over the page", annotated(note % (b"Stamp", b"")), "invalid")
    add("link-over", "a link laid over the page", annotated(note % (b"Link", b"/A << /S /URI /URI (http://gia.vn) >> ")), "invalid")
    add("widget-loose", "a widget that belongs to no field", annotated(note % (b"Widget", b"/FT /Tx /T (x) /V (99) ")), "invalid")
    add("sig-widget-loose", "a signature's widget that belongs to no field", annotated(note % (b"Widget", b"/FT /Sig /T (x) ")), "invalid")
    emptied = re.sub(rb"/Annots (\[.*?\]|\d+ 0 R)", b"/Annots []", page)
    add("annotations-removed", "the signature's picture taken off the page", update(BB, {3: emptied}), "invalid")
    certified = sign(BASE, pki.an, box=LEFT, meta=dict(certify=True, docmdp_permissions=MDPPerm.ANNOTATE))
    add("note-allowed", "a note where the first signer allows notes", annotated(note % (b"Text", b"/Name /Note "), certified), "invalid")


def pictures(new):
    number, field = field_of(BB)
    picture = int(re.search(rb"/AP\s*<<\s*/N (\d+) 0 R", field).group(1))
    drawn = stream(b"1 0 0 rg 0 0 170 60 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 170 60] ")
    add("picture-overwritten", "the signature's picture overwritten", update(BB, {picture: drawn}), "invalid")
    add("picture-exchanged", "the signature's field points to another picture",
        update(BB, {number: field.replace(b"/N %d 0 R" % picture, b"/N %d 0 R" % new), new: drawn}), "invalid")
    add("picture-moved", "the signature's picture moved", update(BB, {number: re.sub(rb"/Rect \[.*?\]", b"/Rect [80 690 250 720]", field)}),
        "invalid")
    add("signature-removed", "the signature taken out of its field", update(BB, {number: re.sub(rb"/V \d+ 0 R", b"", field)}), "invalid")
    value = int(re.search(rb"/V (\d+) 0 R", field).group(1))
    add("signature-overwritten", "the signature's dictionary overwritten",
        update(BB, {value: keyed(body(BB, value), b"/Type /Sig", b"/Type /Sig /Name (Ke gian)") if b"/Type /Sig" in body(BB, value)
                    else body(BB, value)[:-2] + b"/Name (Ke gian) >>"}), "invalid")
    add("field-renamed", "the signature's field gets another name", update(BB, {number: keyed(field, b"(Ky1)", b"(Ky9)")}), "invalid")
    add("cover-seal", "a later signature covers the first one's picture", sign(BB, pki.binh, field="Che", box=LEFT), "look",
        why="one picture hides the other")
    add("cover-page", "a later signature covers the page", sign(BB, pki.binh, field="Che", box=(0, 0, 595, 800)), "look",
        why="the picture hides the page")


    # Pictures that no person signed.
    empty = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Trong) /F 4 /Rect [80 690 250 720] /P 3 0 R /AP << /N %d 0 R >> >>"
    page = body(BB, 3)
    listed = re.sub(rb"/Annots \[(.*?)\]", rb"/Annots [\g<1> %d 0 R]" % new, page)
    in_form = re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\g<1> %d 0 R]" % new, body(BB, 7))
    lists = {3: listed, 7: in_form}
    if listed == page:
        at = int(re.search(rb"/Annots (\d+) 0 R", page).group(1))
        lists = {at: keyed(body(BB, at), b"]", b" %d 0 R]" % new), 7: in_form}
    add("picture-unsigned", "an empty signature field whose picture lies over the number",
        update(BB, {**lists, new: empty % (new + 1), new + 1: drawn}), "invalid",
        why="a picture that nobody signed puts words on the page")
    add("picture-stamped", "the same, with a timestamp over the document behind it", pictured_stamp(), "invalid",
        why="anybody can have a file stamped; the picture stands in nobody's name")


def pictured_stamp():
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import append_signature_field
    import io
    writer = IncrementalPdfFileWriter(io.BytesIO(BB))
    append_signature_field(writer, SigFieldSpec("Dau", on_page=0, box=(80, 690, 250, 720)))
    out = io.BytesIO()
    writer.write(out)
    writer = IncrementalPdfFileWriter(io.BytesIO(out.getvalue()))
    return signers.PdfTimeStamper(stamper(), field_name="Dau").timestamp_pdf(writer, "sha256").getvalue()


def forms(new, catalog, form):
    text = TEXT_FORM["more"][8]
    added = re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\g<1> %d 0 R]" % new, form)
    add("field-added", "a field to fill in added", update(BB, {7: added, new: text.replace(b"(so)", b"(moi)")}), "invalid")
    add("fields-emptied", "the form's fields taken out", update(BB, {7: re.sub(rb"/Fields \[.*?\]", b"/Fields []", form)}), "invalid")
    add("xfa-added", "a dynamic form added", update(BB, {7: form[:-2] + b" /XFA %d 0 R >>" % new, new: stream(b"<xdp/>")}), "invalid")
    add("script-added", "a script added", update(BB, {1: catalog[:-2] + b" /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"}),
        "invalid")
    add("layers-added", "layers added", update(BB, {1: catalog[:-2] + b" /OCProperties << /OCGs [] /D << >> >> >>"}), "invalid")
    add("need-appearances-added", "the program is asked to draw fields anew",
        update(BB, {7: form[:-2] + b" /NeedAppearances true >>"}), "invalid",
        why="what is shown then depends on the program")
    with_form = sign(pdf(page_objects(**TEXT_FORM)), pki.an, box=LEFT)
    filled = sign(fill(pdf(page_objects(**TEXT_FORM))), pki.an, box=LEFT)
    add("text-changed", "a field filled before signing gets another text", fill(filled, b"So 99"), "invalid",
        why="only what was empty may be filled in")
    add("text-moved", "an empty field filled and moved",
        update(with_form, {8: text[:-2].replace(b"600 250 620", b"690 250 720") + b"/V (So 99) >>"}), "invalid")
    add("text-script", "an empty field filled, with an action",
        update(with_form, {8: text[:-2] + b"/V (So 99) /A << /S /URI /URI (http://gia.vn) >> >>"}), "invalid")
    add("form-font-exchanged", "the form's fonts exchanged",
        update(with_form, {7: body(with_form, 7).replace(b"/F1 5 0 R", b"/F1 %d 0 R" % next_number(with_form)),
                           next_number(with_form): body(with_form, 5)}), "invalid",
        why="letters can be exchanged by their font")
    add("title-changed", "the title changed", update(BB, {6: b"<< /Title (Quyet dinh 99) >>"}), "look",
        why="programs show the title beside the page")
    add("content-again", "the page's content overwritten by the same", update(BB, {4: body(BB, 4)}), "look",
        why="nobody who signs writes it again, and programs may read it otherwise")


def evidence():
    stored = store(BB, ["root.crl", "sub.crl"], [pki.sub])
    catalog = body(stored, 1)
    add("evidence-removed", "the store of evidence taken out", update(stored, {1: re.sub(rb"/DSS \d+ 0 R", b"", catalog)}),
        "invalid", why="it came after the signature and nothing of it was signed")
    sealed = document_stamp(stored)
    add("evidence-removed-sealed", "the same below a timestamp over the document",
        update(sealed, {1: re.sub(rb"/DSS \d+ 0 R", b"", body(sealed, 1))}), "invalid",
        why="evidence may only grow")
    # The store of evidence shares an array with the page: growing one grows the other.
    shared = page_objects(catalog=b"/DSS << /Certs 8 0 R >> ", more={8: b"[4 0 R]"})
    shared[3] = shared[3].replace(b"/Contents 4 0 R", b"/Contents 8 0 R")
    signed = sign(pdf(shared), pki.an)
    number = next_number(signed)
    add("evidence-is-content", "the store of evidence shares its list with the page's content",
        update(signed, {8: b"[4 0 R %d 0 R]" % number, number: OTHER}), "invalid")
    shared = page_objects(catalog=b"/Metadata 4 0 R ")
    shared[4] = stream(b"BT /F1 14 Tf 80 700 Td (Quyet dinh so 12/QD-UBND) Tj ET", b"/Type /Metadata /Subtype /XML ")
    add("metadata-is-content", "the page's content is the metadata too",
        update(hand_signed(shared), {4: stream(b"BT /F1 14 Tf 80 700 Td (So 99) Tj ET", b"/Type /Metadata /Subtype /XML ")}), "invalid")
    # The same through a resource that has the name of a key that leads elsewhere.
    named = page_objects(catalog=b"/Metadata 8 0 R ", more={
        8: stream(b"BT /F1 14 Tf (So 12) Tj ET", b"/Type /Metadata /Subtype /Form /BBox [0 0 170 20] ")})
    named[3] = named[3].replace(b"/Font <<", b"/XObject << /Metadata 8 0 R >> /Font <<")
    add("metadata-is-picture", "the metadata is drawn on the page, under the name Metadata",
        update(hand_signed(named), {8: named[8].replace(b"So 12", b"So 99")}), "invalid")
    drawn = stream(b"BT /F1 14 Tf (So 12) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 170 20] ")
    shared = page_objects(**TEXT_FORM)
    shared[3] = shared[3].replace(b"/Font <<", b"/XObject << /X 9 0 R >> /Font <<")
    shared[8] = shared[8][:-2] + b"/AP << /N 9 0 R >> >>"
    shared[9] = drawn
    add("field-picture-is-content", "an empty field's picture is drawn on the page too",
        update(sign(pdf(shared), pki.an), {8: shared[8][:-2] + b"/V (So 99) >>", 9: drawn.replace(b"So 12", b"So 99")}), "invalid")
    shared[3] = shared[3].replace(b"/XObject << /X 9 0 R >>", b"/XObject << /Type /Page /Annots 9 0 R >>")
    add("field-picture-is-named", "the same under the name Annots, in a dictionary that says it is a page",
        update(sign(pdf(shared), pki.an), {8: shared[8][:-2] + b"/V (So 99) >>", 9: drawn.replace(b"So 12", b"So 99")}), "invalid",
        why="it is drawn on the page")
    many = {7: re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\g<1> " + b" ".join(b"%d 0 R" % n for n in range(400, 800)) + b"]",
                      body(BB, 7)), 4: OTHER}
    many.update({n: b"<< /FT /Sig /T (S%d) >>" % n for n in range(400, 800)})
    add("hidden-among-many", "one forbidden change among four hundred allowed ones", update(BB, many), "invalid")


def levels():
    """What the first signer does not allow."""
    def certified(level, data=BASE, **more):
        return sign(data, pki.an, box=LEFT, meta=dict(certify=True, docmdp_permissions=level), **more)

    form = pdf(page_objects(**TEXT_FORM))
    add("level-1-filled", "filled in although nothing is allowed", fill(certified(MDPPerm.NO_CHANGES, form)), "invalid")
    forced = update_docmdp(certified(MDPPerm.FILL_FORMS))
    add("level-2-new-picture", "a new picture of a signature although the document is certified", forced, "invalid")
    locks = SigFieldSpec("Ky1", on_page=0, box=LEFT, field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, ["so"]))
    add("locked-filled", "a field filled in that the signature locks", fill(sign(form, pki.an, spec=locks)), "invalid")
    every = SigFieldSpec("Ky1", on_page=0, box=LEFT, field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL))
    add("locked-all-filled", "a field filled in where the signature locks all", fill(sign(form, pki.an, spec=every)), "invalid")
    but = SigFieldSpec("Ky1", on_page=0, box=LEFT, field_mdp_spec=FieldMDPSpec(FieldMDPAction.EXCLUDE, ["so"]))
    add("locked-others-filled", "the one field filled in that the signature does not lock", fill(sign(form, pki.an, spec=but)), "look",
        why="a person must see what was filled in after the signature")


def update_docmdp(data):
    """Signs once more by hand where the library would refuse to."""
    return sign(data, pki.office, field="Dau", box=RIGHT)
