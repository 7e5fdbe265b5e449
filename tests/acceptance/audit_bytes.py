"""Changes one byte of the audit log at a time, then cuts its tail; the program must notice each.

usage: audit_bytes.py HUIYIN DATA CHANGES      DATA: of a demo that was played, with the day's anchor

A tail that is cut is seen by the anchor alone: without one the log is whole, which the control shows.
"""
import contextlib, os, random, re, shutil, sqlite3, subprocess, sys, tempfile

binary, played, changes = sys.argv[1], sys.argv[2], int(sys.argv[3])
random.seed(8)
TEXTS = ["actor", "role", "action", "object", "outcome", "prev_hash", "hash", "before_digest", "after_digest"]


def verified(data, *words):
    done = subprocess.run([binary, "verify", "audit", "--data", data, *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def on(data, statement, *values):
    with contextlib.closing(sqlite3.connect(f"{data}/huiyin.db")) as database, database:
        return database.execute(statement, values).fetchall()


def other_byte(text):
    at = random.randrange(len(text))
    other = random.choice([chr(c) for c in range(33, 127) if chr(c) != text[at]])
    return text[:at] + other + text[at + 1:]


with tempfile.TemporaryDirectory() as folder:
    data = os.path.join(folder, "data")
    shutil.copytree(played, data)
    code, said = verified(data)
    assert code == 0, said
    try:
        on(data, "UPDATE audit_event SET actor = 'x' WHERE seq = 1")
        sys.exit("the database lets an event be changed")
    except sqlite3.IntegrityError:
        # Whoever has the file can take the guard away.
        for name, in on(data, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"):
            on(data, f"DROP TRIGGER {name}")
    last = on(data, "SELECT max(seq) FROM audit_event")[0][0]
    noticed = 0
    for _ in range(changes):
        seq, column = random.randint(1, last), random.choice(TEXTS + ["at", "seq"])
        held = on(data, f"SELECT {column} FROM audit_event WHERE seq = ?", seq)[0][0]
        if column == "seq":
            changed = last + random.randint(1, 9)
        elif held is None:
            changed = "0"
        else:
            # A byte of the moment: another digit, so that it stays a moment.
            spots = [m.start() for m in re.finditer(r"\d", str(held)) if column != "at" or m.start() > 10]
            at = random.choice(spots) if column == "at" else None
            changed = other_byte(str(held)) if at is None else str(held)[:at] + str((int(str(held)[at]) + 1) % 10) + str(held)[at + 1:]
        on(data, f"UPDATE audit_event SET {column} = ? WHERE seq = ?", changed, seq)
        code, said = verified(data)
        assert code != 0, (seq, column, held, changed)
        noticed += code == 17
        if column == "seq":
            on(data, "UPDATE audit_event SET seq = ? WHERE seq = ?", seq, changed)
        else:
            on(data, f"UPDATE audit_event SET {column} = ? WHERE seq = ?", held, seq)
    assert verified(data)[0] == 0
    anchored = max(int(open(os.path.join(data, "anchors", name)).read().split()[0]) for name in os.listdir(os.path.join(data, "anchors")))
    on(data, "DELETE FROM audit_event WHERE seq > ?", anchored - 3)
    code, said = verified(data)
    assert code == 17 and "末尾的记录被删了" in said, (code, said)
    os.mkdir(os.path.join(folder, "none"))
    code, said = verified(data, "--anchors", os.path.join(folder, "none"))
    assert code == 0 and "末尾被删是看不出来的" in said, (code, said)
print(f"{changes} changed bytes, all noticed, {noticed} named by their place; a cut tail is seen by the anchor and by nothing else")
