"""Makes the seeds anew: `make.py`, by a Python with pyHanko, which the signing tests have.

The certificates go beside the code that is fuzzed, for the seeds are good for them alone. Small on purpose: what is
mutated byte by byte is learnt fastest when few bytes say much.
"""

import asyncio
import hashlib
import io
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
SIGNING = HERE.parent.parent / "services/signing"
SIGNATURES = HERE.parent.parent / "services/signatures/src/tests/material"
sys.path.insert(0, str(SIGNING / "tests/material"))

import pikepdf  # noqa: E402
from PIL import Image  # noqa: E402
from asn1crypto import algos, cms, core, keys, pem, pkcs12 as asn1_pkcs12, tsp, x509  # noqa: E402
from cryptography import x509 as crypto_x509  # noqa: E402
from cryptography.hazmat.primitives import serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from pyhanko.sign.fields import MDPPerm  # noqa: E402

import pki  # noqa: E402
from forge import BASE, TEXT_FORM, hybrid, page_objects, pdf, sign, signer, stamper  # noqa: E402
from legitimate import LEFT, SEAL, fill, rewritten, store  # noqa: E402

MESSAGE = b"fuzz"


def keep(target, name, data):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


def small(data, **how):
    return sign(data, pki.office, reserved=4000, chain=False, **how)


def pdfs():
    streams = rewritten(BASE, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    form = pdf(page_objects(**TEXT_FORM))
    certified = small(BASE, box=LEFT, meta=dict(certify=True, docmdp_permissions=MDPPerm.FILL_FORMS))
    layers = page_objects(catalog=b"/OCProperties << /OCGs [8 0 R] /D << /ON [8 0 R] /Order [8 0 R] >> >> ",
                          more={8: b"<< /Type /OCG /Name (Lop) >>"})
    mixed = hybrid(page_objects(page=b"/Lang 30 0 R "), {30: b"(vi)"})
    return {
        "unsigned.pdf": BASE,
        "streams.pdf": streams,
        "form.pdf": form,
        "layers.pdf": pdf(layers),
        "hybrid.pdf": mixed,
        "signed.pdf": small(BASE, box=LEFT),
        "signed-streams.pdf": small(streams, box=LEFT),
        "twice.pdf": sign(small(BASE, box=LEFT), pki.binh, field="Dau", box=SEAL, reserved=4000, chain=False),
        "filled.pdf": fill(small(form, box=LEFT)),
        "certified.pdf": certified,
        "evidence.pdf": store(small(BASE), ["root.crl", "sub.crl"], [pki.sub], ["good.ocsp"]),
    }


def container(timestamper=None):
    digest = hashlib.sha256(MESSAGE).digest()
    return asyncio.run(signer(pki.an).async_sign(digest, "sha256", use_pades=True, timestamper=timestamper)).dump()


def answer():
    return stamper().request_tsa_response(tsp.TimeStampReq({
        "version": 1, "nonce": 0x4142434445464748, "cert_req": True, "message_imprint": tsp.MessageImprint({
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": hashlib.sha256(MESSAGE).digest()})}))


def others():
    number, name = "089202017098|352576714", "ĐẶNG ĐÌNH ƯỞNG"
    keep("card", "plain.txt", f"{number}|{name}|23052002|Nam|Ấp 3, xã Hòa Bình, An Giang|31122021".encode())
    keep("card", "newer.txt", f"{number}|{name}|23052002|Nữ|Ấp 3|31122021||NGUYỄN VĂN A|LÊ THỊ B".encode())
    keep("card", "number.txt", b"089202017098")
    for place, text in enumerate(["3 working days", "0,5 ngày làm việc", "8 giờ 30 phút làm việc", "15 ngày", "2 tháng",
                                  "trong ngày", "1/2 ngày"]):
        keep("takes", f"{place}.txt", text.encode())
    for kind in ("jpeg", "png", "webp"):
        out = io.BytesIO()
        Image.new("L", (3, 2)).save(out, kind)
        keep("upload", f"picture.{kind}", out.getvalue())
    keep("upload", "unsigned.pdf", BASE)
    for ending, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as office:
            office.writestr("[Content_Types].xml", "<Types/>" * 9)
            office.writestr(part, "<p/>" * 9)
        keep("upload", f"office.{ending}", out.getvalue())


def key_files():
    """What the tests of the house sign with, and what stands behind the MAC of it; a code that does not fit opens neither."""
    for file in ("agency", "person"):
        whole = (SIGNATURES / f"{file}.p12").read_bytes()
        keep("key_file", f"{file}.p12", whole)
        keep("key_file", f"{file}-behind-mac.der", asn1_pkcs12.Pfx.load(whole).authenticated_safe.dump())
    root, leaf = ((SIGNATURES / f"{file}.pem").read_bytes() for file in ("root", "leaf"))
    keep("key_file", "nothing-locked.der", plain_key_file(root))
    ders = [pem.unarmor(one)[2] for one in (root, leaf)]
    keep("certificates", "one.der", ders[0])
    keep("certificates", "two.pem", root + leaf)
    bundle = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": 1, "digest_algorithms": [], "signer_infos": [], "encap_content_info": {"content_type": "data"},
        "certificates": [x509.Certificate.load(der) for der in ders]})}).dump()
    keep("certificates", "bundle.p7b", bundle)
    keep("certificates", "bundle.pem", pem.armor("PKCS7", bundle))


def plain_key_file(root):
    """A certificate and a key that nothing locks, as they stand behind the MAC."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = crypto_x509.load_pem_x509_certificate(root)
    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = asn1_pkcs12.CertBag({"cert_id": "x509", "cert_value": core.ParsableOctetString(
        own.public_bytes(serialization.Encoding.DER))})
    bags = asn1_pkcs12.SafeContents([
        {"bag_id": "cert_bag", "bag_value": certificate},
        {"bag_id": "key_bag", "bag_value": keys.PrivateKeyInfo.load(private)}])
    return asn1_pkcs12.AuthenticatedSafe([
        {"content_type": "data", "content": core.OctetString(bags.dump())}]).dump()


def procedures():
    folder = HERE.parent.parent / "systems/dossiers/procedures"
    for code in ("1.003622", "2.000992"):
        keep("procedure", f"{code}.toml", (folder / f"{code}.toml").read_bytes())
    keep("procedure", "unknown-field.toml", 'code = "1.003622"\nname = "Một thủ tục"\nlevle = "commune"\n'.encode())


def main():
    for name, entity in dict(root=pki.root, sub=pki.sub, an=pki.an).items():
        (SIGNING / "src/fuzzing" / f"{name}.der").write_bytes(entity.der)
    (SIGNING / "src/fuzzing/now.txt").write_text(str(int(pki.NOW.timestamp())))
    for name, data in pdfs().items():
        keep("pdf_verify", name, data)
        if name in ("unsigned.pdf", "streams.pdf", "form.pdf", "hybrid.pdf", "signed.pdf"):
            keep("pdf_sign", name, data)
    keep("cms", "plain.der", container())
    keep("cms", "stamped.der", container(stamper()))
    keep("cms", "an.der", pki.an.der)
    for name in ("root.crl", "sub.crl", "later.crl", "forged.crl"):
        keep("crl", name, pki.CRLS[name])
    for name in ("good.ocsp", "revoked.ocsp", "forged.ocsp", "not-responder.ocsp"):
        keep("ocsp", name, pki.OCSPS[name])
    whole = answer()
    keep("tsp", "answer.der", whole.dump())
    token = whole["time_stamp_token"]
    keep("tsp", "token.der", token.dump())
    keep("tsp", "info.der", token["content"]["encap_content_info"]["content"].parsed.dump())
    others()
    key_files()
    procedures()
    keep("tsp", "refused.der", bytes.fromhex("3009300702010230020c00"))


main()
