"""How the tool gets a file and hands in another: by itself, without cookies, without following redirects."""

import http.client
import posixpath
import secrets
import ssl
import time
import urllib.parse

from vgca_request import Refused

PIECE = 1 << 16
LARGEST_DOWNLOAD = 100 << 20


class Line:
    """A connection to the server that an address names."""

    def __init__(self, address, trust=None, patience=60):
        parts = urllib.parse.urlsplit(address)
        self.path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=trust)
            self.connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=patience, context=context)
        else:
            self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=patience)

    def __enter__(self):
        return self.connection, self.path

    def __exit__(self, *_):
        self.connection.close()


def download(address, trust=None):
    try:
        with Line(address, trust) as (connection, path):
            connection.request("GET", path, headers={"Accept": "application/pdf"})
            answer = connection.getresponse()
            body = answer.read(LARGEST_DOWNLOAD + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Refused(f"Không tải được tệp: {error}") from error
    # A redirection is what a server answers that wants a login first: nobody is logged in here.
    if answer.status != 200:
        raise Refused(f"Không tải được tệp: máy chủ trả lời {answer.status}")
    if len(body) > LARGEST_DOWNLOAD or not body.startswith(b"%PDF-"):
        raise Refused("Tệp tải về không phải PDF")
    return body


def signed_name(address):
    stem = posixpath.basename(urllib.parse.unquote(urllib.parse.urlsplit(address).path))
    plain = "".join(c for c in stem.removesuffix(".pdf") if c.isascii() and (c.isalnum() or c in "-_."))
    return f"{plain or 'document'}.signed.pdf"


def envelope(name):
    """Head, tail and content type of a form with one file."""
    boundary = secrets.token_hex(16)
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="uploadfile"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n").encode()
    return head, f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def upload(address, name, data, trust=None, padding=0, rate=None, break_off=False):
    """Status and body of the answer.

    `padding` bytes follow the file within the form, sent at `rate` bytes a second; `break_off` hangs up half-way.
    """
    head, tail, kind = envelope(name)
    try:
        with Line(address, trust) as (connection, path):
            connection.putrequest("POST", path)
            connection.putheader("Content-Type", kind)
            connection.putheader("Content-Length", str(len(head) + len(data) + padding + len(tail)))
            connection.endheaders()
            connection.send(head)
            if break_off:
                connection.send(data[: len(data) // 2])
                raise Refused("Mất kết nối khi gửi tệp đã ký")
            try:
                connection.send(data)
                pour(connection, padding, rate)
                connection.send(tail)
            except (BrokenPipeError, ConnectionResetError):
                pass  # The server has heard enough; its answer may still be there to read.
            answer = connection.getresponse()
            return answer.status, answer.read(1 << 20)
    except (OSError, http.client.HTTPException) as error:
        raise Refused(f"Không gửi được tệp đã ký: {error}") from error


def pour(connection, count, rate):
    while count > 0:
        piece = min(PIECE, count)
        connection.send(b"\n" * piece)
        count -= piece
        time.sleep(piece / rate)
