"""How certificates, lists and answers about them are made for the tests."""

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
