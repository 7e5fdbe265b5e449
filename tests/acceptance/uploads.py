"""An office sends a hotline file up in its browser, the server is killed on the way, and a second person takes it.

usage: uploads.py HUIYIN DATA ROUND [KILLS]        KILLS: how often the server is killed while it checks and takes (20)

GBK, with every kind of dirt. Nothing of it counts before a second person has said yes; whatever moment the server is killed
at, the orders in the database are none or all; who sent the file cannot take it; no telephone number lies readable in the
data directory. The file is sent up, taken and undone until the server was killed often enough.
"""
import contextlib, csv, http.client, io, json, os, pathlib, random, re, socket, sqlite3, subprocess, sys, time, urllib.parse

binary, data, round_id = sys.argv[1], sys.argv[2], sys.argv[3]
KILLS = int(sys.argv[4]) if len(sys.argv) > 4 else 20
ROWS = 6_000
HERE = pathlib.Path(__file__).parent
random.seed(5)


def run(*words):
    return subprocess.run([binary, *words, "--data", data, "--json"], capture_output=True, text=True, check=True).stdout


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]


def start():
    server = subprocess.Popen([binary, "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=1):
                return server
        except OSError:
            assert server.poll() is None, server.returncode
            time.sleep(0.02)
    sys.exit("the server did not start")


def ask(method, path, cookie="", body=None, kind="application/x-www-form-urlencoded"):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    with contextlib.closing(connection):
        head = {"Origin": f"http://127.0.0.1:{PORT}", "Cookie": cookie, **({"Content-Type": kind} if body is not None else {})}
        connection.request(method, path, body, head)
        reply = connection.getresponse()
        cookies = [value.split(";")[0] for name, value in reply.getheaders() if name.lower() == "set-cookie"]
        return reply.status, reply.getheader("Location"), cookies, reply.read().decode()


def signed_in(account, password):
    status, _, cookies, _ = ask("POST", "/sign-in", body=urllib.parse.urlencode({"account": account, "password": password}))
    assert status == 303, status
    return "; ".join(cookies)


def send_up(cookie, name, content, kind="hotline"):
    edge = "-" * 12 + "huiyin"
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
             for field, value in (("kind", kind), ("codes", "standard"), ("columns", ""))]
    parts += [f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode(),
              content, f"\r\n--{edge}--\r\n".encode()]
    return ask("POST", "/office/uploads", cookie, b"".join(parts), f"multipart/form-data; boundary={edge}")


def decide(cookie, page, what):
    return ask("POST", page, cookie, urllib.parse.urlencode({"decision": what}))


def orders():
    with contextlib.closing(sqlite3.connect(f"file:{data}/huiyin.db?mode=ro", uri=True, timeout=30)) as database:
        return database.execute("SELECT count(*) FROM hotline_order").fetchone()[0]


def state():
    with contextlib.closing(sqlite3.connect(f"file:{data}/huiyin.db?mode=ro", uri=True, timeout=30)) as database:
        return database.execute("SELECT state FROM upload ORDER BY uploaded_at DESC LIMIT 1").fetchone()[0]


kills, slowest = {"checked": 0, "applied": 0}, {"checked": 0.3, "applied": 0.9}


def killed_until(wanted, server, often):
    """Kills the server at random points until the file has come so far by itself; each time the orders are none or all."""
    seen, began = {orders()}, time.monotonic()
    while state() != wanted:
        time.sleep(random.uniform(0, 1.2 * slowest[wanted]) if often else 0.05)
        if often and state() != wanted:
            server.kill()
            server.wait()
            seen.add(orders())
            kills[wanted] += 1
            server, began = start(), time.monotonic()
    if not often:
        slowest[wanted] = time.monotonic() - began
    return server, seen | {orders()}


subprocess.run([sys.executable, str(HERE.parent / "bench" / "hotline_file.py"), str(ROWS), data + "-file"], check=True, stdout=subprocess.DEVNULL)
folder = pathlib.Path(data + "-file")
content, wanted = (folder / f"hotline_{ROWS}.csv").read_bytes(), json.loads((folder / f"hotline_{ROWS}.json").read_text())
passwords = {name: json.loads(run("user", "add", name, "--role", role))["password"]
             for name, role in (("clerk", "office_clerk"), ("leader", "office_leader"))}
run("user", "confirm", "clerk", "leader")
server = start()
for name, first in passwords.items():
    own = f"vT8kuzgm4qBx-{name}"
    changed = ask("POST", "/account/password", signed_in(name, first), urllib.parse.urlencode({"old": first, "new": own, "again": own}))
    assert changed[:2] == (303, "/account?done=password"), changed
    passwords[name] = own
clerk, leader = (signed_in(name, passwords[name]) for name in ("clerk", "leader"))

status, _, _, page = send_up(clerk, "a.csv", b"")
assert status == 422 and "文件是空的" in page, (status, page[:300])
status, _, _, page = send_up(clerk, "", b"")
assert status == 422 and "请先选择要上传的文件" in page, (status, page[:300])
status, page, _, _ = send_up(clerk, "工单.csv", content)
assert status == 303, status
server, seen = killed_until("checked", server, often=False)
assert seen == {0}, seen
clerk, leader = (signed_in(name, passwords[name]) for name in ("clerk", "leader"))
status, _, _, html = ask("GET", page, clerk)
assert status == 200 and "部分可以导入" in html and "入库要由另一位同志核对" in html, html
assert decide(clerk, page, "approve")[0] == 422 and orders() == 0
status, _, _, text = ask("GET", page + "/annotated.csv", clerk)
lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
assert status == 200 and lines[0] == ["工作表", "行", "错误说明"] and len(lines) == ROWS + 5, (status, len(lines))
assert sum(bool(line[2]) for line in lines[1:]) >= wanted["rejected"] and any("13900000001" in line for line in lines)
assert decide(leader, page, "approve")[0] == 303
server, seen = killed_until("applied", server, often=False)
taken = wanted["taken"]
assert seen <= {0, taken} and taken in seen, (seen, wanted)
leader = signed_in("leader", passwords["leader"])
status, _, _, html = ask("GET", page, leader)
assert status == 200 and "入库结果" in html and f"有问题 {wanted['rejected']:,}" in html, (wanted, re.findall(r"<p class=.lead.>.*?</p>", html))
assert decide(leader, page, "withdraw")[0] == 422
while sum(kills.values()) < KILLS:
    assert decide(leader, page, "undo")[0] == 303 and orders() == 0
    status, page, _, _ = send_up(clerk, "工单.csv", content)
    assert status == 303, status
    server, seen = killed_until("checked", server, often=True)
    assert seen == {0}, seen
    clerk, leader = (signed_in(name, passwords[name]) for name in ("clerk", "leader"))
    assert decide(leader, page, "approve")[0] == 303
    server, seen = killed_until("applied", server, often=True)
    assert seen <= {0, taken} and taken in seen, (seen, wanted)
    clerk, leader = (signed_in(name, passwords[name]) for name in ("clerk", "leader"))
server.kill()
server.wait()
phone = re.search(rb"139\d{8}", content).group()
for path in pathlib.Path(data).rglob("*"):
    assert not path.is_file() or phone not in path.read_bytes(), path
print(f"{ROWS} rows sent up, {taken} taken by a second person; killed {kills['checked']} times while checked and {kills['applied']} while taken, never a part of them")
