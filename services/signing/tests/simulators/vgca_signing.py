"""The tool's signatures, honest and otherwise."""

import datetime as dt
import io
import re

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.timestamps import HTTPTimeStamper

# Page and place in points for each command. Where the real tool puts its pictures is set by the person; these are ours.
PLACES = {
    "SignApproved": (-1, (330, 80, 530, 150)),
    "SignIssued": (-1, (260, 70, 370, 160)),
    "SignIncome": (0, (400, 770, 560, 820)),
    "Comment": (0, (60, 40, 240, 90)),
    "SignAppendix": (0, (400, 700, 560, 750)),
    "SignCopy": (0, (400, 770, 560, 820)),
}
STEP_ASIDE = 40  # so that a second picture does not lie upon the first


class FastClock(signers.PdfSigner):
    """Writes the hour of Việt Nam and calls it UTC, as some signers did."""

    def init_signing_session(self, *positional, **named):
        session = super().init_signing_session(*positional, **named)
        session.system_time = dt.datetime.now(dt.timezone.utc) + dt.timedelta(hours=7)
        return session


def load_signer(path, password):
    signer = signers.SimpleSigner.load_pkcs12(path, passphrase=password.encode())
    if signer is None:
        raise SystemExit(f"{path}: not a PKCS#12 file, or another password")
    return signer


def free_name(data):
    taken = {name for name, _, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(data), strict=False))}
    return next(name for name in (f"Signature{n}" for n in range(1, 1000)) if name not in taken)


def overlay(writer, page):
    """Another number over the document's, added in the very update that the signature covers."""
    font = generic.DictionaryObject({
        generic.pdf_name("/Type"): generic.pdf_name("/Font"), generic.pdf_name("/Subtype"): generic.pdf_name("/Type1"),
        generic.pdf_name("/BaseFont"): generic.pdf_name("/Helvetica")})
    resources = generic.DictionaryObject({
        generic.pdf_name("/Font"): generic.DictionaryObject({generic.pdf_name("/FLie"): font})})
    drawn = generic.StreamObject(stream_data=b"q BT /FLie 30 Tf 80 690 Td (So 999/QD-UBND) Tj ET Q")
    writer.add_stream_to_page(page, writer.add_object(drawn), resources)


def sign(data, signer, command="SignApproved", tsa=None, maker=signers.PdfSigner, change_page=False):
    """One more signature in one more update: PAdES, with a visible field."""
    name = free_name(data)
    page, (left, bottom, right, top) = PLACES[command]
    aside = STEP_ASIDE * (int(name.removeprefix("Signature")) - 1)
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if change_page:
        overlay(writer, page)
    metadata = PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    field = SigFieldSpec(name, on_page=page, box=(left, bottom + aside, right, top + aside))
    stamper = HTTPTimeStamper(tsa, timeout=30) if tsa else None
    return maker(metadata, signer, timestamper=stamper, new_field_spec=field).sign_pdf(writer).getvalue()


def rewritten(data):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        opened.save(out)
    return out.getvalue()


def another_document():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(out)
    return out.getvalue()


def flip_signature(data):
    """One bit of the last signature's value; the container's form and length stay as they were."""
    last = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]+)>", data))[-1]
    raw = bytes.fromhex(last.group(1).decode())
    value = cms.ContentInfo.load(raw, strict=False)["content"]["signer_infos"][0]["signature"].native
    assert raw.count(value) == 1
    at = raw.index(value) + len(value) - 1
    raw = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:]
    return data[: last.start(1)] + raw.hex().encode() + data[last.end(1):]


def signed_by(lie, data, signer, other, command, tsa):
    """The file that the tool hands in; `lie` is a fault of the file, or None."""
    if lie == "unsigned":
        return data
    if lie == "other-file":
        return sign(another_document(), signer, command, tsa)
    if lie == "rewritten":
        return sign(rewritten(data), signer, command, tsa)
    if lie == "other-certificate":
        return sign(data, other, command, tsa)
    if lie == "changed-page":
        return sign(data, signer, command, tsa, change_page=True)
    if lie == "clock-wrong":
        return sign(data, signer, command, tsa, maker=FastClock)
    signed = sign(data, signer, command, tsa)
    if lie == "two-signatures":
        return sign(signed, other or signer, command, tsa)
    if lie == "tail":
        return signed + b"% one more thing\n"
    if lie == "wrong-signature":
        return flip_signature(signed)
    return signed
