"""A raw client of the provider, and the case that its tests build on."""

import base64
import hashlib
import http.client
import json
import urllib.parse

from asn1crypto import algos
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from harness import InFolder, running

SHA256 = "2.16.840.1.101.3.4.2.1"
SECRET = "bí mật & lâu dài"
DIGEST = hashlib.sha256(b"one").digest()
OTHER_DIGEST = hashlib.sha256(b"two").digest()
ALGORITHM = {"rsa2048": "1.2.840.113549.1.1.11", "rsa3072-pss": "1.2.840.113549.1.1.10", "p256": "1.2.840.10045.4.3.2"}


def coded(raw):
    return base64.b64encode(raw).decode()


def pss_parameters(md="sha256", salt=32):
    hashed = algos.DigestAlgorithm({"algorithm": md})
    return algos.RSASSAPSSParams({
        "hash_algorithm": hashed, "mask_gen_algorithm": algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": hashed}),
        "salt_length": salt}).dump()


def verifies(certificate, value, digest, pss=False):
    """Whether this is the certificate's signature of the hash; ECDSA as a DER sequence."""
    public, md = x509.load_der_x509_certificate(certificate).public_key(), Prehashed(hashes.SHA256())
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(value, digest, ec.ECDSA(md))
        else:
            scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if pss else padding.PKCS1v15()
            public.verify(value, digest, scheme, md)
    except InvalidSignature:
        return False
    return True


class Client:
    def __init__(self, ready):
        self.port, self.user = ready["port"], ready["user"]
        self.ids = {c["key"]: c["credentialID"] for c in ready["credentials"]}
        self.header = None

    def raw(self, path, body, headers, method="POST", timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
        finally:
            connection.close()

    def call(self, method, header="own", timeout=30, **given):
        headers = {"Content-Type": "application/json"}
        header = self.header if header == "own" else header
        if header is not None:
            headers["Authorization"] = header
        status, _, body = self.raw("/csc/v2/" + method, json.dumps(given), headers, timeout=timeout)
        return status, json.loads(body)

    def token(self, headers=None, **changes):
        given = {"grant_type": "client_credentials", "client_id": "nhaviec", "client_secret": SECRET, **changes}
        form = urllib.parse.urlencode({k: v for k, v in given.items() if v is not None})
        headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        status, _, body = self.raw("/oauth2/token", form, headers)
        return status, json.loads(body)

    def log_in(self):
        status, told = self.token()
        assert (status, told["token_type"]) == (200, "Bearer"), told
        self.header = "Bearer " + told["access_token"]

    def phone(self, answer):
        status, _, body = self.raw(f"/phone/{answer}", "", {})
        return status, json.loads(body)

    def authorize(self, kind, digests=(DIGEST,), **changes):
        given = {"credentialID": self.ids[kind], "numSignatures": len(digests), "hashes": [coded(d) for d in digests],
                 "hashAlgorithmOID": SHA256, "authData": [{"id": "PHONE"}], **changes}
        return self.call("credentials/authorize", **given)

    def activate(self, kind, digests=(DIGEST,)):
        status, told = self.authorize(kind, digests)
        assert status == 202, told
        assert self.phone("confirm") == (200, {"answered": 1})
        status, told = self.call("credentials/authorizeCheck", handle=told["handle"])
        assert status == 200, told
        return told["SAD"]

    def parameters(self, kind, sad, digests=(DIGEST,), **changes):
        given = {"credentialID": self.ids[kind], "SAD": sad, "hashes": [coded(d) for d in digests],
                 "signAlgo": ALGORITHM[kind]}
        if kind == "rsa3072-pss":
            given |= {"signAlgoParams": coded(pss_parameters()), "hashAlgorithmOID": SHA256}
        return {**given, **changes}

    def sign(self, kind, sad, digests=(DIGEST,), **changes):
        return self.call("signatures/signHash", **self.parameters(kind, sad, digests, **changes))

    def signatures(self, kind, digests=(DIGEST,)):
        status, told = self.sign(kind, self.activate(kind, digests), digests)
        assert status == 200, told
        return [base64.b64decode(s) for s in told["signatures"]]

    def chain(self, kind):
        status, told = self.call("credentials/info", credentialID=self.ids[kind], certificates="chain")
        assert status == 200, told
        return [base64.b64decode(c) for c in told["cert"]["certificates"]]


class ProviderTest(InFolder):
    def provider(self, *options):
        """A client that has logged in at a provider started with these options."""
        client = Client(self.enterContext(running("signing_provider.py", "--folder", self.folder, *options)))
        client.log_in()
        return client
