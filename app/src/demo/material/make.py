"""Makes the files beside it: the key files of the demo's leaders and agencies, and the root under which they stand. None of
these people and agencies exists, the root's key is thrown away, and nothing but a demo trusts it.

Run with the Python of the signature tests (scripts/setup makes it) when they shall be made anew:
    python app/src/demo/material/make.py
"""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

HERE = Path(__file__).parent
FROM, UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc), dt.datetime(2049, 12, 1, tzinfo=dt.timezone.utc)
# The password of every account of the demo.
CODE = b"Phuc-Khe-2026"
HOME, NEIGHBOUR = "Ủy ban nhân dân xã Phúc Khê (hư cấu)", "Ủy ban nhân dân xã Vân Khê (hư cấu)"
HOLDERS = {
    "chutich": ("Quách Trọng Khuê (hư cấu)", HOME), "phochutich": ("Lường Thị Ngọc Pọm (hư cấu)", HOME),
    "xa": (HOME, "Tỉnh Mây Thượng (hư cấu)"), "vankhe.chutich": ("Hứa Thanh Lình (hư cấu)", NEIGHBOUR),
    "vankhe.xa": (NEIGHBOUR, "Tỉnh Mây Thượng (hư cấu)"),
}
USES = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
        "crl_sign", "encipher_only", "decipher_only"]


def usage(*on):
    return x509.KeyUsage(**{name: name in on for name in USES})


def named(common, organisation):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                      x509.NameAttribute(NameOID.COMMON_NAME, common)])


def certificate(name, key, issuer, issuer_key, uses, authority=False):
    return (x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)
            .add_extension(x509.BasicConstraints(authority, None), True).add_extension(usage(*uses), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
            .sign(issuer_key, hashes.SHA256()))


def main():
    new_key = lambda: ec.generate_private_key(ec.SECP256R1())
    root_key, root_name = new_key(), named("Chứng thực của bản dùng thử (không có giá trị)", "Hư cấu")
    root = certificate(root_name, root_key, root_name, root_key, ["key_cert_sign", "crl_sign"], True)
    (HERE / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    for file, holder in HOLDERS.items():
        key = new_key()
        own = certificate(named(*holder), key, root_name, root_key, ["digital_signature", "content_commitment"])
        locked = serialization.BestAvailableEncryption(CODE)
        made = pkcs12.serialize_key_and_certificates(file.encode(), key, own, [root], locked)
        (HERE / f"{file}.p12").write_bytes(made)


if __name__ == "__main__":
    main()
