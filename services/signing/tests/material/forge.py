"""Tools of a forger: base documents written by hand, updates appended by hand, containers built attribute by attribute."""

import hashlib
import io
import re

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, fields, signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

import pki


def pdf(objects, root=1, info=6, extra=b"", order=None):
    """A file with a classic table; `objects` by number. `order` gives the bodies, with repetitions, as they are written."""
    out, at = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in order or sorted(objects.items()):
        at[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % at[number] if number in at else b"0000000000 00000 f \n"
    trailer = b"/Size %d /Root %d 0 R" % (size, root)
    if info:
        trailer += b" /Info %d 0 R" % info
    out += b"trailer\n<< %s /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] %s>>\n" % (trailer, extra)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def stream(data, entries=b""):
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def page_objects(catalog=b"", page=b"", text=b"Quyet dinh so 12/QD-UBND", form=b"<< /Fields [] >>", more=None):
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R %s>>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> %s>>" % page,
        4: stream(b"BT /F1 14 Tf 80 700 Td (%s) Tj ET" % text),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        6: b"<< /Title (Quyet dinh) /ModDate (D:20261101080000+07'00') >>",
        7: form,
    }
    objects.update(more or {})
    return objects


TEXT_FORM = dict(
    form=b"<< /Fields [8 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> >>",
    page=b"/Annots [8 0 R] ",
    more={8: b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (so) /F 4 /Rect [80 600 250 620] /DA (/F1 12 Tf 0 g) /P 3 0 R >>"},
)
BASE = pdf(page_objects())


def last_trailer(data):
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    size = int(re.findall(rb"/Size (\d+)", data[start:] if data[start:start + 4] == b"xref" else data)[-1])
    return start, size


def update(data, objects, size=None, root=1, info=6, free=(), extra=b"", point_to=None):
    """Appends a revision by hand: a classic table with just these objects. `point_to` gives offsets of old bodies."""
    out, at = bytearray(data), dict(point_to or {})
    previous, known = last_trailer(data)
    for number, body in sorted(objects.items()):
        at[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number in sorted(list(at) + list(free)):
        row = b"0000000000 00001 f \n" if number in free else b"%010d 00000 n \n" % at[number]
        out += b"%d 1\n%s" % (number, row)
    size = size or max(known, max(list(at) + list(free), default=0) + 1)
    out += (b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d "
            b"/ID [<00112233445566778899aabbccddeeff> <ff112233445566778899aabbccddeeff>] %s>>\n"
            % (size, root, info, previous, extra))
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def body(data, number):
    """The newest body of an object that is no part of an object stream."""
    found = list(re.finditer(rb"(?<!\d)%d 0 obj\s*(.*?)\s*endobj" % number, data, re.S))
    return found[-1].group(1)


def at_of(data, number, which=-1):
    return [m.start() for m in re.finditer(rb"(?<!\d)%d 0 obj" % number, data)][which]


def next_number(data):
    return last_trailer(data)[1]


def signer(entity, pss=False, mechanism=None, chain=True):
    store = SimpleCertificateStore()
    if chain:
        store.register_multiple([c.asn1 for c in entity.chain()])
    return signers.SimpleSigner(entity.asn1, entity.asn1_key, store, prefer_pss=pss, signature_mechanism=mechanism)


def stamper(entity=None, when=None):
    entity = entity or pki.tsa
    return DummyTimeStamper(entity.asn1, entity.asn1_key, [c.asn1 for c in entity.chain()], fixed_dt=when)


def sign(data, entity, field="Ky1", box=None, tsa=None, pss=False, md="sha256", meta=None, spec=None, new=True,
         subfilter=SigSeedSubFilter.PADES, reserved=None, chain=True):
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    field_spec = spec or (SigFieldSpec(field, on_page=0, box=box) if new else None)
    metadata = PdfSignatureMetadata(field_name=field, md_algorithm=md, subfilter=subfilter, location="Xã Thử Nghiệm",
                                    **(meta or {}))
    out = signers.PdfSigner(metadata, signer(entity, pss, chain=chain), timestamper=tsa, new_field_spec=field_spec).sign_pdf(
        writer, bytes_reserved=reserved)
    return out.getvalue()


def holes(data):
    """Places of the containers: start behind `<`, end before `>`, and the byte range."""
    out = []
    for m in re.finditer(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]", data):
        a, b, c, d = (int(x) for x in m.groups())
        out.append((b + 1, c - 1, (a, b, c, d), m.span()))
    return out


def put(data, which, der):
    start, end, _, _ = holes(data)[which]
    text = der.hex().encode()
    assert len(text) <= end - start
    return data[:start] + text.ljust(end - start, b"0") + data[end:]


def container(data, which=-1):
    start, end, _, _ = holes(data)[which]
    return cms.ContentInfo.load(bytes.fromhex(data[start:end].decode()), strict=False)


def covered(data, which=-1):
    _, _, (a, b, c, d), _ = holes(data)[which]
    return data[a:a + b] + data[c:c + d]


def raw_sign(private, message, md="sha256", pss=False):
    algorithm = getattr(hashes, md.upper())()
    if pss:
        return private.sign(message, padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(message, ec.ECDSA(algorithm))
    return private.sign(message, padding.PKCS1v15(), algorithm)


def pss_parameters(md):
    """RSA-PSS with a salt as long as the hash."""
    hashed = algos.DigestAlgorithm({"algorithm": md})
    return algos.RSASSAPSSParams({
        "hash_algorithm": hashed, "mask_gen_algorithm": algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": hashed}),
        "salt_length": hashlib.new(md).digest_size})


def resign(data, entity, which=-1, md="sha256", attributes=None, embed=None, ess="own", content_type="data", twice=False,
           detached=True, sig_alg=None, private=None, unsigned=None, digest=None, certs=None, extra=b"", sid=None,
           pss=False):
    """Puts a container built by hand into the hole of a signed file."""
    digest = digest or hashlib.new(md, covered(data, which)).digest()
    named = {"own": entity, None: None}.get(ess, ess)
    signed = [cms.CMSAttribute({"type": "content_type", "values": [content_type]}),
              cms.CMSAttribute({"type": "message_digest", "values": [digest]})]
    if named:
        identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(named.der).digest()})
        signed.append(cms.CMSAttribute({"type": "signing_certificate_v2",
                                        "values": [tsp.SigningCertificateV2({"certs": [identifier]})]}))
    signed = attributes(signed) if attributes else signed
    signed = cms.CMSAttributes(signed)
    ecdsa = isinstance(entity.private, ec.EllipticCurvePrivateKey)
    info = {
        "version": "v1",
        "sid": sid or cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(
            {"issuer": entity.asn1.issuer, "serial_number": entity.asn1.serial_number})}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": md}),
        "signature_algorithm": algos.SignedDigestAlgorithm(
            {"algorithm": "rsassa_pss", "parameters": pss_parameters(md)} if pss else
            {"algorithm": sig_alg or md + ("_ecdsa" if ecdsa else "_rsa")}),
        "signed_attrs": signed,
        "signature": raw_sign(private or entity.private, signed.dump(), md, pss),
    }
    if unsigned:
        info["unsigned_attrs"] = cms.CMSAttributes(unsigned(info))
    carried = certs if certs is not None else [entity] + entity.chain()
    content = {"content_type": "data"}
    if not detached:
        content["content"] = core.OctetString(covered(data, which))
    infos = [cms.SignerInfo(info)]
    if twice:
        infos.append(cms.SignerInfo({**info, "signature": raw_sign(entity.private, signed.dump(), md)}))
    whole = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": "v1", "digest_algorithms": [algos.DigestAlgorithm({"algorithm": md})],
        "encap_content_info": content, "certificates": [asn1_x509.Certificate.load(c.der) for c in carried],
        "signer_infos": infos})})
    return put(data, which, whole.dump() + extra)


def token(over, tsa=None, when=None, md="sha256"):
    """A timestamp token over these bytes."""
    return stamper(tsa, when).request_tsa_response(tsp.TimeStampReq({
        "version": 1, "message_imprint": tsp.MessageImprint({
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": md}), "hashed_message": hashlib.new(md, over).digest()}),
        "cert_req": True}))["time_stamp_token"]


def token_attribute(over, tsa=None, when=None, md="sha256", count=1):
    tokens = [token(over, tsa, when, md) for _ in range(count)]
    return cms.CMSAttribute({"type": "signature_time_stamp_token", "values": tokens})


EMPTY_SIGNATURE = (b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Contents <" + b"0" * 12000 +
                   b"> /ByteRange [0 0000000000 0000000000 0000000000] /M (D:20261127080000+07'00') >>")


def hand_signed(objects, entity=None, damage=None, form=b"", write=None, **how):
    """Signs within the first revision, without a library that would refuse; `damage` works before the signature."""
    objects = dict(objects)
    field, value = max(objects) + 1, max(objects) + 2
    objects[7] = b"<< /Fields [%d 0 R] /SigFlags 3 %s>>" % (field, form)
    objects[field] = b"<< /FT /Sig /T (Ky1) /V %d 0 R >>" % value
    objects[value] = EMPTY_SIGNATURE
    data = (write or pdf)(objects)
    data = damage(data) if damage else data
    return sign_hole(data, entity or pki.an, **how)


def hand_update(data, objects, value, entity):
    """Appends these objects with a signature of this number in the same update."""
    return sign_hole(update(data, {**objects, value: EMPTY_SIGNATURE}), entity)


def sign_hole(data, entity, **how):
    """Says what the one empty hole leaves out, and fills it."""
    start = data.index(b"/Contents <" + b"0" * 12000 + b">") + 10
    end = data.index(b">", start) + 1
    numbers = b"/ByteRange [0 %d %d %d" % (start, end, len(data) - end)
    place = data.index(b"/ByteRange [0 0000000000")
    room = data.index(b"]", place) - place
    data = data[:place] + numbers.ljust(room) + data[place + room:]
    return resign(data, entity, **how)


def hybrid(objects, hidden):
    """As a word processor writes: a table, and a stream for the objects that old programs shall not see."""
    data = pdf(objects)
    start, size = last_trailer(data)
    numbers = sorted(hidden)
    carrier, own = size, size + 1
    places, packed = [], b""
    for number in numbers:
        places.append(b"%d %d" % (number, len(packed)))
        packed += hidden[number] + b" "
    head = b" ".join(places) + b" "
    at = start
    out = data[:start]
    out += b"%d 0 obj\n%s\nendobj\n" % (carrier, stream(head + packed, b"/Type /ObjStm /N %d /First %d " % (len(numbers), len(head))))
    at_stream = len(out)
    rows = [(carrier, (1, at, 0))] + [(n, (2, carrier, i)) for i, n in enumerate(numbers)]
    rows.sort()
    data_rows = b"".join(bytes([k]) + a.to_bytes(4, "big") + bytes([c]) for _, (k, a, c) in rows)
    index = b" ".join(b"%d 1" % n for n, _ in rows)
    out += b"%d 0 obj\n%s\nendobj\n" % (own, stream(data_rows, b"/Type /XRef /Size %d /W [1 4 1] /Index [%s] /Root 1 0 R " % (own + 1, index)))
    tail = data[start:].replace(b"/Info 6 0 R", b"/Info 6 0 R /XRefStm %d" % at_stream).replace(
        b"startxref\n%d" % start, b"startxref\n%d" % len(out)).replace(b"/Size %d" % size, b"/Size %d" % (own + 1))
    return out + tail
