"""Every role at every address, and one unit at another's matters: nobody gets in who may not, and nothing changes.

usage: who_may_see.py HUIYIN DATA [PROBES]      DATA: of a demo that was played; PROBES: numbers of matters tried (2000)

The addresses are read from the source, so that a new one has to say here whose it is. Forms are posted without fields: who may
not act is refused before they are read, who may is told what is missing.
"""
import contextlib, http.client, json, pathlib, random, re, socket, sqlite3, subprocess, sys, time, urllib.parse

binary, data = sys.argv[1], sys.argv[2]
PROBES = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
ROOT = pathlib.Path(__file__).parents[2]
PASSWORD = "yunxi-demo-2026"
random.seed(6)

# Whose an address is: the longest beginning counts, one with the method before one without.
OFFICE = {"office_clerk", "office_leader"}
WATCHERS = {"discipline_commission", "organisation_department", "stationed_group"}
OWNERS = {
    "/office": OFFICE,
    "/office/quality": OFFICE | {"discipline_commission"},
    "/office/publish": OFFICE | {"discipline_commission"},
    "/office/appeals": OFFICE | {"discipline_commission"},
    "/office/appeals/{id}": {"office_leader", "discipline_commission"},
    "/bulletins": OFFICE | WATCHERS | {"unit_liaison", "unit_head"},
    "/office/bad-ratings": OFFICE | {"discipline_commission"},
    "/commission": WATCHERS,
    "/commission/clues": {"discipline_commission"},
    "/commission/matters": {"discipline_commission", "stationed_group"},
    "/commission/problems": {"discipline_commission", "stationed_group"},
    "/stationed/problems": {"discipline_commission", "stationed_group"},
    "/stationed/bad-ratings": {"stationed_group"},
    "/stationed": WATCHERS,
    "/stationed/letters": {"stationed_group"},
    "/stationed/matters": {"discipline_commission", "stationed_group"},
    "/unit": {"unit_liaison", "unit_head"},
    "POST /unit": {"unit_liaison"},
    "/indicators": {"method_owner"},
    "POST /office/indicators": {"office_leader"},
    "/rate/pairing": {"pairing_rater"},
    "/agency": {"survey_agency"},
    "/account": None,
    "/accounts": {"system_admin", "security_admin"},
    "/account-rules": {"security_admin"},
    "/audit": {"audit_admin"},
    "/work": None,
    "/sign-out": None,
}
PUBLIC = ("/assets", "/healthz", "/robots.txt", "/s", "/en/", "/zh/", "/my", "/stop", "/privacy", "/help", "/verify", "/trend", "/method", "/corrections",
          "/accessibility", "/r/", "/sign-in", "/api/health", "/api/r/", "/enter", "/decline", "/paused", "/check", "/submit", "/receipt", "/q/")


def addresses():
    found = set()
    for path in sorted((ROOT / "crates/web/src").rglob("*.rs")):
        if path.name == "tests.rs":
            continue
        text = path.read_text()
        found |= {(method.upper(), name.strip('"')) for name, method in re.findall(r"\.route\(\s*(\"[^\"]+\"|UPLOADS),\s*web::(\w+)\(\)", text)}
    return sorted((method, "/office/uploads" if name == "UPLOADS" else name) for method, name in found)


def owners(name, method):
    fits = lambda prefix: name == prefix or name.startswith(prefix + "/") or name.startswith(prefix + ".")
    fitting = [entry for entry in OWNERS if fits(entry.removeprefix(method + " "))]
    if fitting:
        return OWNERS[max(fitting, key=len)]
    if name == "/" or name.startswith(PUBLIC):
        return "everybody"
    sys.exit(f"{name}: say in {__file__} who may see it")


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]
server = subprocess.Popen([binary, "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)


def ask(method, path, cookie=""):
    body = "" if method == "POST" else None
    head = {"Origin": f"http://127.0.0.1:{PORT}", "Cookie": cookie, **({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})}
    connection.request(method, path, body, head)
    reply = connection.getresponse()
    return reply.status, reply.getheader("Location") or "", reply.read().decode(errors="replace")


def signed_in(account):
    one = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    one.request("POST", "/sign-in", urllib.parse.urlencode({"account": account, "password": PASSWORD}),
                {"Origin": f"http://127.0.0.1:{PORT}", "Content-Type": "application/x-www-form-urlencoded"})
    reply = one.getresponse()
    assert reply.status == 303, (account, reply.status)
    return "; ".join(value.split(";")[0] for name, value in reply.getheaders() if name.lower() == "set-cookie")


def rows(query, *values):
    with contextlib.closing(sqlite3.connect(f"file:{data}/huiyin.db?mode=ro", uri=True, timeout=30)) as database:
        return database.execute(query, values).fetchall()


def state():
    """Everything an act would change."""
    return [rows(f"SELECT count(*), {what} FROM {table}") for table, what in (
        ("audit_event", "max(seq)"), ("matter", "sum(version)"), ("matter_event", "count(*)"), ("problem", "sum(version)"), ("bad_rating", "sum(version)"), ("callback", "sum(version)"), ("opinion", "sum(length(state))"),
        ("appeal", "count(*)"), ("upload", "count(*)"), ("import_batch", "count(*)"), ("letter", "count(signed_by) + count(read_by)"), ("unit_mailbox", "max(address)"), ("bulletin", "count(*)"), ("exclusion", "count(*)"),
        ("source", "count(*)"), ("unit_spelling", "count(*)"), ("round", "count(*)"), ("pairing_rating", "count(*)"), ("result_push", "count(*)"),
        ("account", "sum(active), sum(confirmed), sum(must_change), sum(length(role)), sum(length(password_hash))"), ("indicator_change", "sum(length(state))"), ("setting", "sum(length(value))"))]


for _ in range(400):
    try:
        with socket.create_connection(("127.0.0.1", PORT), timeout=1):
            break
    except OSError:
        time.sleep(0.05)
accounts = rows("SELECT id, role, unit_id FROM account WHERE role <> 'source'")
played = {account: (role, unit, signed_in(account)) for account, role, unit in accounts
          if account in {entry["sign_in"] for entry in json.loads((ROOT / "survey-templates/worlds/yunxi-demo.json").read_text())["accounts"]}}
assert len({role for role, _, _ in played.values()}) >= 12, sorted(played)
matter, other_unit = rows("SELECT id, unit_id FROM matter WHERE unit_id NOT IN ('D12', 'D20') LIMIT 1")[0]
opinion = rows("SELECT id FROM opinion WHERE state = 'collected' LIMIT 1")[0][0]
KNOWN = {"name": "clerk1", "round": "2026Q3", "id": matter, "unit": other_unit, "leader": opinion, "batch": rows("SELECT id FROM import_batch LIMIT 1")[0][0], "act": "sign", "file": "0" * 32,
         "reg_no": rows("SELECT reg_no FROM problem WHERE unit_id NOT IN ('D12', 'D20') LIMIT 1")[0][0]}
names = [(method, name, owners(name, method)) for method, name in addresses()]
guarded = [(method, name, may) for method, name, may in names if may != "everybody"]
before, tried, wrong = state(), 0, []
for method, name, may in guarded:
    path = re.sub(r"\{(\w+)[^}]*\}", lambda part: KNOWN[part.group(1)], name)
    status, location, _ = ask(method, path)
    tried += 1
    if not (status in (401, 403, 419) or status == 303 and location.startswith("/sign-in")):
        wrong.append((method, name, "nobody", status))
    for account, (role, _, cookie) in played.items():
        if may is not None and role not in may:
            status, _, _ = ask(method, path, cookie)
            tried += 1
            if status not in (403, 404):
                wrong.append((method, name, role, status))
assert not wrong, wrong
assert state() == before, "an act of somebody who may not act left something"

# Who may, gets an answer; forms without fields are refused in words, and no server error comes of them.
for method, name, may in guarded:
    if name == "/sign-out":
        continue
    path = re.sub(r"\{(\w+)[^}]*\}", lambda part: KNOWN[part.group(1)], name)
    for account, (role, _, cookie) in played.items():
        if method == "GET" and (may is None or role in may):
            status, _, page = ask(method, path, cookie)
            tried += 1
            assert status < 500 and status not in (401, 403) or status == 403 and "{" in name, (name, role, status)

# One unit at another's: real numbers and made up ones.
unit, cookie = next((unit, cookie) for role, unit, cookie in played.values() if role == "unit_liaison")
foreign = rows("SELECT id, title FROM matter WHERE unit_id <> ?", unit)
before, numbers = state(), [number for number, _ in foreign]
while len(numbers) < PROBES:
    numbers.append(f"ZG-2026Q{random.randrange(1, 5)}-{random.randrange(10_000):04}" if random.random() < 0.8 else f"{random.getrandbits(64):x}")
own = {number for number, in rows("SELECT id FROM matter WHERE unit_id = ?", unit)}
for number in numbers:
    if number not in own:
        for method, path in (("GET", f"/unit/matters/{number}"), ("POST", f"/unit/matters/{number}/sign")):
            status, _, page = ask(method, path, cookie)
            assert status in (403, 404), (method, path, status)
listed = ask("GET", "/unit", cookie)[2] + ask("GET", "/unit/matters.csv", cookie)[2]
assert not [number for number, _ in foreign if number in listed]
assert state() == before
server.kill()
server.wait()
print(f"{len(names)} addresses, {len(guarded)} of them guarded, {len(played)} accounts: {tried} tries, nobody in who may not; {len(numbers)} matters tried by another unit")
