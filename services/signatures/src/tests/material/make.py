"""Makes the files beside it: a root, a document signed under it with its evidence, and the same with a page laid over; key
files of a person and an agency, a time-stamping authority and the root's revocation list. All of them stand for nobody.

Run with the Python of the signature tests (scripts/setup makes it) when they shall be made anew:
    python services/signatures/src/tests/material/make.py
"""

import datetime as dt
import io
from pathlib import Path

from asn1crypto import crl as asn1_crl, keys as asn1_keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

HERE = Path(__file__).parent
FROM, UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc), dt.datetime(2049, 12, 1, tzinfo=dt.timezone.utc)
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
CODE = b"ma-mo-khoa-thu"


def usage(**on):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})


def certificate(name, key, issuer, issuer_key, ca, stamps=False):
    place = x509.UniformResourceIdentifier("http://127.0.0.1:9/")
    builder = (x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)
               .add_extension(x509.BasicConstraints(ca, None), True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
               .add_extension(usage(key_cert_sign=True, crl_sign=True) if ca
                              else usage(digital_signature=True, content_commitment=True), True))
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    if not ca:
        builder = builder.add_extension(x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)]), False)
    return builder.sign(issuer_key, hashes.SHA256())


def named(common, organisation):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                      x509.NameAttribute(NameOID.COMMON_NAME, common)])


def pdf(text):
    stream = b"BT /F1 18 Tf 72 720 Td (%s) Tj ET" % text
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table)


def update(data, number, body, size):
    """The object replaced, as somebody would who is not allowed to."""
    before = data.rindex(b"startxref") + 10
    place, previous = len(data), int(data[before:data.index(b"\n", before)])
    out = data + b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    return out + (b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
                  % (number, place, size, previous, table))


def main():
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = named("Root CA thử của phần mềm", "Không có thật")
    root = certificate(root_name, root_key, root_name, root_key, True)
    leaf = certificate(named("Lê Văn Mẫu", "UBND xã Suối Mơ (không có thật)"), key, root_name, root_key, False)
    revoked = (x509.CertificateRevocationListBuilder().issuer_name(root_name).last_update(FROM).next_update(UNTIL)
               .add_extension(x509.CRLNumber(1), False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
               .sign(root_key, hashes.SHA256()).public_bytes(DER))
    as_asn1 = lambda made: asn1_x509.Certificate.load(made.public_bytes(DER))
    private = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=as_asn1(leaf), signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs([as_asn1(root)]))
    meta = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES)
    signed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf(b"Ket qua"))), meta, signer).getvalue()
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=[as_asn1(leaf), as_asn1(root)], crls=[asn1_crl.CertificateList.load(revoked)])
    out = io.BytesIO()
    writer.write(out)
    signed = out.getvalue()
    stream = b"BT /F1 18 Tf 72 720 Td (Ket qua khac) Tj ET"
    changed = update(signed, 4, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream), 40)
    locked = serialization.BestAvailableEncryption(CODE)
    agency_key = ec.generate_private_key(ec.SECP256R1())
    agency = certificate(named("UBND xã Suối Mơ (không có thật)", "Không có thật"), agency_key, root_name, root_key, False)
    person_key = rsa.generate_private_key(65537, 2048)
    person = certificate(named("Lê Văn Mẫu", "UBND xã Suối Mơ (không có thật)"), person_key, root_name, root_key, False)
    for file, one, own in [("person", person, person_key), ("agency", agency, agency_key)]:
        made = pkcs12.serialize_key_and_certificates(file.encode(), own, one, [root], locked)
        (HERE / f"{file}.p12").write_bytes(made)
    stamp_key = ec.generate_private_key(ec.SECP256R1())
    stamp = certificate(named("Máy chủ dấu thời gian thử", "Không có thật"), stamp_key, root_name, root_key, False, True)
    (HERE / "tsa.pem").write_bytes(stamp.public_bytes(PEM))
    (HERE / "tsa.key").write_bytes(
        stamp_key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (HERE / "root.crl").write_bytes(revoked)
    (HERE / "root.pem").write_bytes(root.public_bytes(PEM))
    (HERE / "leaf.pem").write_bytes(leaf.public_bytes(PEM))
    (HERE / "signed.pdf").write_bytes(signed)
    (HERE / "changed.pdf").write_bytes(changed)
    (HERE / "unsigned.pdf").write_bytes(pdf(b"Khong co chu ky"))


if __name__ == "__main__":
    main()
