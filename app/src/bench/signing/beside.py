"""The other side of `nhaviec bench`: pyHanko signs and verifies the files that ours does. Argument: a folder.

At the start it puts there what both sides sign with and trust; it stands for nobody and goes away with the folder.
Each line on standard input is an order, each line of the output its answer. Files are read before the clock starts.
"""

import datetime as dt
import io
import json
import logging
import pathlib
import sys
import time
import traceback

from importlib.metadata import version
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
FOLDER = pathlib.Path(sys.argv[1])
CODE = b"ma-mo-khoa-thu"
DER = serialization.Encoding.DER
FROM = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=1)
UNTIL = FROM + dt.timedelta(days=30)


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(**on):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{each: on.get(each, False) for each in names})


def certificate(common, key, issuer=None):
    """A certificate of `key`, below `issuer` (its name and key) or its own root; of a signer when its name says so."""
    above, signing = issuer or (common, key)
    authority = not common.startswith("Ký")
    used = usage(key_cert_sign=True, crl_sign=True) if authority else usage(digital_signature=True, content_commitment=True)
    return (x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(above)).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)
            .add_extension(x509.BasicConstraints(authority, None), True).add_extension(used, True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False)
            .sign(signing, hashes.SHA256()))


def revoked_nobody(common, key):
    return (x509.CertificateRevocationListBuilder().issuer_name(name(common)).last_update(FROM).next_update(UNTIL)
            .add_extension(x509.CRLNumber(1), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
            .sign(key, hashes.SHA256()).public_bytes(DER))


def make_material():
    root, issuing = ("Gốc thử", ec.generate_private_key(ec.SECP256R1())), ("Cấp thử", rsa.generate_private_key(65537, 2048))
    between = certificate(*issuing, issuer=root)
    (FOLDER / "root.der").write_bytes(certificate(*root).public_bytes(DER))
    (FOLDER / "root.crl").write_bytes(revoked_nobody(*root))
    (FOLDER / "issuing.crl").write_bytes(revoked_nobody(*issuing))
    locked = serialization.BestAvailableEncryption(CODE)
    for file, key in [("person", rsa.generate_private_key(65537, 2048)), ("agency", ec.generate_private_key(ec.SECP256R1()))]:
        own = certificate(f"Ký thử {file}", key, issuer=issuing)
        made = pkcs12.serialize_key_and_certificates(file.encode(), key, own, [between], locked)
        (FOLDER / f"{file}.p12").write_bytes(made)


def sign(signer, data):
    # As much room as ours leaves: pyHanko would sign once more to find out.
    meta = signers.PdfSignatureMetadata(field_name=signer[0], md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    return signers.sign_pdf(writer, meta, signer=signer[1], bytes_reserved=16384).getvalue()


def verify(trusted, data):
    root, crls = trusted
    context = ValidationContext(trust_roots=[root], allow_fetching=False, crls=crls, revocation_mode="hard-fail")
    found = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures
    judged = [validate_pdf_signature(signature, context) for signature in found]
    if len(judged) != 2 or not all(status.bottom_line for status in judged):
        raise ValueError(f"{len(judged)} signatures: " + "; ".join(status.summary() for status in judged))


def timed(work, with_what, files):
    begun = time.process_time()
    for data in files:
        work(with_what, data)
    return (time.process_time() - begun) * 1000


def main():
    make_material()
    key = lambda file: (file, signers.SimpleSigner.load_pkcs12(str(FOLDER / f"{file}.p12"), passphrase=CODE))
    trusted = load_cert_from_pemder(str(FOLDER / "root.der")), [(FOLDER / crl).read_bytes() for crl in ("issuing.crl", "root.crl")]
    orders = {"person": (sign, key("person")), "agency": (sign, key("agency")), "verify": (verify, trusted)}
    print(json.dumps({"version": version("pyhanko")}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            files = [pathlib.Path(file).read_bytes() for file in order["files"]]
            print(json.dumps({"cpu_ms": timed(*orders[order["work"]], files)}), flush=True)
        except Exception:
            print(json.dumps({"failed": traceback.format_exc()}), flush=True)


main()
