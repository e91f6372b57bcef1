"""The provider by a raw client: it refuses what is not as published."""

import base64
import hashlib
import json
import time
import unittest
import urllib.parse

from provider_client import DIGEST, OTHER_DIGEST, SECRET, SHA256, ProviderTest, coded, pss_parameters

SHA1 = "1.3.14.3.2.26"
RSA = "1.2.840.113549.1.1.1"
LONG = hashlib.sha512(b"one").digest()


class Refuses(ProviderTest):
    def refused(self, answer, description=None, error="invalid_request", status=400):
        self.assertEqual((answer[0], answer[1].get("error")), (status, error), answer)
        self.assertEqual(sorted(answer[1]), ["error", "error_description"])
        if description:
            self.assertEqual(answer[1]["error_description"], description)

    def test_tokens(self):
        client = self.provider("--key", "p256")
        for changes in ({"grant_type": None}, {"grant_type": "password"}, {"client_id": None}, {"client_id": "x"},
                        {"client_secret": "x"}):
            self.refused(client.token(**changes))
        self.refused(client.token(client_secret=None), status=401)
        self.refused(client.token(scope="credential"), error="invalid_scope")
        pair = base64.b64encode(f"nhaviec:{urllib.parse.quote_plus(SECRET)}".encode()).decode()
        self.assertEqual(client.token({"Authorization": "Basic " + pair}, client_secret=None)[0], 200)
        self.refused(client.token({"Authorization": "Basic " + pair}))
        self.refused(client.token({"Authorization": "Basic ?"}, client_secret=None))
        self.refused(client.token({"Content-Type": "application/json"}))

    def test_bearer(self):
        client = self.provider("--key", "p256")
        for header in (None, "", "Bearer", "Bearer ", "Basic abc", client.header + " x", client.header.removeprefix("Bearer ")):
            self.refused(client.call("credentials/list", header, userID=client.user), "Malformed authorization header")
        self.refused(client.call("credentials/list", "Bearer abc", userID=client.user), error="invalid_token", status=401)
        client = self.provider("--key", "p256", "--token-seconds", "1")
        time.sleep(1.1)
        self.refused(client.call("credentials/list", userID=client.user), error="expired_token", status=401)

    def test_forms(self):
        client = self.provider("--key", "p256")
        kept = {"Content-Type": "application/json", "Authorization": client.header}
        for body in ("", "{", "[]", '{"userID": "a", "userID": "b"}', b"\xff"):
            status, _, told = client.raw("/csc/v2/credentials/list", body, kept)
            self.refused((status, json.loads(told)))
        status, _, told = client.raw("/csc/v2/info", "{}", {"Content-Type": "text/plain"})
        self.refused((status, json.loads(told)))
        self.assertEqual(client.raw("/csc/v2/info", None, {}, "GET")[0], 405)
        self.assertEqual(client.raw("/csc/v2/info", b" " * (2 << 20), kept)[0], 413)
        self.refused(client.call("signatures/signDoc"), status=501)
        self.refused(client.call("signatures/sign"), status=404)
        self.refused(client.call("info", language="vi"), "Unknown parameter language")
        self.refused(client.call("info", lang=7))

    def test_users(self):
        client = self.provider("--key", "p256")
        for given in ({}, {"userID": "another"}):
            self.refused(client.call("credentials/list", **given), "Invalid parameter userID")
        self.refused(client.call("credentials/list", userID=7), "Missing (or invalid type) string parameter userID")
        client = self.provider("--key", "p256", "--user-specific")
        self.assertEqual(client.call("credentials/list")[0], 200)
        self.refused(client.call("credentials/list", userID=client.user), "userID parameter MUST be null")

    def test_credentials(self):
        client = self.provider("--key", "p256")
        self.refused(client.call("credentials/info"), "Missing (or invalid type) string parameter credentialID")
        self.refused(client.call("credentials/info", credentialID="x"), "Invalid parameter credentialID")
        self.refused(client.call("credentials/info", credentialID=client.ids["p256"], certificates="all"),
                     "Invalid parameter certificates")
        self.refused(client.call("credentials/list", userID=client.user, certInfo=True))

    def test_authorization(self):
        client = self.provider("--key", "p256", "--multisign", "2")
        for changes, description in (
                ({"credentialID": "x"}, "Invalid parameter credentialID"),
                ({"numSignatures": None}, "Missing (or invalid type) integer parameter numSignatures"),
                ({"numSignatures": "1"}, "Missing (or invalid type) integer parameter numSignatures"),
                ({"numSignatures": True}, "Missing (or invalid type) integer parameter numSignatures"),
                ({"numSignatures": 1.0}, "Missing (or invalid type) integer parameter numSignatures"),
                ({"numSignatures": 0}, "Invalid value for parameter numSignatures"),
                ({"numSignatures": 2}, "Invalid value for parameter numSignatures"),
                ({"numSignatures": 3}, "Numbers of signatures is too high"),
                ({"hashes": None}, "Missing (or invalid type) array parameter hashes"),
                ({"hashes": coded(DIGEST)}, "Missing (or invalid type) array parameter hashes"),
                ({"hashes": []}, "Empty hash array"),
                ({"hashes": [base64.urlsafe_b64encode(b"\xff" * 32).decode()]}, "Invalid Base64 hash string parameter"),
                ({"hashes": [coded(DIGEST).rstrip("=")]}, "Invalid Base64 hash string parameter"),
                ({"hashes": [coded(DIGEST) + "\n"]}, "Invalid Base64 hash string parameter"),
                ({"hashes": [DIGEST.hex()]}, "Invalid digest value length"),
                ({"hashes": [coded(LONG)]}, "Invalid digest value length"),
                ({"hashAlgorithmOID": None}, "Missing (or invalid type) string parameter hashAlgorithmOID"),
                ({"hashAlgorithmOID": SHA1}, "Invalid parameter hashAlgorithmOID"),
                ({"authData": None}, "Missing (or invalid type) array parameter authData"),
                ({"description": "x" * 501}, "Invalid parameter description")):
            with self.subTest(changes):
                self.refused(client.authorize("p256", **changes), description)
        for data in ([], [{"id": "PIN", "value": "1"}], [{"id": "PHONE", "value": "1"}]):
            self.refused(client.authorize("p256", authData=data), error="invalid_authentication_data")
        self.refused(client.call("credentials/authorizeCheck", handle="x"), "Invalid parameter handle")
        self.assertEqual(client.phone("confirm")[0], 409, "nothing of all this has reached the phone")

    def test_signing(self):
        client = self.provider()
        sad = client.activate("rsa2048")
        for changes, description in (
                ({"credentialID": client.ids["p256"]}, "Invalid parameter SAD"),
                ({"SAD": "x"}, "Invalid parameter SAD"),
                ({"SAD": None}, "Missing (or invalid type) string parameter SAD"),
                ({"hashes": []}, "Empty hash array"),
                ({"hashes": [coded(OTHER_DIGEST)]}, "Hash is not authorized by the SAD"),
                ({"hashes": [coded(DIGEST)] * 2}, "Hash is not authorized by the SAD"),
                ({"hashes": [coded(LONG)]}, "Invalid digest value length"),
                ({"signAlgo": None}, "Missing (or invalid type) string parameter signAlgo"),
                ({"signAlgo": "1.2.840.113549.1.1.5"}, "Invalid parameter signAlgo"),
                ({"signAlgo": "1.2.840.113549.1.1.13"}, "Invalid digest value length"),
                ({"signAlgo": RSA}, "Missing (or invalid type) string parameter hashAlgorithmOID"),
                ({"signAlgo": RSA, "hashAlgorithmOID": SHA1}, "Invalid parameter hashAlgorithmOID"),
                ({"signAlgoParams": coded(pss_parameters())}, "Invalid parameter signAlgoParams"),
                ({"operationMode": "a"}, "Invalid parameter operationMode"),
                ({"validity_period": 1000}, "Invalid parameter validity_period"),
                ({"operationMode": "A", "validity_period": 0}, "Out of bounds parameter validity_period"),
                ({"response_uri": "https://host/"}, "Invalid parameter response_uri")):
            with self.subTest(changes):
                self.refused(client.sign("rsa2048", sad, **changes), description)
        self.assertEqual(client.sign("rsa2048", sad, signAlgo=RSA, hashAlgorithmOID=SHA256)[0], 200, "refusals do not use it up")
        self.refused(client.sign("rsa2048", sad), "Invalid parameter SAD")

    def test_pss_parameters(self):
        client = self.provider("--key", "rsa3072-pss")
        sad = client.activate("rsa3072-pss")
        for params in (b"", b"\x30\x00", b"abc", pss_parameters("sha512"), pss_parameters(salt=33)):
            self.refused(client.sign("rsa3072-pss", sad, signAlgoParams=coded(params)), "Invalid parameter signAlgoParams")
        for changes in ({"signAlgoParams": None}, {"hashAlgorithmOID": None}):
            self.refused(client.sign("rsa3072-pss", sad, **changes))
        self.refused(client.sign("rsa3072-pss", sad, signAlgo="1.2.840.113549.1.1.11"), "Invalid parameter signAlgo")
        self.assertEqual(client.sign("rsa3072-pss", sad)[0], 200)

    def test_activation_data_expires(self):
        client = self.provider("--key", "p256", "--sad-seconds", "1")
        sad = client.activate("p256")
        time.sleep(1.1)
        self.refused(client.sign("p256", sad), "SAD expired")

    def test_polling(self):
        client = self.provider("--key", "p256", "--poll-delay", "0")
        _, told = client.sign("p256", client.activate("p256"), operationMode="A")
        name = told["responseID"]
        self.refused(client.call("signatures/signPolling", userID=client.user),
                     "Missing (or invalid type) string parameter requestID")
        self.refused(client.call("signatures/signPolling", userID=client.user, requestID="x"), "Invalid parameter requestID")
        self.refused(client.call("signatures/signPolling", requestID=name), "Invalid parameter userID")
        self.refused(client.call("signatures/signPolling", userID=client.user, responseID=name), "Unknown parameter responseID")
        self.assertEqual(client.call("signatures/signPolling", userID=client.user, requestID=name)[0], 200)


if __name__ == "__main__":
    unittest.main()
