"""A tree of certificates for the tests, made anew for each run: good ones, and one for everything that can be wrong."""

import datetime as dt  # noqa: F401 - used as pki.dt

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU

from issue import DAY, NOW, crl, key, make, ocsp_answer, usage  # noqa: F401 - used as pki.DAY and so on

root = make("Root CA Thử", ca=True, start=-400, end=3000, org="Ban Cơ yếu Thử")
sub = make("CA Cơ quan Thử", root, ca=True, pathlen=0, start=-300, end=2000, org="Ban Cơ yếu Thử")
rogue_root = make("Root CA Thử", ca=True, start=-400, end=3000, org="Ban Cơ yếu Thử", keyname="rogue", kind="p256")
rogue = make("Nguyễn Văn An", rogue_root, kind="p256", keyname="rogue an")
an = make("Nguyễn Văn An", sub)
office = make("UBND xã Thử Nghiệm", sub, "p256")
p384 = make("Trần Thị Bình", sub, "p384")
binh = make("Lê Văn Chi", sub, "p256")
tsa = make("TSA Thử", sub, eku=[EKU.TIME_STAMPING], ku=usage(digital_signature=True), end=700)
responder = make("OCSP Thử", sub, "p256", eku=[EKU.OCSP_SIGNING], ku=usage(digital_signature=True), no_check=True)
binh_rsa = make("Phạm Thị Dung", sub, keyname="tsa khác")
lone = make("Tự Ký", kind="p256")
sub_as_signer = sub
expired = make("Hết Hạn", sub, "p256", start=-100, end=-10)
future = make("Chưa Hiệu Lực", sub, "p256", start=10, end=100)
revoked = make("Bị Thu Hồi", sub, "p256")
cipher = make("Chỉ Mã Hóa", sub, "p256", ku=usage(key_encipherment=True))
server = make("may-chu.vn", sub, "p256", eku=[EKU.SERVER_AUTH])
no_usage = make("Không Ghi Mục Đích", sub, "p256", ku=None)
weak = make("RSA Ngắn", sub, "rsa1024")
odd = make("Điều Kiện Lạ", sub, "p256", extra=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"), True)])
leaf_issued = make("Giả Cấp Dưới", an, "p256")
deep_ca = make("CA Quá Sâu", sub, "p256", ca=True)
too_deep = make("Dưới CA Quá Sâu", deep_ca, "p256")
no_ca = make("CA Không Cờ", root, "p256", ca=False, ku=usage(key_cert_sign=True, crl_sign=True))
under_no_ca = make("Dưới CA Không Cờ", no_ca, "p256")
same_key = make("Nguyễn Văn An", sub, keyname="Nguyễn Văn An", org="UBND xã Khác")
tsa_not_critical = make("TSA Không Critical", sub, eku=[EKU.TIME_STAMPING], keyname="tsa khác", eku_critical=False,
                        ku=usage(digital_signature=True))
tsa_no_eku = make("TSA Không EKU", sub, keyname="tsa khác", ku=usage(digital_signature=True))
tsa_rogue = make("TSA Thử", rogue_root, eku=[EKU.TIME_STAMPING], ku=usage(digital_signature=True), keyname="tsa rogue")
tsa_revoked = make("TSA Thu Hồi", sub, eku=[EKU.TIME_STAMPING], keyname="tsa khác", ku=usage(digital_signature=True))
tsa_expired = make("TSA Hết Hạn", sub, eku=[EKU.TIME_STAMPING], keyname="tsa khác", ku=usage(digital_signature=True), end=-10)

CRLS = {
    "root.crl": crl(root),
    "sub.crl": crl(sub, [(revoked, -20), (tsa_revoked, -20)]),
    "later.crl": crl(sub, [(revoked, -5)]),
    "old.crl": crl(sub, start=-45, end=-20),
    "old-root.crl": crl(root, start=-45, end=-20),
    "long.crl": crl(sub, start=-45, end=30),
    "stale.crl": crl(sub, start=-40, end=-2),
    "forged.crl": crl(sub, private=rogue_root.private),
    "rogue.crl": crl(rogue_root, private=rogue_root.private),
    "deep.crl": crl(deep_ca),
    "no-ca.crl": crl(no_ca),
    "an.crl": crl(an),
}
OCSPS = {
    "good.ocsp": ocsp_answer(an, responder),
    "good-tsa.ocsp": ocsp_answer(tsa, responder),
    "revoked.ocsp": ocsp_answer(an, responder, good=False, when=-20),
    "stale.ocsp": ocsp_answer(an, responder, start=-20, end=-10),
    "forged.ocsp": ocsp_answer(an, make("OCSP Giả", rogue_root, "p256", eku=[EKU.OCSP_SIGNING], no_check=True)),
    "not-responder.ocsp": ocsp_answer(an, office),
}
