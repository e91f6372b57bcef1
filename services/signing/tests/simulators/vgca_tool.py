"""VGCA Sign Service as the browser and our server see it: a WebSocket on this machine. See README.md."""

import argparse
import concurrent.futures
import functools
import json
import posixpath
import ssl
import sys
import threading
import time
import traceback
import urllib.parse

from asn1crypto import pem
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

import vgca_signing
from vgca_request import Refused, read_handler_answer, read_request
from vgca_transfer import download, signed_name, upload

FILE_LIES = ["other-certificate", "other-file", "rewritten", "unsigned", "two-signatures", "changed-page", "tail",
             "wrong-signature", "clock-wrong"]
CONDUCT_LIES = ["earlier", "twice", "twice-at-once", "huge", "says-done", "half"]
# The tool knows these too; what they take and answer is not known well enough to imitate.
NOT_IMITATED = ["Config", "SignMsg", "VerifyMsg", "SignXML", "VerifyXML", "SignJson", "SignFiles", "SignPDF", "SignOffice", "Auth",
                "GetLicenseRequest"]
REFUSED = 1  # Only 0 is known to mean something: success.


def answer(status=0, message="", file_name="", file_server="", number="", date=""):
    return {"Status": status, "Message": message, "FileName": file_name, "FileServer": file_server,
            "DocumentNumber": number, "DocumentDate": date}


class Tool:
    def __init__(self, options):
        self.options = options
        self.signer = vgca_signing.load_signer(options.p12, options.password)
        self.other = vgca_signing.load_signer(options.other_p12, options.other_password) if options.other_p12 else None
        self.earlier = None
        self.window = threading.Lock()  # One window at a time: one person, one token.

    def serve(self, command, message):
        """What goes back over the socket, without its JSON."""
        try:
            if command == "GetVersion":
                return {"Status": 0, "Message": "", "Version": "1.0.0.0"}
            if command == "GetCertInfo":
                return self.certificate(message)
            if command in vgca_signing.PLACES:
                with self.window:
                    return self.sign(command, read_request(message))
            known = command in NOT_IMITATED
            raise Refused(f"Bộ giả lập không làm lệnh {command}" if known else f"Không có lệnh {command!r}")
        except Refused as refusal:
            return answer(REFUSED, str(refusal))
        except Exception as error:  # a desktop tool shows its own failures as messages too
            traceback.print_exc()
            return answer(REFUSED, f"{type(error).__name__}: {error}")

    def certificate(self, message):
        if message != "get_cert_info":
            raise Refused("GetCertInfo chờ chuỗi get_cert_info")
        certificate = self.signer.signing_cert
        return {"Status": 0, "Message": "", "CertInfo": {
            "Subject": certificate.subject.human_friendly, "Issuer": certificate.issuer.human_friendly,
            "SerialNumber": format(certificate.serial_number, "X"),
            "Base64": "".join(pem.armor("CERTIFICATE", certificate.dump()).decode().splitlines()[1:-1])}}

    def sign(self, command, request):
        options, lie = self.options, self.options.lie
        if lie == "says-done":
            name = posixpath.basename(urllib.parse.urlsplit(request["FileName"]).path)
            return answer(0, "", name, request["FileName"], request["DocNumber"], request["IssuedDate"])
        data = download(request["FileName"], options.trust)
        time.sleep(options.delay)
        if options.person_cancels:
            raise Refused("Người dùng đã hủy ký")
        if lie == "earlier" and self.earlier:
            signed = self.earlier
        else:
            signed = vgca_signing.signed_by(lie, data, self.signer, self.other, command, options.tsa)
            self.earlier = signed
        told = self.hand_in(request, signed)
        return answer(0, told["Message"], told["FileName"], told["FileServer"], request["DocNumber"], request["IssuedDate"])

    def hand_in(self, request, signed):
        """What the server said to the upload."""
        options = self.options
        send = functools.partial(upload, request["FileUploadHandler"], signed_name(request["FileName"]), signed, options.trust)
        if options.lie == "huge":
            return read_handler_answer(*send(padding=options.huge_megabytes << 20, rate=options.huge_rate << 20))
        if options.lie == "half":
            return read_handler_answer(*send(break_off=True))
        if options.lie == "twice-at-once":
            with concurrent.futures.ThreadPoolExecutor() as pool:
                both = [pool.submit(send), pool.submit(send)]
            return better(*(future.result() for future in both))
        told = read_handler_answer(*send())
        if options.lie == "twice":
            status, body = send()
            print(f"second upload: {status} {body[:500]!r}", file=sys.stderr, flush=True)
        return told


def better(first, second):
    try:
        return read_handler_answer(*first)
    except Refused:
        return read_handler_answer(*second)


def converse(tool, socket):
    """One message in, one message out, as the tool's script in the browser does it."""
    command = urllib.parse.urlsplit(socket.request.path).path.removeprefix("/")
    try:
        said = tool.serve(command, socket.recv())
        print(f"{command}: {said['Status']} {said['Message']}", file=sys.stderr, flush=True)
        socket.send(json.dumps(said, ensure_ascii=False))
    except ConnectionClosed:
        print(f"{command}: the page has gone", file=sys.stderr, flush=True)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the real tool has 8987")
    parser.add_argument("--certificate", help="PEM file: speak wss")
    parser.add_argument("--key", help="PEM file of the certificate's key")
    parser.add_argument("--trust", help="PEM file: whom to trust when the server speaks https")
    parser.add_argument("--p12", required=True)
    parser.add_argument("--password", default="")
    parser.add_argument("--other-p12", help="for the lies that need a second person")
    parser.add_argument("--other-password", default="")
    parser.add_argument("--tsa", help="address of a time-stamping authority")
    parser.add_argument("--delay", type=float, default=0, help="seconds until the person has typed the PIN")
    parser.add_argument("--person-cancels", action="store_true")
    parser.add_argument("--lie", choices=FILE_LIES + CONDUCT_LIES)
    parser.add_argument("--huge-megabytes", type=int, default=200)
    parser.add_argument("--huge-rate", type=int, default=10, help="megabytes a second")
    options = parser.parse_args()
    if options.lie == "other-certificate" and not options.other_p12:
        parser.error("--lie other-certificate needs --other-p12")
    if bool(options.certificate) != bool(options.key):
        parser.error("--certificate and --key go together")
    return options


def main():
    options = read_options()
    tool = Tool(options)
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    with serve(lambda socket: converse(tool, socket), "127.0.0.1", options.port, ssl=context) as server:
        print(json.dumps({"port": server.socket.getsockname()[1]}), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
