"""A tree of certificates for the tests, made anew for each run: good ones, and one for everything that can be wrong."""

import datetime as dt
import functools

from asn1crypto import keys as asn1_keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU, NameOID

NOW = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
DAY = dt.timedelta(days=1)


@functools.lru_cache(None)
def key(kind, which):
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "p384":
        return ec.generate_private_key(ec.SECP384R1())
    return rsa.generate_private_key(65537, int(kind[3:]))


class Entity:
    """A certificate with its key, in the forms the libraries want."""

    def __init__(self, cert, private, issuer):
        self.cert, self.private, self.issuer = cert, private, issuer or self
        self.der = cert.public_bytes(serialization.Encoding.DER)
        self.asn1 = asn1_x509.Certificate.load(self.der)
        pkcs8 = private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.asn1_key = asn1_keys.PrivateKeyInfo.load(pkcs8)

    def chain(self):
        out, at = [], self
        while at.issuer is not at:
            at = at.issuer
            out.append(at)
        return out


def usage(**on):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{n: on.get(n, False) for n in names})


SIGNS = usage(digital_signature=True, content_commitment=True)


def make(cn, issuer=None, kind="rsa2048", ca=False, pathlen=None, ku=SIGNS, eku=None, eku_critical=True, start=-60,
         end=300, digest=hashes.SHA256(), extra=(), org="UBND xã Thử Nghiệm", keyname=None, basic=True, no_check=False):
    private = key(kind, keyname or cn)
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, org),
                      x509.NameAttribute(NameOID.COMMON_NAME, cn)])
    b = (x509.CertificateBuilder().subject_name(name).issuer_name(issuer.cert.subject if issuer else name)
         .public_key(private.public_key()).serial_number(x509.random_serial_number())
         .not_valid_before(NOW + start * DAY).not_valid_after(NOW + end * DAY)
         .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False))
    if basic:
        b = b.add_extension(x509.BasicConstraints(ca, pathlen), True)
    if issuer:
        b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.private.public_key()), False)
        # Nobody fetches from there; pyHanko looks at OCSP answers only when a certificate names a place for them.
        place = x509.UniformResourceIdentifier("http://127.0.0.1:9/")
        b = b.add_extension(x509.AuthorityInformationAccess([x509.AccessDescription(
            x509.oid.AuthorityInformationAccessOID.OCSP, place)]), False)
        b = b.add_extension(x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)]), False)
    if ku:
        b = b.add_extension(usage(key_cert_sign=True, crl_sign=True) if ca and ku is SIGNS else ku, True)
    if eku:
        b = b.add_extension(x509.ExtendedKeyUsage(eku), eku_critical)
    if no_check:
        b = b.add_extension(x509.OCSPNoCheck(), False)
    for value, critical in extra:
        b = b.add_extension(value, critical)
    return Entity(b.sign((issuer.private if issuer else private), digest), private, issuer)


def crl(issuer, revoked=(), start=-1, end=30, private=None, digest=hashes.SHA256()):
    """`revoked`: pairs of entity and days from now."""
    b = (x509.CertificateRevocationListBuilder().issuer_name(issuer.cert.subject)
         .last_update(NOW + start * DAY).next_update(NOW + end * DAY)
         .add_extension(x509.CRLNumber(7), False)
         .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.private.public_key()), False))
    for entity, when in revoked:
        b = b.add_revoked_certificate(x509.RevokedCertificateBuilder().serial_number(entity.cert.serial_number)
                                      .revocation_date(NOW + when * DAY).build())
    return b.sign(private or issuer.private, digest).public_bytes(serialization.Encoding.DER)


def ocsp_answer(entity, responder, good=True, when=-1, start=-1, end=7):
    b = ocsp.OCSPResponseBuilder().add_response(
        cert=entity.cert, issuer=entity.issuer.cert, algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus.GOOD if good else ocsp.OCSPCertStatus.REVOKED,
        this_update=NOW + start * DAY, next_update=NOW + end * DAY,
        revocation_time=None if good else NOW + when * DAY, revocation_reason=None,
    ).responder_id(ocsp.OCSPResponderEncoding.HASH, responder.cert)
    if responder is not entity.issuer:
        b = b.certificates([responder.cert])
    return b.sign(responder.private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


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
