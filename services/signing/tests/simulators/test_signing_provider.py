"""The provider by a raw client: it signs what pyHanko accepts, and it lies as it is told to."""

import io
import json
import time
import unittest

from harness import refuses_to_start
from provider_client import ALGORITHM, DIGEST, OTHER_DIGEST, ProviderTest, coded, verifies

import forge
from asn1crypto import algos, crl, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

KINDS = list(ALGORITHM)


class Remote(signers.Signer):
    """pyHanko with its keys at the provider."""

    def __init__(self, client, kind):
        self.client, self.kind = client, kind
        leaf, *above = (x509.Certificate.load(der) for der in client.chain(kind))
        store = SimpleCertificateStore()
        store.register_multiple(above)
        name = {"rsa2048": "sha256_rsa", "p256": "sha256_ecdsa", "rsa3072-pss": "rsassa_pss"}[kind]
        mechanism = {"algorithm": name, **({"parameters": forge.pss_parameters("sha256")} if name == "rsassa_pss" else {})}
        super().__init__(signing_cert=leaf, cert_registry=store, signature_mechanism=algos.SignedDigestAlgorithm(mechanism))

    async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
        if dry_run:
            return b"0" * 512
        [value] = self.client.signatures(self.kind, [forge.hashlib.new(digest_algorithm, data).digest()])
        return value


def verify(client, kind, value, digest=DIGEST):
    return verifies(client.chain(kind)[0], value, digest, kind == "rsa3072-pss")


class Honest(ProviderTest):
    def test_signs_documents_that_pyhanko_accepts(self):
        client = self.provider()
        for kind in KINDS:
            with self.subTest(kind):
                writer = IncrementalPdfFileWriter(io.BytesIO(forge.BASE))
                meta = PdfSignatureMetadata(field_name="Ky1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
                field = SigFieldSpec("Ky1", on_page=0, box=(80, 100, 250, 160))
                signed = signers.PdfSigner(meta, Remote(client, kind), new_field_spec=field).sign_pdf(writer)
                [signature] = PdfFileReader(signed).embedded_regular_signatures
                self.assertEqual(signature.signer_cert.dump(), (self.folder / f"{kind}.der").read_bytes())
                context = ValidationContext(
                    trust_roots=[x509.Certificate.load((self.folder / "root.der").read_bytes())], allow_fetching=False,
                    revocation_mode="require",
                    crls=[crl.CertificateList.load((self.folder / f"{n}.crl").read_bytes()) for n in ("root", "sub")])
                self.assertTrue(validate_pdf_signature(signature, context).bottom_line)

    def test_tells_of_itself(self):
        client = self.provider()
        status, told = client.call("info", header=None)
        self.assertEqual((status, told["specs"], told["authType"]), (200, "2.0.0.0", ["oauth2client"]))
        self.assertEqual(told["oauth2"], f"http://127.0.0.1:{client.port}/")
        self.assertIn("signatures/signPolling", told["methods"])

    def test_lists_and_describes_credentials(self):
        client = self.provider()
        self.assertEqual(client.call("credentials/list", userID=client.user), (200, {"credentialIDs": list(client.ids.values())}))
        status, told = client.call("credentials/list", userID=client.user, credentialInfo=True, onlyValid=True, certInfo=True)
        self.assertEqual((status, told["onlyValid"]), (200, True))
        by_id = {c["credentialID"]: c for c in told["credentialInfos"]}
        for kind, length in {"rsa2048": 2048, "rsa3072-pss": 3072, "p256": 256}.items():
            described = by_id[client.ids[kind]]
            self.assertEqual((described["key"]["len"], described["SCAL"], described["auth"]), (length, "2", {"mode": "explicit"}))
            self.assertIn(ALGORITHM[kind], described["key"]["algo"])
            self.assertEqual("curve" in described["key"], kind == "p256")
            self.assertEqual(len(described["cert"]["certificates"]), 1)
            self.assertRegex(described["cert"]["validTo"], r"^\d{14}Z$")
        self.assertEqual(len(client.chain("p256")), 3)
        status, told = client.call("credentials/info", credentialID=client.ids["p256"], certificates="none", authInfo=True)
        self.assertEqual((told["cert"], told["auth"]["objects"][0]["type"]), ({"status": "valid"}, "ChallengeResponseOOB"))

    def test_signs_several_in_their_order(self):
        client = self.provider()
        for kind in KINDS:
            first, second = client.signatures(kind, [DIGEST, OTHER_DIGEST])
            self.assertTrue(verify(client, kind, first) and verify(client, kind, second, OTHER_DIGEST))

    def test_signs_later(self):
        client = self.provider("--poll-delay", "1", "--key", "p256")
        sad = client.activate("p256")
        status, told = client.sign("p256", sad, operationMode="A", validity_period=1500)
        self.assertEqual((status, list(told)), (200, ["responseID"]))
        poll = {"requestID": told["responseID"], "userID": client.user}
        status, waiting = client.call("signatures/signPolling", **poll)
        self.assertEqual((status, waiting["error"]), (202, "accepted_request"))
        time.sleep(1.1)
        status, told = client.call("signatures/signPolling", **poll)
        self.assertEqual((status, list(told)), (200, ["signatures"]))
        time.sleep(1.6)
        self.assertEqual(client.call("signatures/signPolling", **poll)[0], 400, "kept no longer than asked")

    def test_asks_the_phone(self):
        client = self.provider("--key", "p256")
        self.assertEqual(client.phone("confirm"), (409, {"answered": 0}))
        _, told = client.authorize("p256", description="Quyết định số 12")
        handle = told["handle"]
        self.assertEqual(client.call("credentials/authorizeCheck", handle=handle), (202, {"handle": handle}))
        _, _, shown = client.raw("/phone", None, {}, "GET")
        self.assertEqual([(s["description"], s["hashes"]) for s in json.loads(shown)], [("Quyết định số 12", [coded(DIGEST)])])
        self.assertEqual(client.raw("/phone/refuse", None, {})[0], 200, "a body is not needed")
        status, told = client.call("credentials/authorizeCheck", handle=handle)
        self.assertEqual((status, told["error"]), (400, "access_denied"))

    def test_confirms_by_itself(self):
        client = self.provider("--key", "p256", "--confirm-after", "0")
        status, told = client.authorize("p256")
        self.assertEqual((status, sorted(told)), (200, ["SAD", "expiresIn"]))
        client = self.provider("--key", "p256", "--confirm-after", "1")
        status, told = client.authorize("p256")
        self.assertEqual(status, 202)
        self.assertEqual(client.call("credentials/authorizeCheck", **told)[0], 202)
        time.sleep(1.1)
        self.assertEqual(client.call("credentials/authorizeCheck", **told)[0], 200)

    def test_gives_r_and_s_side_by_side_if_told(self):
        client = self.provider("--key", "p256", "--ecdsa-format", "raw")
        [value] = client.signatures("p256")
        self.assertEqual(len(value), 64)


class Lies(ProviderTest):
    def test_no_signature_of_the_certificate(self):
        for lie in ("other-key", "wrong-algorithm"):
            client = self.provider("--lie", lie)
            for kind in KINDS:
                with self.subTest(f"{lie} {kind}"):
                    [value] = client.signatures(kind)
                    self.assertFalse(verify(client, kind, value))
                    if lie == "wrong-algorithm" and kind != "p256":
                        other_scheme = kind != "rsa3072-pss"
                        self.assertTrue(verifies(client.chain(kind)[0], value, DIGEST, other_scheme))

    def test_other_certificate(self):
        client = self.provider("--lie", "other-certificate", "--key", "p256")
        before = client.chain("p256")[0]
        [value] = client.signatures("p256")
        self.assertNotEqual(client.chain("p256")[0], before)
        self.assertFalse(verifies(before, value, DIGEST))
        self.assertTrue(verify(client, "p256", value))

    def test_swapped_order(self):
        client = self.provider("--lie", "swapped-order", "--key", "p256")
        first, second = client.signatures("p256", [DIGEST, OTHER_DIGEST])
        self.assertTrue(verify(client, "p256", first, OTHER_DIGEST) and verify(client, "p256", second))

    def test_too_few(self):
        client = self.provider("--lie", "too-few", "--key", "p256")
        self.assertEqual(len(client.signatures("p256", [DIGEST, OTHER_DIGEST])), 1)
        self.assertEqual(client.signatures("p256"), [])

    def test_stale(self):
        client = self.provider("--lie", "stale", "--key", "rsa2048")
        self.assertTrue(verify(client, "rsa2048", client.signatures("rsa2048")[0]))
        self.assertTrue(verify(client, "rsa2048", client.signatures("rsa2048", [OTHER_DIGEST])[0], DIGEST))

    def test_other_form_of_ecdsa(self):
        client = self.provider("--lie", "raw-instead-of-der", "--key", "p256")
        self.assertEqual(len(client.signatures("p256")[0]), 64)
        client = self.provider("--lie", "der-instead-of-raw", "--ecdsa-format", "raw", "--key", "p256")
        self.assertTrue(verify(client, "p256", client.signatures("p256")[0]))
        self.assertTrue(refuses_to_start("signing_provider.py", "--folder", self.folder, "--lie", "der-instead-of-raw"))

    def test_never(self):
        client = self.provider("--lie", "never", "--poll-delay", "0", "--key", "p256")
        _, told = client.sign("p256", client.activate("p256"), operationMode="A", validity_period=1)
        for _ in range(3):
            self.assertEqual(client.call("signatures/signPolling", requestID=told["responseID"], userID=client.user)[0], 202)

    def test_expires(self):
        client = self.provider("--lie", "expires", "--key", "p256")
        status, told = client.sign("p256", client.activate("p256"))
        self.assertEqual((status, told["error_description"]), (400, "SAD expired"))

    def test_replay_accepted(self):
        client = self.provider("--lie", "replay-sad-accepted", "--key", "p256")
        sad = client.activate("p256")
        self.assertEqual([client.sign("p256", sad)[0] for _ in range(3)], [200] * 3)

    def answer(self, client, method="signatures/signHash", **given):
        given = given or client.parameters("p256", client.activate("p256"))
        headers = {"Content-Type": "application/json", "Authorization": client.header}
        return client.raw("/csc/v2/" + method, json.dumps(given), headers)

    def test_answers_that_are_none(self):
        status, kind, _ = self.answer(self.provider("--lie", "error-500", "--key", "p256"))
        self.assertEqual((status, kind), (500, "application/json"))
        status, kind, body = self.answer(self.provider("--lie", "html", "--key", "p256"))
        self.assertEqual((status, kind, body[:9]), (200, "text/html; charset=utf-8", b"<!DOCTYPE"))
        status, kind, body = self.answer(self.provider("--lie", "not-json", "--key", "p256"))
        self.assertEqual((status, kind), (200, "application/json"))
        self.assertRaises(ValueError, json.loads, body)

    def test_lies_where_it_is_told_to(self):
        client = self.provider("--lie", "html", "--lie-at", "credentials/info", "--key", "p256")
        _, kind, _ = self.answer(client, "credentials/info", credentialID=client.ids["p256"])
        self.assertEqual(kind, "text/html; charset=utf-8")
        self.assertEqual(client.sign("p256", client.activate("p256"))[0], 200)

    def test_slow_and_huge(self):
        client = self.provider("--lie", "slow", "--slow-seconds", "2", "--key", "p256")
        start = time.monotonic()
        self.assertEqual(self.answer(client)[0], 200)
        self.assertGreater(time.monotonic() - start, 1.9)
        status, _, body = self.answer(self.provider("--lie", "huge", "--huge-megabytes", "5", "--key", "p256"))
        self.assertEqual((status, len(json.loads(body)["signatures"][0])), (200, 5 << 20))


if __name__ == "__main__":
    unittest.main()
