"""A raw client of the desktop tool, and the case that its tests build on."""

import io
import json

from websockets.sync.client import connect

from harness import PASSWORD, InFolder, running, write_p12
from fake_server import FakeServer

import forge
import oracle
import pki
from pyhanko.pdf_utils.reader import PdfFileReader

DOCUMENT = forge.BASE


def judged(data):
    accepted, words = oracle.ask(data, [pki.CRLS["root.crl"], pki.CRLS["sub.crl"]], [], False)
    return accepted, words


def signatures(data):
    return PdfFileReader(io.BytesIO(data)).embedded_regular_signatures


def signers(data):
    return [signature.signer_cert.dump() for signature in signatures(data)]


class ToolTest(InFolder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p12 = write_p12(cls.folder / "an.p12", pki.an)
        cls.other = write_p12(cls.folder / "office.p12", pki.office)

    def setUp(self):
        self.server = self.enterContext(FakeServer(DOCUMENT, forge.stamper()))
        self.context = None

    def tool(self, *options):
        told = self.enterContext(running("vgca_tool.py", "--p12", self.p12, "--password", PASSWORD,
                                         "--other-p12", self.other, "--other-password", PASSWORD, *options))
        self.port = told["port"]

    def request(self, **changes):
        return {"FileUploadHandler": self.server.address("/upload?t=1"), "SessionId": "", "JWTToken": "",
                "FileName": self.server.address("/file/van-ban.pdf?t=1"), "MetaData": [{"Key": "k", "Value": "v"}],
                "DocNumber": "12/UBND-VX", "IssuedDate": "2026-11-20T00:00:00+07:00", **changes}

    def ask(self, command, message):
        scheme = "wss" if self.context else "ws"
        with connect(f"{scheme}://127.0.0.1:{self.port}/{command}", ssl=self.context, proxy=None) as socket:
            socket.send(message)
            return json.loads(socket.recv(timeout=60))

    def sign(self, command="SignApproved", **changes):
        return self.ask(command, json.dumps(self.request(**changes)))

    def only_upload(self):
        self.assertEqual(len(self.server.uploads), 1)
        return self.server.uploads[0][1]
