"""The server that the tool talks with, in the tests: gives a file, takes the signed one, remembers what it saw."""

import email.parser
import email.policy
import http.server
import json
import threading

from asn1crypto import tsp

YES = {"Status": True, "Message": "", "FileName": "van-ban.pdf", "FileServer": "https://host/van-ban.pdf"}


class FakeServer:
    def __init__(self, document, stamper=None):
        self.document, self.stamper = document, stamper
        self.answers = []  # status and body for the next uploads; afterwards yes
        self.uploads, self.requests, self.broken = [], [], 0
        self.most = 1 << 20
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def address(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def take(self, kind, body):
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = list(form.iter_parts())
        assert [p.get_param("name", header="content-disposition") for p in parts] == ["uploadfile"]
        self.uploads.append((parts[0].get_filename(), parts[0].get_payload(decode=True)))
        return self.answers.pop(0) if self.answers else (200, json.dumps(YES).encode())

    def handler(outer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def say(self, status, body, kind="application/json", **headers):
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": len(body), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                if self.path == "/login-first":
                    self.say(302, b"", Location="/file/van-ban.pdf")
                elif self.path == "/page":
                    self.say(200, b"<html>", "text/html")
                elif self.path == "/gone":
                    self.say(404, b"")
                else:
                    self.say(200, outer.document, "application/pdf")

            def do_POST(self):
                outer.requests.append((self.path, dict(self.headers)))
                length = int(self.headers["Content-Length"])
                if length > outer.most:
                    self.say(413, b"")
                    self.close_connection = True
                    return
                body = self.rfile.read(length)
                if len(body) < length:
                    outer.broken += 1
                elif self.path == "/tsa":
                    self.say(200, outer.stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump(),
                             "application/timestamp-reply")
                else:
                    self.say(*outer.take(self.headers["Content-Type"], body))

        return Handler
