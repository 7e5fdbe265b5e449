"""A small program that keeps its promises badly, so that each harness shows that it would notice.

usage: control.py DATABASE WAY LOG    WAY: make (an empty database), full (good), normal (synchronous=NORMAL), early
                                      (acknowledges before COMMIT), carry-on (acknowledges although the COMMIT failed), lost (counts what is missing)
"""
import sqlite3, sys, time

path, way, log = sys.argv[1:]
database = sqlite3.connect(path, isolation_level=None, timeout=10)
if way == "lost":
    with open(log) as file:
        acknowledged = {int(line) for line in file if line.endswith("\n")}
    try:
        kept = {row[0] for row in database.execute("SELECT id FROM answer")}
    except sqlite3.DatabaseError:
        kept = set()
    print(len(acknowledged - kept))
    sys.exit()

database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = " + ("NORMAL" if way == "normal" else "FULL"))
database.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, body TEXT)")
if way == "make":
    sys.exit()
number = database.execute("SELECT coalesce(max(id), 0) FROM answer").fetchone()[0]
with open(log, "a", buffering=1) as acknowledge:
    while True:
        try:
            database.execute("BEGIN IMMEDIATE")
            for _ in range(16):
                number += 1
                database.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", (number, "x" * 300))
                if way == "early":
                    acknowledge.write(f"{number}\n")
            if way == "early":
                time.sleep(0.02)
            database.execute("COMMIT")
        except sqlite3.OperationalError:
            if way != "carry-on":
                sys.exit(1)
            if database.in_transaction:
                database.execute("ROLLBACK")
        if way != "early":
            for one in range(number - 15, number + 1):
                acknowledge.write(f"{one}\n")
