"""Backs an installation on PostgreSQL up while people work, as docs/operations.md says: `pg_dump`, then `huiyin backup`; restores both, and
holds what was restored against what there was.

usage: backup_postgres.py HUIYIN DATA URL PG_BIN      DATA, URL: of a demo that was played; URL: postgres://USER@localhost/NAME?host=SOCKET_FOLDER
"""
import os, re, secrets, shutil, subprocess, sys, tempfile, threading, urllib.parse
from visitor import Site, Visitor

binary, played, url, pg_bin = sys.argv[1:5]
parts = urllib.parse.urlsplit(url)
HOST = ["-h", urllib.parse.parse_qs(parts.query)["host"][0], "-U", parts.username]
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def ran(*words, code=0, said=""):
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == code and said in done.stdout + done.stderr, (words, done.returncode, done.stdout[-800:], done.stderr[-800:])
    return done.stdout


def huiyin(*words, **more):
    return ran(binary, *words, **more)


def tool(name, *words):
    return ran(os.path.join(pg_bin, name), *HOST, *words)


def rows(base, query):
    return [line.split("\t") for line in tool("psql", "-d", base, "-At", "-F", "\t", "-c", query).splitlines()]


def counts(base):
    tables = [name for name, in rows(base, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")]
    return {name: int(count) for name, count in rows(base, " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))}


def made(base):
    tool("createdb", base)
    return parts._replace(path=f"/{base}").geturl()


def with_evidence(site):
    """A liaison signs a matter and sends a file; where it is opened."""
    unit = Visitor(site).sign_in("liaison-d12")
    matter = rows(parts.path[1:], "SELECT id FROM matter WHERE unit_id = 'D12' LIMIT 1")[0][0]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', unit.get(f"/unit/matters/{matter}").text))
    assert unit.post(f"/unit/matters/{matter}/sign", hidden).status == 303
    edge = "----" + secrets.token_hex(8)
    form = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
    sent = unit.ask("POST", f"/unit/matters/{matter}/evidence", form + PDF + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}")
    assert sent.status == 303, sent.text[:400]
    file = rows(parts.path[1:], f"SELECT id FROM evidence WHERE matter_id = '{matter}'")[0][0]
    shown = f"/unit/matters/{matter}/evidence/{file}"
    assert unit.get(shown).body == PDF
    return unit, shown


with tempfile.TemporaryDirectory() as folder:
    data, tar, keys, dump, again = (os.path.join(folder, name) for name in ("data", "a.tar", "keys", "a.dump", "again"))
    shutil.copytree(played, data)
    here = ("--data", data, "--database-url", url)
    huiyin("worker", "--once", *here)
    with Site(binary, data, "--database-url", url, copied=False) as site:
        unit, shown = with_evidence(site)
        stop, done = threading.Event(), []

        def work():
            while not stop.is_set():
                done.append(Visitor(site).sign_in("clerk1"))

        worker = threading.Thread(target=work)
        worker.start()
        before = counts(parts.path[1:])
        tool("pg_dump", "-Fc", "-d", parts.path[1:], "-f", dump)
        after = counts(parts.path[1:])
        huiyin("backup", "--to", tar, *here, code=18, said="pg_dump")
        stop.set()
        worker.join()
    huiyin("backup-keys", "--to", keys, *here)

    # Nothing is restored from half of it, or from another city's half.
    huiyin("restore", tar, "--data", again, code=1, said="WF-152")
    empty = made("empty")
    huiyin("restore", tar, "--data", again, "--database-url", empty, code=1, said="WF-152")
    other = made("other")
    huiyin("migrate", "--world", "yunxi", "--data", f"{folder}/elsewhere", "--database-url", other)
    untouched = counts("other")
    huiyin("restore", tar, "--data", again, "--database-url", other, code=1, said="WF-154")
    assert counts("other") == untouched and not os.path.exists(again)
    huiyin("backup", "--to", f"{folder}/lite.tar", "--data", f"{folder}/elsewhere", "--database-url", other, code=18)
    huiyin("migrate", "--world", "yunxi", "--data", f"{folder}/lite")
    huiyin("backup", "--to", f"{folder}/inside.tar", "--data", f"{folder}/lite")
    huiyin("restore", f"{folder}/inside.tar", "--data", again, "--database-url", empty, code=1, said="WF-153")

    fresh = made("restored")
    tool("pg_restore", "--exit-on-error", "--no-owner", "-d", "restored", dump)
    copied = counts("restored")
    assert all(before[name] <= copied[name] <= after[name] for name in before), (before, copied, after)
    there = ("--data", again, "--database-url", fresh)
    huiyin("restore", tar, "--keys", keys, *there)
    restored = counts("restored")
    expected = {**copied, "session": 0, "audit_event": copied["audit_event"] + 1}
    assert restored == expected, {name: (restored[name], expected[name]) for name in expected if restored[name] != expected[name]}
    assert "逐条相连" in huiyin("verify", "audit", *there)
    with Site(binary, again, "--database-url", fresh, copied=False) as site:
        old = Visitor(site)
        old.jar = dict(unit.jar)
        assert old.get("/unit").status in (303, 401, 419), "a session of before counts"
        unit = Visitor(site).sign_in("liaison-d12")
        assert unit.get(shown).body == PDF
        assert unit.get("/unit/letter").status == 200 and unit.get("/unit/letter.docx").status == 200
        assert Visitor(site).get("/r/2026Q3").status == 200
    print(f"dumped and backed up beside {len(done)} sign-ins, restored, every one of {sum(restored.values())} rows there; no half is taken alone")
