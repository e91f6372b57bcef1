"""Files as honest programs make them."""

import io

import pikepdf
from asn1crypto import crl as asn1_crl, ocsp as asn1_ocsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

import pki
from forge import (BASE, TEXT_FORM, hand_signed, hybrid, next_number, page_objects, pdf, resign, sign, stamper, stream, token_attribute, update)
from made import add

LEFT, RIGHT, SEAL = (80, 100, 250, 160), (330, 100, 500, 160), (200, 90, 320, 170)


def context(*crls):
    return ValidationContext(trust_roots=[pki.root.asn1], allow_fetching=False, revocation_mode="require",
                             crls=[asn1_crl.CertificateList.load(pki.CRLS[c]) for c in crls or ("root.crl", "sub.crl")],
                             other_certs=[pki.sub.asn1])


def store(data, crls, certs=(), ocsps=()):
    """Adds evidence to the document."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    contents = None
    DocumentSecurityStore.supply_dss_in_writer(
        writer, contents, certs=[c.asn1 for c in certs], crls=[asn1_crl.CertificateList.load(pki.CRLS[c]) for c in crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(pki.OCSPS[o]) for o in ocsps])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def fill(data, text=b"So 12", number=8):
    """Fills the text field as a form program does: the value and a new picture."""
    picture = next_number(data)
    field = TEXT_FORM["more"][8][:-2] + b"/V (%s) /AP << /N %d 0 R >> >>" % (text, picture)
    drawn = stream(b"/Tx BMC BT /F1 12 Tf (%s) Tj ET EMC" % text, b"/Type /XObject /Subtype /Form /BBox [0 0 170 20] ")
    return update(data, {number: field, picture: drawn})


def document_stamp(data, tsa=None, when=None):
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    maker = signers.PdfTimeStamper(stamper(tsa, when))
    return maker.timestamp_pdf(writer, "sha256").getvalue()


def rewritten(data, **how):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        opened.save(out, **how)
    return out.getvalue()


def prepared_fields():
    writer = IncrementalPdfFileWriter(io.BytesIO(BASE))
    append_signature_field(writer, SigFieldSpec("Ky1", on_page=0, box=LEFT))
    append_signature_field(writer, SigFieldSpec("Dau", on_page=0, box=SEAL))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


LT = dict(embed_validation_info=True)
BB = sign(BASE, pki.an, box=LEFT, reserved=40000)
BT = sign(BASE, pki.an, box=LEFT, tsa=stamper(), reserved=40000)
TWO = sign(sign(BASE, pki.an, box=LEFT, tsa=stamper()), pki.office, field="Dau", box=SEAL, tsa=stamper())
BLT = sign(BASE, pki.an, box=LEFT, tsa=stamper(), meta=dict(validation_context=context(), **LT))
BLTA = sign(BASE, pki.an, box=LEFT, tsa=stamper(), meta=dict(validation_context=context(), use_pades_lta=True, **LT))
LONG_AGO = pki.NOW - 30 * pki.DAY


def make():
    add("bb-rsa", "B-B, RSA 2048", BB, "valid")
    add("bb-pss", "B-B, RSA-PSS", resign(BB, pki.an, pss=True), "valid")
    add("bb-pss-sha512", "B-B, RSA-PSS with SHA-512", resign(BB, pki.an, md="sha512", pss=True), "valid")
    add("bb-pss-long-salt", "B-B, RSA-PSS with the longest salt", sign(BASE, pki.an, pss=True), "invalid",
        why="the library checks only salts as long as the hash; said as not supported, not as wrong")
    add("bb-p256", "B-B, P-256", sign(BASE, pki.office), "valid")
    add("bb-p384", "B-B, P-384 with SHA-384", sign(BASE, pki.p384, md="sha384"), "valid")
    add("bb-sha512", "B-B, RSA with SHA-512", sign(BASE, pki.an, md="sha512"), "valid")
    add("bb-adobe", "adbe.pkcs7.detached", sign(BASE, pki.an, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED), "valid")
    archive = sign(BASE, pki.an, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, tsa=stamper(), reserved=40000,
                   meta=dict(validation_context=context(), **LT))
    add("adobe-archive", "adbe.pkcs7.detached with evidence within the container", archive, "valid")
    add("bb-hand", "a container built by hand", resign(BB, pki.an), "valid")
    add("bt-rsa", "B-T", BT, "valid")
    add("bt-hand", "B-T, container and token built by hand",
        resign(BT, pki.an, unsigned=lambda i: [token_attribute(i["signature"])]), "valid")
    add("blt", "B-LT, evidence in the document only", BLT, "valid", crls=())
    add("blta", "B-LTA, evidence in the document only", BLTA, "valid", crls=())
    add("two", "person and agency, the seal over a third of the person's picture", TWO, "valid")
    add("three", "three signatures", sign(TWO, pki.binh, field="Ky3", box=RIGHT), "valid")
    add("two-blta", "two signatures, evidence, timestamp over the document",
        sign(TWO, pki.binh, field="Ky3", tsa=stamper(), meta=dict(validation_context=context(), use_pades_lta=True, **LT)), "valid")
    compact = rewritten(BASE, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    add("xref-streams", "object and cross-reference streams, two signatures",
        sign(sign(compact, pki.an, box=LEFT), pki.office, field="Dau", box=SEAL), "valid")
    add("linearized", "linearized, two signatures",
        sign(sign(rewritten(BASE, linearize=True), pki.an, box=LEFT), pki.office, field="Dau", box=SEAL), "valid")
    with_fields = prepared_fields()
    add("prepared-fields", "both fields made before the first signature",
        sign(sign(with_fields, pki.an, new=False), pki.office, field="Dau", new=False), "valid")
    form = pdf(page_objects(**TEXT_FORM))
    add("form-unfilled", "a form with an empty field", sign(form, pki.an, box=LEFT), "valid")
    add("form-filled-before", "a form filled before signing", sign(fill(form), pki.an, box=LEFT), "valid")
    add("form-filled-after", "the empty field filled after signing", fill(sign(form, pki.an, box=LEFT)), "look",
        why="a person must see what was filled in after the signature")
    certified = sign(BASE, pki.an, box=LEFT, meta=dict(certify=True, docmdp_permissions=MDPPerm.FILL_FORMS))
    add("certified-2-unseen", "certified at level 2, then signed without a picture", sign(certified, pki.office, field="Dau"),
        "valid")
    again = sign(with_fields, pki.an, new=False, meta=dict(certify=True, docmdp_permissions=MDPPerm.FILL_FORMS))
    add("certified-2", "certified at level 2, then a field made before is signed",
        sign(again, pki.office, field="Dau", new=False), "valid")
    closed = sign(BASE, pki.an, box=LEFT, meta=dict(certify=True, docmdp_permissions=MDPPerm.NO_CHANGES))
    add("certified-1", "certified at level 1", closed, "valid")
    add("certified-1-evidence", "certified at level 1, evidence and timestamp added",
        document_stamp(store(closed, ["root.crl", "sub.crl"], [pki.sub])), "valid")
    add("ocsp", "revocation by an OCSP answer", BB, "valid", crls=["root.crl"], ocsps=["good.ocsp"])
    add("leaf-only", "only the signer's certificate is in the file", sign(BASE, pki.an, chain=False), "valid",
        certificates=["sub"])
    long_stamped = sign(BASE, pki.revoked, tsa=stamper(when=LONG_AGO))
    add("revoked-after", "revoked after the timestamp", long_stamped, "valid", crls=["root.crl", "later.crl"], history=LONG_AGO)
    add("expired-after", "expired after the timestamp; the evidence is of that time",
        store(sign(BASE, pki.expired, tsa=stamper(when=LONG_AGO)), ["old-root.crl", "old.crl"], [pki.sub]), "valid",
        history=LONG_AGO)
    sealed = document_stamp(store(sign(BASE, pki.expired), ["old-root.crl", "old.crl"], [pki.sub]), when=LONG_AGO)
    add("expired-document-stamp", "expired after a timestamp over the document", sealed, "valid", history=LONG_AGO)
    add("history-before", "edited by an update before the first signature",
        sign(update(BASE, {4: stream(b"BT /F1 14 Tf 80 700 Td (So 13) Tj ET")}), pki.an), "valid")
    add("metadata-after", "modification date written again", update(BB, {6: b"<< /Title (Quyet dinh) /ModDate (D:20261127) >>"}),
        "valid")
    layers = page_objects(catalog=b"/OCProperties << /OCGs [8 0 R] /D << /ON [8 0 R] /Order [8 0 R] >> >> ",
                          more={8: b"<< /Type /OCG /Name (Lop) >>"})
    add("layers-on", "a layer that is always shown", sign(pdf(layers), pki.an), "valid")
    opens = page_objects(catalog=b"/OpenAction [3 0 R /Fit] ")
    add("open-at", "opens at the first page", sign(pdf(opens), pki.an), "valid")
    mixed = hand_signed(page_objects(page=b"/Lang 30 0 R "), write=lambda objects: hybrid(objects, {30: b"(vi)"}))
    add("hybrid", "a table and a stream in one section, as word processors write (pyHanko told to admit it)", mixed, "valid")
    old = sign(BASE, pki.an, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, reserved=16000)
    add("adobe-no-ess", "adbe.pkcs7.detached that does not name its certificate", resign(old, pki.an, ess=None), "valid")
    when, again = pki.NOW - 20 * pki.DAY, pki.NOW - 15 * pki.DAY
    stamped = resign(BT, pki.an, unsigned=lambda i: [token_attribute(i["signature"], pki.tsa_expired, when)])
    kept = document_stamp(store(stamped, ["old-root.crl", "long.crl"], [pki.sub]), when=again)
    add("stamp-renewed", "the timestamp's authority has expired; a later timestamp over the document keeps it", kept, "valid",
        history=(when, again))
