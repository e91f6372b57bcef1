"""The smallest server that speaks the harness's API: receives dossiers into SQLite or PostgreSQL, with faults on demand.

TOY_FAULT=forget   does not know commands again
TOY_FAULT=refuse   receives nothing
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
SCHEMA = "CREATE TABLE IF NOT EXISTS dossiers (number INTEGER PRIMARY KEY, command TEXT UNIQUE)"


class Sqlite:
    def __init__(self):
        self.db = sqlite3.connect(where.removeprefix("sqlite:"), isolation_level=None, check_same_thread=False)
        self.lock = threading.Lock()
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=" + os.environ.get("NHAVIEC_SQLITE_SYNCHRONOUS", "FULL"))
        self.db.execute(SCHEMA)

    def run(self, sql, *values):
        with self.lock:
            return self.db.execute(sql, values).fetchall()


class Postgres:
    def run(self, sql, *values):
        for value in values:
            sql = sql.replace("?", "'" + str(value) + "'", 1)
        done = subprocess.run(["psql", where, "-qAtc", sql], capture_output=True, text=True, check=True)
        return [(int(line),) for line in done.stdout.split()]


store = Sqlite() if where.startswith("sqlite:") else Postgres()


def dossier(number):
    return {"id": str(number), "code": f"H00-{number:06}"}


def receive(command):
    key = os.urandom(8).hex() if fault == "forget" else command
    found = store.run("SELECT number FROM dossiers WHERE command = ?", key)
    if not found:
        store.run(
            "INSERT INTO dossiers SELECT coalesce(max(number), 0) + 1, ? FROM dossiers WHERE true ON CONFLICT DO NOTHING", key)
        found = store.run("SELECT number FROM dossiers WHERE command = ?", key)
    return dossier(found[0][0]) if found else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        tail = path.rpartition("/")[2]
        if tail == "healthz":
            self.answer(200, {})
        elif tail == "dossiers":
            after = query.partition("after=")[2] or "0"
            rows = store.run("SELECT number FROM dossiers WHERE number > ? ORDER BY number LIMIT 100", int(after))
            following = str(rows[-1][0]) if len(rows) == 100 else None
            self.answer(200, {"dossiers": [dossier(number) for (number,) in rows], "next": following})
        else:
            rows = store.run("SELECT number FROM dossiers WHERE number = ?", int(tail[4:]))
            self.answer(200, dossier(rows[0][0])) if rows else self.answer(404, {"code": "not_found"})

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        assert self.headers["authorization"] == "Bearer toy-token"
        if fault == "refuse":
            return self.answer(500, {"code": "internal"})
        answer = receive(self.headers["idempotency-key"])
        self.answer(201, answer) if answer else self.answer(503, {"code": "busy"})

    def log_message(self, *_):
        pass


verb = sys.argv[1]
if verb == "migrate":
    store.run(SCHEMA)
elif verb == "token":
    print("made\ntoy-token")
elif verb == "check":
    rows = store.run("SELECT count(*) - count(DISTINCT command) FROM dossiers")
    sys.exit(rows[0][0] != 0)
elif verb == "serve":
    host, _, port = os.environ["NHAVIEC_LISTEN"].partition(":")
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
