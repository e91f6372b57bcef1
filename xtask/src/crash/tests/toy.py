"""The smallest server that speaks the harness's API: receives dossiers into SQLite or PostgreSQL, with faults on demand.

TOY_FAULT=forget   does not know commands again
TOY_FAULT=refuse   receives nothing
TOY_FAULT=spoil    keeps other bytes than it got
"""
import json
import os
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

where = os.environ["NHAVIEC_DATABASE"]
fault = os.environ.get("TOY_FAULT", "")
SCHEMA = "CREATE TABLE IF NOT EXISTS dossiers (number INTEGER PRIMARY KEY, command TEXT UNIQUE, file TEXT)"
FILES = "CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, bytes TEXT)"


class Sqlite:
    def __init__(self):
        self.db = sqlite3.connect(where.removeprefix("sqlite:"), isolation_level=None, check_same_thread=False)
        self.lock = threading.Lock()
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=" + os.environ.get("NHAVIEC_SQLITE_SYNCHRONOUS", "FULL"))
        self.db.execute(SCHEMA)
        self.db.execute(FILES)

    def run(self, sql, *values):
        with self.lock:
            return self.db.execute(sql, values).fetchall()


class Postgres:
    def run(self, sql, *values):
        for value in values:
            sql = sql.replace("?", "'" + str(value) + "'", 1)
        done = subprocess.run(["psql", where, "-qAtc", sql], capture_output=True, text=True, check=True)
        return [(int(cell) if cell.isdecimal() and len(cell) < 16 else cell,) for cell in done.stdout.split()]


store = Sqlite() if where.startswith("sqlite:") else Postgres()


def dossier(number):
    return {"id": str(number), "code": f"H00-{number:06}"}


def receive(command, file):
    key = os.urandom(8).hex() if fault == "forget" else command
    found = store.run("SELECT number FROM dossiers WHERE command = ?", key)
    if not found:
        store.run(
            "INSERT INTO dossiers SELECT coalesce(max(number), 0) + 1, ?, ? FROM dossiers WHERE true ON CONFLICT DO NOTHING",
            key, file)
        found = store.run("SELECT number FROM dossiers WHERE command = ?", key)
    return dossier(found[0][0]) if found else None


def keep(command, body):
    """The one file of a form; answers its id."""
    start = body.index(b"\r\n\r\n") + 4
    content = body[start:body.rindex(b"\r\n--crash--")]
    if fault == "spoil":
        content = content[:-1] + b"?"
    store.run("INSERT INTO files VALUES (?, ?) ON CONFLICT DO NOTHING", command, content.hex())
    return {"id": command}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet

    def answer(self, status, value):
        self.send(status, "application/json", json.dumps(value).encode())

    def send(self, status, kind, text):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(text)))
        if status == 503:
            self.send_header("retry-after", "1")
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        try:
            self.read()
        except Exception:  # A database that was cut without syncs may be spoilt; a server says so and lives on.
            self.answer(500, {"code": "internal"})

    def read(self):
        path, _, query = self.path.partition("?")
        tail = path.rpartition("/")[2]
        if tail == "healthz":
            self.answer(200, {})
        elif tail == "dossiers":
            after = query.partition("after=")[2] or "0"
            rows = store.run("SELECT number FROM dossiers WHERE number > ? ORDER BY number LIMIT 100", int(after))
            following = str(rows[-1][0]) if len(rows) == 100 else None
            self.answer(200, {"dossiers": [dossier(number) for (number,) in rows], "next": following})
        elif "/files/" in path:
            rows = store.run("SELECT bytes FROM files WHERE id = ?", tail)
            self.send(200, "application/pdf", bytes.fromhex(rows[0][0])) if rows else self.answer(404, {"code": "not_found"})
        else:
            rows = store.run("SELECT number FROM dossiers WHERE number = ?", int(tail[4:]))
            if not rows:
                return self.answer(404, {"code": "not_found"})
            file = store.run("SELECT file FROM dossiers WHERE number = ? AND file <> ''", int(tail[4:]))
            papers = [{"file_id": file[0][0] if file else None}]
            self.answer(200, dossier(rows[0][0]) | {"papers": papers})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        assert self.headers["authorization"] == "Bearer toy-token"
        if fault == "refuse":
            return self.answer(500, {"code": "internal"})
        key = self.headers["idempotency-key"]
        if self.path.endswith("/files"):
            return self.answer(201, keep(key, body))
        answer = receive(key, json.loads(body)["papers"][0].get("file_id") or "")
        self.answer(201, answer) if answer else self.answer(503, {"code": "busy"})

    def log_message(self, *_):
        pass


verb = sys.argv[1]
if verb == "migrate":
    store.run(SCHEMA)
    store.run(FILES)
elif verb == "token":
    print("made\ntoy-token")
elif verb == "check":
    rows = store.run("SELECT count(*) - count(DISTINCT command) FROM dossiers")
    sys.exit(rows[0][0] != 0)
elif verb == "serve":
    host, _, port = os.environ["NHAVIEC_LISTEN"].partition(":")
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
