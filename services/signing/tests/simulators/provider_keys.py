"""The provider's keys with their certificates, and what they make of a hash, honest and otherwise."""

import base64
import hashlib
import pathlib
import secrets
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from provider_parameters import PSS, RSA

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "material"))
import issue  # noqa: E402

ROOT = issue.make("Root CA Thử", ca=True, start=-400, end=3000, org="Ban Cơ yếu Thử")
SUB = issue.make("CA Thuê bao Thử", ROOT, ca=True, pathlen=0, start=-300, end=2000, org="Ban Cơ yếu Thử")

P256 = "1.2.840.10045.3.1.7"
# For each kind: the key, its holder, the algorithms of signature, and the curve.
KINDS = {
    "rsa2048": ("rsa2048", "Nguyễn Văn An",
                [RSA, "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"], None),
    "rsa3072-pss": ("rsa3072", "Trần Thị Hường", [PSS], None),
    "p256": ("p256", "Lê Văn Chi", ["1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"], P256),
}


class Credential:
    def __init__(self, kind):
        key, holder, self.algorithms, self.curve = KINDS[kind]
        self.kind, self.id = kind, "NV-" + secrets.token_hex(8).upper()
        self.entity = issue.make(holder, SUB, key, keyname=self.id)
        self.other = issue.make("Đỗ Quý Ngữ", SUB, key, keyname=self.id + " other")
        self.earlier = None

    def certificates(self, which):
        chain = [self.entity, *self.entity.chain()]
        return [base64.b64encode(e.der).decode() for e in {"none": [], "single": chain[:1], "chain": chain}[which]]

    def sign(self, digest, algorithm, md, salt, lie=None, ecdsa_format="der"):
        private = (self.other if lie == "other-key" else self.entity).private
        wrong = lie == "wrong-algorithm"
        hashed = getattr(hashes, md.upper())()
        if isinstance(private, ec.EllipticCurvePrivateKey):
            # The classic mistake: the hash taken for a message, and hashed again.
            digest = hashlib.new(md, digest).digest() if wrong else digest
            value = private.sign(digest, ec.ECDSA(Prehashed(hashed)))
            raw = (ecdsa_format == "raw") != (lie in ("raw-instead-of-der", "der-instead-of-raw"))
            return side_by_side(value) if raw else value
        if (algorithm == PSS) != wrong:
            length = hashed.digest_size if salt is None else salt
            return private.sign(digest, padding.PSS(padding.MGF1(hashed), length), Prehashed(hashed))
        return private.sign(digest, padding.PKCS1v15(), Prehashed(hashed))

    def sign_all(self, digests, algorithm, md, salt, lie=None, ecdsa_format="der"):
        made = [self.sign(digest, algorithm, md, salt, lie, ecdsa_format) for digest in digests]
        honest, before = made, self.earlier
        self.earlier = honest
        if lie == "swapped-order":
            made = made[::-1]
        elif lie == "too-few":
            made = made[:-1]
        elif lie == "stale" and before:
            made = [before[at % len(before)] for at in range(len(made))]
        return [base64.b64encode(value).decode() for value in made]


def side_by_side(value):
    r, s = decode_dss_signature(value)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def write_folder(folder, credentials):
    """What a client may be told to trust, and the certificates by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, authority in (("root", ROOT), ("sub", SUB)):
        (folder / f"{name}.der").write_bytes(authority.der)
        (folder / f"{name}.crl").write_bytes(issue.crl(authority))
    for credential in credentials:
        (folder / f"{credential.kind}.der").write_bytes(credential.entity.der)
