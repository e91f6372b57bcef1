"""A remote signing provider by the API of the Cloud Signature Consortium, version 2.0.0.2. See README.md."""

import argparse
import base64
import binascii
import http.server
import json
import pathlib
import sys
import time
import traceback
import urllib.parse

from provider_keys import KINDS, Credential, write_folder
from provider_methods import METHODS, NOT_OFFERED, phone
from provider_parameters import Refusal, read_body
from provider_state import State

ABOUT_SIGNATURES = ["other-key", "other-certificate", "swapped-order", "too-few", "stale", "raw-instead-of-der",
                    "der-instead-of-raw", "wrong-algorithm", "never", "expires", "replay-sad-accepted"]
ABOUT_ANSWERS = ["slow", "error-500", "not-json", "html", "huge"]
LARGEST_BODY = 1 << 20
PREFIX = "/csc/v2/"


def read_form(body):
    try:
        pairs = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError as error:
        raise Refusal("The body is not a form") from error
    given = dict(pairs)
    if len(given) != len(pairs):
        raise Refusal("A parameter is repeated")
    return given


def basic(header):
    """Client id and secret of HTTP Basic, each percent-encoded as RFC 6749 section 2.3.1 has it."""
    scheme, _, coded = header.partition(" ")
    try:
        name, colon, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise Refusal("Malformed authorization header")
    return urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)


def token(state, header, body):
    """The client credentials grant."""
    given, options = read_form(body), state.options
    for name in ("grant_type", "client_id"):
        if not given.get(name):
            raise Refusal(f"Missing parameter {name}")
    if given["grant_type"] != "client_credentials":
        raise Refusal("Invalid parameter grant_type")
    if given["client_id"] != options.client_id:
        raise Refusal("Invalid parameter client_id")
    if given.get("scope", "service") != "service":
        raise Refusal("The requested scope is invalid, unknown, or malformed", "invalid_scope")
    if header is not None:
        if "client_secret" in given:
            raise Refusal("More than one way of client authentication")
        name, secret = basic(header)
        if name != options.client_id:
            raise Refusal("Invalid parameter client_id")
    elif "client_secret" in given:
        secret = given["client_secret"]
    else:
        raise Refusal("Client authorization required", status=401)
    if secret != options.client_secret:
        raise Refusal("Invalid parameter client_secret")
    return 200, {"access_token": state.new_token(), "token_type": "Bearer", "expires_in": options.token_seconds}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *told):
        print(self.path, *told[1:], file=sys.stderr, flush=True)

    def head(self, status, kind, length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer" if self.path.startswith(PREFIX) else "Basic")
        if length is None:
            self.close_connection = True
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def say(self, status, told, kind="application/json"):
        body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
        self.head(status, kind, len(body))
        self.wfile.write(body)

    def body(self, kind):
        """The body, of this media type; without a type it may be missing."""
        length = self.headers.get("Content-Length", "" if kind else "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            # Who is hung up on while still writing may not hear why.
            self.rfile.read(min(int(length), 4 * LARGEST_BODY) if length.isdigit() else 0)
            raise Refusal("A body of known and moderate length is required", status=413 if length.isdigit() else 411)
        body = self.rfile.read(int(length))
        if kind and self.headers.get_content_type() != kind:
            raise Refusal(f"Content-Type must be {kind}")
        return body

    def do_GET(self):
        if self.path == "/phone":
            with self.state.lock:
                return self.say(200, phone(self.state))
        self.say(405 if self.path.startswith(PREFIX) else 404, {"error": "invalid_request"})

    def do_POST(self):
        try:
            status, told = self.answer()
            if self.state.options.lie in ABOUT_ANSWERS and self.path == PREFIX + self.state.options.lie_at:
                return self.lie(status, told)
            self.say(status, told)
        except Refusal as refusal:
            self.say(refusal.status, refusal.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception:
            traceback.print_exc()
            self.say(500, {"error": "server_error", "error_description": "The simulator failed"})

    def answer(self):
        state = self.state
        if self.path in ("/phone/confirm", "/phone/refuse"):
            self.body(None)
            with state.lock:
                answered = state.phone_answers(self.path == "/phone/confirm")
            return (200 if answered else 409), {"answered": answered}
        if self.path == "/oauth2/token":
            body = self.body("application/x-www-form-urlencoded")
            with state.lock:
                return token(state, self.headers.get("Authorization"), body)
        name = self.path.removeprefix(PREFIX)
        if not self.path.startswith(PREFIX) or name not in METHODS:
            self.body(None)
            if self.path.startswith(PREFIX) and name in NOT_OFFERED:
                raise Refusal("The method is not implemented", status=501)
            raise Refusal("There is no such method", status=404)
        body = self.body("application/json")
        does, allowed = METHODS[name]
        with state.lock:
            if name != "info":
                state.check_token(self.headers.get("Authorization"))
            return does(state, read_body(body, allowed))

    def lie(self, status, told):
        options, body = self.state.options, json.dumps(told).encode()
        if options.lie == "error-500":
            return self.say(500, {"error": "server_error", "error_description": "An unexpected condition"})
        if options.lie == "html":
            page = "<!DOCTYPE html><title>Bảo trì</title><p>Hệ thống đang bảo trì.".encode()
            return self.say(200, page, "text/html; charset=utf-8")
        if options.lie == "not-json":
            return self.say(status, body[:-2])
        if options.lie == "slow":
            self.head(status, "application/json", len(body))
            for at in range(len(body)):
                self.wfile.write(body[at:at + 1])
                time.sleep(options.slow_seconds / len(body))
            return None
        # Huge: valid JSON of the right form, without an end in sight.
        self.head(status, "application/json")
        self.wfile.write(b'{"signatures":["')
        for _ in range(options.huge_megabytes):
            self.wfile.write(b"A" * (1 << 20))
        self.wfile.write(b'"]}')
        return None


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where the certificates are written")
    parser.add_argument("--key", action="append", choices=KINDS, help="once for each credential; all kinds if not given")
    parser.add_argument("--client-id", default="nhaviec")
    parser.add_argument("--client-secret", default="bí mật & lâu dài")
    parser.add_argument("--user", default="079200000001", help="the userID whose credentials these are")
    parser.add_argument("--user-specific", action="store_true", help="the token stands for the user: userID must be absent")
    parser.add_argument("--multisign", type=int, default=10)
    parser.add_argument("--token-seconds", type=int, default=3600)
    parser.add_argument("--sad-seconds", type=int, default=300)
    parser.add_argument("--poll-delay", type=float, default=0.5, help="seconds that an asynchronous signature takes")
    parser.add_argument("--confirm-after", type=float, help="seconds; 0 gives the SAD at once. Without it the phone waits")
    parser.add_argument("--ecdsa-format", choices=["der", "raw"], default="der")
    parser.add_argument("--lie", choices=ABOUT_SIGNATURES + ABOUT_ANSWERS)
    parser.add_argument("--lie-at", choices=METHODS, default="signatures/signHash", help="for lies about answers")
    parser.add_argument("--slow-seconds", type=float, default=60)
    parser.add_argument("--huge-megabytes", type=int, default=200)
    options = parser.parse_args()
    for lie, format in (("raw-instead-of-der", "der"), ("der-instead-of-raw", "raw")):
        if options.lie == lie and options.ecdsa_format != format:
            parser.error(f"--lie {lie} needs --ecdsa-format {format}")
    return options


def main():
    options = read_options()
    credentials = [Credential(kind) for kind in options.key or KINDS]
    write_folder(options.folder, credentials)
    state = Handler.state = State(options, credentials)
    with http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler) as server:
        state.base = f"http://127.0.0.1:{server.server_port}/"
        told = [{"credentialID": c.id, "key": c.kind} for c in credentials]
        print(json.dumps({"port": server.server_port, "user": options.user, "credentials": told}), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
