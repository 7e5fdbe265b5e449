"""Backs up while people work, restores into an empty folder, and holds what was restored against what there was.

usage: backup.py HUIYIN DATA OPEN      DATA: of a demo that was played; OPEN: with an open round whose invitations lie in OPEN/mail

Both are copied first. Nothing that was not brought back is said to work: without keys the pages say what they cannot do.
"""
import contextlib, email, glob, http.client, json, os, random, re, secrets, shutil, socket, sqlite3, subprocess, sys, tarfile, tempfile, threading, time, urllib.parse

binary, played, opened = sys.argv[1:4]
PASSWORD = "yunxi-demo-2026"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
random.seed(13)


def huiyin(*words, code=0):
    done = subprocess.run([binary, *words], capture_output=True, text=True)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


class Site:
    """The pages of one data folder."""

    def __init__(self, data):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.server = subprocess.Popen([binary, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the server did not start within 20 s")

    def ask(self, method, path, fields=None, cookie="", body=None, kind="application/x-www-form-urlencoded"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urllib.parse.urlencode(fields or {}) if body is None and method == "POST" else body
        connection.request(method, path, body, {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": kind, "Cookie": cookie})
        reply = connection.getresponse()
        page = reply.read()
        given = "; ".join(value.split(";")[0] for name, value in reply.getheaders() if name.lower() == "set-cookie")
        return reply.status, reply.getheader("Location") or "", given, page.decode(errors="replace")

    def signed_in(self, account):
        status, _, cookie, _ = self.ask("POST", "/sign-in", {"account": account, "password": PASSWORD})
        assert status == 303 and cookie, (account, status)
        return cookie

    def answer(self, code, stop_before_end=False):
        status, path, cookie, page = self.ask("POST", "/s/2026Q3/enter", {"code": code})
        assert status == 303 and "/q/" in path, (status, path, page[:300])
        if stop_before_end:
            return None
        while "/q/" in path:
            page = self.ask("GET", path, cookie=cookie)[3]
            path = self.ask("POST", path.split("?")[0], {"a": "4"} if 'name="a"' in page else {}, cookie)[1]
        status, _, given, page = self.ask("POST", "/s/2026Q3/submit", {"submission_id": secrets.token_hex(16)}, cookie)
        assert status == 303, (status, page[:300])
        return re.search(r"hy_receipt=([^;]+)", given).group(1).split(".")[-2]

    def stop(self):
        self.server.terminate()
        said = self.server.communicate(timeout=40)[1]
        assert self.server.returncode == 0 and "panicked" not in said, said
        return said


def counts(file):
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as database:
        tables = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def rows(data, query, *values):
    with contextlib.closing(sqlite3.connect(f"file:{data}/huiyin.db?mode=ro", uri=True, timeout=30)) as database:
        return database.execute(query, values).fetchall()


@contextlib.contextmanager
def busy(deed):
    """Repeats something until the end of the block; what went wrong is told there."""
    stop, wrong, done = threading.Event(), [], [0]

    def work():
        while not stop.is_set():
            try:
                deed()
                done[0] += 1
            except Exception as error:
                wrong.append(error)
                return
    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield done
    finally:
        stop.set()
        worker.join()
    assert not wrong and done[0], (wrong, done)


def the_offices_side(folder):
    """Sessions, letters, evidence, the audit log, every row."""
    data, tar, keys, again = (os.path.join(folder, name) for name in ("data", "a.tar", "keys", "again"))
    shutil.copytree(played, data)
    site = Site(data)
    unit = site.signed_in("liaison-d12")
    matter = rows(data, "SELECT id FROM matter WHERE unit_id = 'D12' AND state_code = 'assigned' AND id LIKE 'ZG-2026Q3-%'")[0][0]
    signing = site.ask("GET", f"/unit/matters/{matter}", cookie=unit)[3]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', signing))
    status = site.ask("POST", f"/unit/matters/{matter}/sign", hidden, unit)[0]
    assert status == 303, (status, hidden)
    edge = "----" + secrets.token_hex(8)
    form = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
    status, _, _, page = site.ask("POST", f"/unit/matters/{matter}/evidence", cookie=unit, body=form + PDF + f"\r\n--{edge}--\r\n".encode(), kind=f"multipart/form-data; boundary={edge}")
    assert status == 303, (status, re.findall(r"[^<>]*（[A-Z]+-\d+）[^<]*", page))
    file = rows(data, "SELECT id FROM evidence")[0][0]
    shown = f"/unit/matters/{matter}/evidence/{file}"
    assert site.ask("GET", shown, cookie=unit)[3].startswith("%PDF-1.7")
    letter = site.ask("GET", "/unit/letter", cookie=unit)
    assert letter[0] == 200
    with busy(lambda: site.signed_in("clerk1")) as done:
        time.sleep(0.3)
        before, begun = counts(f"{data}/huiyin.db"), done[0]
        said = huiyin("backup", "--to", tar, "--data", data)
        after, meanwhile = counts(f"{data}/huiyin.db"), done[0] - begun
    huiyin("backup-keys", "--to", keys, "--data", data)
    assert os.stat(tar).st_mode & 0o777 == 0o600 and os.stat(keys).st_mode & 0o777 == 0o700
    assert all(os.stat(os.path.join(keys, name)).st_mode & 0o777 == 0o600 for name in os.listdir(keys))
    assert [name for name in os.listdir(folder) if "partial" in name] == [] and "agencies" in said, said
    assert "已经存在" in huiyin("backup", "--to", tar, "--data", data, code=1)
    assert "不能放在数据目录里" in huiyin("backup", "--to", f"{data}/mail/b.tar", "--data", data, code=1)
    site.stop()

    with tarfile.open(tar) as inside:
        names = inside.getnames()
        assert names[0] == "manifest.json" and not [name for name in names if "keys" in name or name.endswith(".key")]
        manifest = json.load(inside.extractfile("manifest.json"))
        with open(f"{folder}/copy.db", "wb") as out:
            shutil.copyfileobj(inside.extractfile("huiyin.db"), out)
    copied = counts(f"{folder}/copy.db")
    assert all(before[name] <= copied[name] <= after[name] for name in before), (before, copied, after)
    assert manifest["audit"]["seq"] == copied["audit_event"]

    huiyin("restore", tar, "--keys", keys, "--data", again)
    restored = counts(f"{again}/huiyin.db")
    assert restored == {**copied, "session": 0, "audit_event": copied["audit_event"] + 1}, (copied, restored)
    assert "逐条相连" in huiyin("verify", "audit", "--data", again)
    site = Site(again)
    status, where, _, _ = site.ask("GET", "/unit", cookie=unit)
    assert status in (303, 401, 419) and "/unit" != where, (status, where)
    fresh = site.signed_in("liaison-d12")
    assert site.ask("GET", shown, cookie=fresh)[3].encode() == PDF
    assert site.ask("GET", "/unit/letter", cookie=fresh)[0] == 200 and site.ask("GET", "/unit/letter.docx", cookie=fresh)[0] == 200
    site.stop()
    assert "不是空目录" in huiyin("restore", tar, "--keys", keys, "--data", again, code=1)
    assert counts(f"{again}/huiyin.db")["matter"] == restored["matter"]
    return tar, keys, shown, matter, meanwhile


def one_byte(folder, tar):
    """No changed byte gets through, and nothing is left of the attempt."""
    size, named = os.path.getsize(tar), 0
    place = os.path.join(folder, "changed")
    for _ in range(50):
        at = random.randrange(size)
        with open(tar, "r+b") as file:
            file.seek(at)
            old = file.read(1)[0]
            file.seek(at)
            file.write(bytes([old ^ (1 << random.randrange(8))]))
        said = huiyin("restore", tar, "--data", place, code=17)
        assert "WF-14" in said and not os.path.exists(place), (at, said)
        named += "huiyin.db" in said or "mail/" in said or "vault.db" in said
        with open(tar, "r+b") as file:
            file.seek(at)
            file.write(bytes([old]))
    return named


def without_keys(folder, tar, shown):
    place = os.path.join(folder, "keyless")
    said = huiyin("restore", tar, "--data", place)
    assert "证明材料（evidence.key）" in said and "查询码（receipts.key）" in said or "查询码查办理情况（receipts.key）" in said, said
    site = Site(place)
    assert site.ask("GET", "/")[0] == 200
    cookie = site.signed_in("liaison-d12")
    status, _, _, page = site.ask("GET", shown, cookie=cookie)
    assert status == 503 and "WF-138" in page and "evidence.key" in page, (status, page[:400])
    assert site.ask("POST", "/my", {"code": "ABCDEF"})[0] in (404, 503)
    assert site.ask("GET", "/unit", cookie=cookie)[0] == 200
    assert "receipts.key" in site.stop()
    assert sorted(os.listdir(f"{place}/keys")) == ["not-restored.txt"], "a new key took the place of one that exists"


def full_disk(folder, data):
    """On a disk without room nothing is left of a backup; a small disk of one's own needs a name space of one's own."""
    small = os.path.join(folder, "small")
    os.mkdir(small)
    script = 'mount -t tmpfs -o size=8m none "$1" || exit 99; "$2" backup --to "$1/a.tar" --data "$3"; code=$?; ls -A "$1"; exit $code'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", small, binary, data], capture_output=True, text=True)
    if done.returncode in (1, 99) and "unshare" in done.stderr + done.stdout or done.returncode == 99:
        return "a full disk could not be tried here"
    assert done.returncode == 13 and done.stdout.strip() == "", (done.returncode, done.stdout, done.stderr)
    return "a full disk leaves nothing"


def the_citizens_side(folder):
    """Receipts, invitations, drafts, and answers nobody can open any more."""
    data, tar, keys, again = (os.path.join(folder, name) for name in ("open", "b.tar", "keys-b", "again-b"))
    shutil.copytree(opened, data)
    codes = []
    for path in sorted(glob.glob(f"{data}/mail/*.eml"))[:40]:
        with open(path, "rb") as file:
            text = email.message_from_binary_file(file).get_payload(decode=True).decode()
        codes.append(re.search(r"/s/2026Q3#(\S+)", text).group(1))
    site = Site(data)
    receipts = [site.answer(codes.pop()) for _ in range(3)]
    # Found before and after; what it says may need the key alone.
    found = site.ask("POST", "/my", {"code": receipts[0]})
    assert found[0] == 200, found[3][:400]
    huiyin("backup-keys", "--to", keys, "--data", data)
    assert not [name for name in os.listdir(keys) if name.startswith(("mix-", "mail-"))]
    with busy(lambda: codes and site.answer(codes.pop(0))):
        huiyin("backup", "--to", tar, "--data", data)
    site.stop()
    left = codes[-1]
    for with_keys, lost in ((keys, True), (f"{data}/keys", False)):
        shutil.rmtree(again, ignore_errors=True)
        report = json.loads(huiyin("restore", tar, "--keys", with_keys, "--data", again, "--json"))
        assert (report["lost_ballots"] >= 3) == lost, report
        site = Site(again)
        found = site.ask("POST", "/my", {"code": receipts[0]})
        assert found[0] == 200, found[3][:400]
        fresh = site.answer(left)
        assert site.ask("POST", "/my", {"code": fresh})[0] == 200
        site.stop()
        assert "逐条相连" in huiyin("verify", "audit", "--data", again)
        huiyin("round", "close", "2026Q3", "--data", again, "--yes")



with tempfile.TemporaryDirectory() as folder:
    the_citizens_side(folder)
    tar, keys, shown, _, meanwhile = the_offices_side(folder)
    full = full_disk(folder, os.path.join(folder, "data"))
    without_keys(folder, tar, shown)
    named = one_byte(folder, tar)
    size = os.path.getsize(tar) // 1_000_000
print(f"{size} MB backed up beside {meanwhile} sign-ins, restored, every row there; 50 changed bytes refused, {named} by the name of the file; {full}")
