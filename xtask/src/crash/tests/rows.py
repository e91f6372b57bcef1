"""Writes rows into SQLite and says which are committed, until it is killed; or reads which are there."""
import sqlite3
import sys

verb, path, synchronous = sys.argv[1:4]
db = sqlite3.connect(path, isolation_level=None)
if verb == "write":
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=" + synchronous)
    db.execute("PRAGMA wal_autocheckpoint=40")
    db.execute("CREATE TABLE IF NOT EXISTS rows (number INTEGER PRIMARY KEY, filling BLOB)")
    number = db.execute("SELECT coalesce(max(number), 0) FROM rows").fetchone()[0]
    while True:
        number += 1
        db.execute("INSERT INTO rows VALUES (?, randomblob(700))", (number,))
        print(number, flush=True)
else:
    sound = db.execute("PRAGMA integrity_check").fetchone()[0]
    print(sound)
    for (number,) in db.execute("SELECT number FROM rows ORDER BY number"):
        print(number)
