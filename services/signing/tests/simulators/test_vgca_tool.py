"""The tool by a raw client: it signs what pyHanko accepts, and it lies as it is told to."""

import io
import json
import ssl
import time
import unittest

from cryptography.hazmat.primitives import serialization

from harness import PASSWORD, refuses_to_start
from fake_server import YES
from tool_client import DOCUMENT, ToolTest, judged, signatures, signers

import forge
import pki
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


class Honest(ToolTest):
    def test_signs_by_an_update_that_pyhanko_accepts(self):
        self.tool()
        for command in ("SignApproved", "SignIssued", "SignIncome", "Comment", "SignAppendix", "SignCopy"):
            with self.subTest(command):
                self.server.uploads.clear()
                self.assertEqual(self.sign(command), {
                    "Status": 0, "Message": "", "FileName": YES["FileName"], "FileServer": YES["FileServer"],
                    "DocumentNumber": "12/UBND-VX", "DocumentDate": "2026-11-20T00:00:00+07:00"})
                signed = self.only_upload()
                self.assertTrue(signed.startswith(DOCUMENT))
                self.assertEqual(judged(signed)[0], True, judged(signed))
                [signature] = signatures(signed)
                self.assertEqual(signature.sig_object["/SubFilter"], "/ETSI.CAdES.detached")
                left, bottom, right, top = (float(n) for n in signature.sig_field["/Rect"])
                self.assertTrue(right > left and top > bottom)
                self.assertEqual(signers(signed), [pki.an.der])
        self.assertEqual(self.server.uploads[0][0], "van-ban.signed.pdf")

    def test_carries_no_session(self):
        self.tool()
        self.sign(SessionId="abc", JWTToken="def")
        self.assertEqual([path for path, _ in self.server.requests], ["/file/van-ban.pdf?t=1", "/upload?t=1"])
        for _, headers in self.server.requests:
            self.assertNotIn("Cookie", headers)
            self.assertNotIn("Authorization", headers)

    def test_signs_what_is_signed_already(self):
        self.server.document = forge.sign(DOCUMENT, pki.office, box=(80, 100, 250, 160))
        self.tool()
        self.assertEqual(self.sign()["Status"], 0)
        signed = self.only_upload()
        self.assertTrue(signed.startswith(self.server.document))
        self.assertEqual((judged(signed)[0], len(signatures(signed))), (True, 2))

    def test_timestamps(self):
        self.tool("--tsa", self.server.address("/tsa"))
        self.assertEqual(self.sign()["Status"], 0)
        [signature] = signatures(self.only_upload())
        [attribute] = signature.signer_info["unsigned_attrs"]
        self.assertEqual(attribute["type"].native, "signature_time_stamp_token")
        self.assertTrue(judged(self.only_upload())[0])

    def test_speaks_tls(self):
        certificate, key = self.folder / "tls.pem", self.folder / "tls.key"
        certificate.write_bytes(pki.server.cert.public_bytes(serialization.Encoding.PEM))
        key.write_bytes(pki.server.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.context = ssl._create_unverified_context()
        self.tool("--certificate", certificate, "--key", key)
        self.assertEqual(self.sign()["Status"], 0)

    def test_tells_of_itself(self):
        self.tool()
        self.assertEqual(self.ask("GetVersion", "GetVersion")["Status"], 0)
        told = self.ask("GetCertInfo", "get_cert_info")
        self.assertEqual((told["Status"], told["CertInfo"]["SerialNumber"]), (0, format(pki.an.asn1.serial_number, "X")))
        self.assertNotEqual(self.ask("GetCertInfo", "{}")["Status"], 0)
        for command in ("Nothing", "", "signapproved", "VerifyMsg"):
            told = self.ask(command, json.dumps(self.request()))
            self.assertNotEqual(told["Status"], 0)
            self.assertTrue(told["Message"])

    def test_the_person_cancels(self):
        self.tool("--person-cancels")
        told = self.sign()
        self.assertNotEqual(told["Status"], 0)
        self.assertEqual((len(self.server.requests), self.server.uploads), (1, []))

    def test_the_person_takes_time(self):
        self.tool("--delay", "1.5")
        start = time.monotonic()
        self.assertEqual(self.sign()["Status"], 0)
        self.assertGreater(time.monotonic() - start, 1.5)


class Lies(ToolTest):
    def lied(self, lie, *options):
        self.tool("--lie", lie, *options)
        self.assertEqual(self.sign()["Status"], 0)
        return self.only_upload()

    def test_other_certificate(self):
        signed = self.lied("other-certificate")
        self.assertEqual(signers(signed), [pki.office.der])
        self.assertTrue(signed.startswith(DOCUMENT) and judged(signed)[0])
        self.assertTrue(refuses_to_start("vgca_tool.py", "--p12", self.p12, "--password", PASSWORD, "--lie", "other-certificate"))

    def test_other_file(self):
        signed = self.lied("other-file")
        self.assertNotIn(b"Quyet dinh", signed)
        self.assertTrue(judged(signed)[0])

    def test_rewritten(self):
        signed = self.lied("rewritten")
        self.assertFalse(signed.startswith(DOCUMENT))
        self.assertTrue(judged(signed)[0])

    def test_unsigned(self):
        self.assertEqual(self.lied("unsigned"), DOCUMENT)

    def test_two_signatures(self):
        signed = self.lied("two-signatures")
        self.assertEqual(signers(signed), [pki.an.der, pki.office.der])
        self.assertTrue(signed.startswith(DOCUMENT) and judged(signed)[0])

    def test_changed_page(self):
        signed = self.lied("changed-page")
        self.assertTrue(signed.startswith(DOCUMENT))
        reader = PdfFileReader(io.BytesIO(signed))
        contents = reader.root["/Pages"]["/Kids"][0]["/Contents"]
        self.assertIn(b"So 999/QD-UBND", contents[-1].data)
        self.assertTrue(judged(signed)[0], "the signature itself covers the overlay")

    def test_tail(self):
        signed = self.lied("tail")
        self.assertTrue(signed.endswith(b"%%EOF\n% one more thing\n"))

    def test_wrong_signature(self):
        signed = self.lied("wrong-signature")
        self.assertTrue(signed.startswith(DOCUMENT))
        context = ValidationContext(trust_roots=[pki.root.asn1])
        status = validate_pdf_signature(signatures(signed)[0], context)
        self.assertEqual((status.intact, status.valid), (True, False))

    def test_clock_wrong(self):
        signed = self.lied("clock-wrong")
        ahead = signatures(signed)[0].self_reported_timestamp - pki.dt.datetime.now(pki.dt.timezone.utc)
        self.assertAlmostEqual(ahead.total_seconds(), 7 * 3600, delta=60)

    def test_earlier(self):
        self.lied("earlier")
        self.server.document = forge.pdf(forge.page_objects(text=b"Quyet dinh so 13/QD-UBND"))
        self.assertEqual(self.sign()["Status"], 0)
        first, second = (data for _, data in self.server.uploads)
        self.assertEqual(first, second)

    def test_twice(self):
        for lie in ("twice", "twice-at-once"):
            with self.subTest(lie):
                self.server.uploads.clear()
                self.tool("--lie", lie)
                self.assertEqual(self.sign()["Status"], 0)
                (_, first), (_, second) = self.server.uploads
                self.assertEqual(first, second)

    def test_twice_where_one_is_refused(self):
        self.server.answers = [(403, b"")]
        self.tool("--lie", "twice-at-once")
        self.assertEqual((self.sign()["Status"], len(self.server.uploads)), (0, 2))

    def test_huge(self):
        self.tool("--lie", "huge", "--huge-megabytes", "3", "--huge-rate", "2")
        self.assertNotEqual(self.sign()["Status"], 0, "too large for this server")
        self.server.most = 5 << 20
        start = time.monotonic()
        self.assertEqual(self.sign()["Status"], 0)
        self.assertGreater(time.monotonic() - start, 1.4)
        self.assertGreater(len(self.only_upload()), 3 << 20)

    def test_says_done(self):
        self.tool("--lie", "says-done")
        self.assertEqual(self.sign()["Status"], 0)
        self.assertEqual(self.server.requests, [])

    def test_half(self):
        self.tool("--lie", "half")
        self.assertNotEqual(self.sign()["Status"], 0)
        for _ in range(50):
            if self.server.broken:
                break
            time.sleep(0.1)
        self.assertEqual((self.server.broken, self.server.uploads), (1, []))


if __name__ == "__main__":
    unittest.main()
