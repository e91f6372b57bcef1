"""The tool by a raw client: it refuses what is not exactly so."""

import json
import unittest

from fake_server import YES
from tool_client import ToolTest


class Strict(ToolTest):
    def refused(self, message):
        told = self.ask("SignApproved", message)
        self.assertEqual(set(told), {"Status", "Message", "FileName", "FileServer", "DocumentNumber", "DocumentDate"})
        self.assertNotEqual(told["Status"], 0, message)
        self.assertTrue(told["Message"])

    def test_takes_exactly_its_keys(self):
        self.tool()
        for key in self.request():
            whole = self.request()
            del whole[key]
            self.refused(json.dumps(whole))
            self.refused(json.dumps(self.request(**{key: None})))
            self.refused(json.dumps(self.request(**{key: 7})))
        self.refused(json.dumps(self.request(Callback="x")))
        for message in ("", "{", "[]", '"text"', json.dumps(json.dumps(self.request())), json.dumps(self.request()).encode(),
                        json.dumps(self.request())[:-1] + ', "SessionId": ""}'):
            self.refused(message)
        self.assertEqual(self.server.requests, [])

    def test_takes_only_whole_addresses(self):
        self.tool()
        for address in ("/file/1", "file/1", "//host/file", "ftp://host/file", "file:///etc/passwd", "https://", "",
                        "http://u:p@127.0.0.1/x", "http://127.0.0.1/x#y", "http://127.0.0.1/a b", "http://127.0.0.1:port/x"):
            self.refused(json.dumps(self.request(FileName=address)))
            self.refused(json.dumps(self.request(FileUploadHandler=address)))
        self.assertEqual(self.server.requests, [])

    def test_takes_only_zoned_moments_and_whole_pairs(self):
        self.tool()
        for moment in ("20/11/2026", "2026-11-20", "2026-11-20T00:00:00"):
            self.refused(json.dumps(self.request(IssuedDate=moment)))
        for pairs in ({}, [{"Key": "k"}], [{"Key": "k", "Value": 1}], [{"Key": "k", "Value": "v", "More": ""}], ["k"]):
            self.refused(json.dumps(self.request(MetaData=pairs)))
        self.assertEqual(self.sign(IssuedDate="", MetaData=[])["Status"], 0)

    def test_takes_only_a_pdf_given_at_once(self):
        self.tool()
        for path in ("/login-first", "/page", "/gone"):
            self.refused(json.dumps(self.request(FileName=self.server.address(path))))
        self.assertEqual(self.server.uploads, [])

    def test_takes_only_the_handlers_plain_yes(self):
        self.tool()
        said = [{**YES, "Status": 0}, {**YES, "Status": "true"}, {**YES, "Status": 1}, {**YES, "More": ""}, {"Status": True}, [],
                {**YES, "FileName": None}, {**YES, "Status": False, "Message": "Chữ ký không đúng người"}]
        bodies = [(200, json.dumps(s).encode()) for s in said]
        for status, body in [*bodies, (200, b"<html>"), (200, b""), (500, json.dumps(YES).encode()), (200, b"\xff")]:
            self.server.answers = [(status, body)]
            self.refused(json.dumps(self.request()))
        self.server.answers = [(200, json.dumps({**YES, "Status": False, "Message": "Chữ ký không đúng người"}).encode())]
        self.assertEqual(self.sign()["Message"], "Chữ ký không đúng người")


if __name__ == "__main__":
    unittest.main()
