"""A city for scanners: prepare.py HUIYIN DATA PORT KEYS OUT. Serves until it is told to stop.

An open round with keys for programs: many, because each may send 120 requests a minute, and the round has to be sent more than
429. OUT gets the keys by address and a cookie of somebody signed in for each role of the office and of the administrators.
"""
import json, pathlib, re, sys
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "acceptance"))
from visitor import Site, Visitor

binary, data, port, keys, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), pathlib.Path(sys.argv[5])
ROLES = {"clerk": "office_clerk", "leader": "office_leader", "admin": "system_admin", "security": "security_admin", "auditor": "audit_admin"}
site = Site(binary, data, copied=False)
site.port, site.origin = port, f"http://127.0.0.1:{port}"
first = {account: json.loads(site.huiyin("user", "add", account, "--role", role, "--json"))["password"] for account, role in ROLES.items()}
site.huiyin("user", "confirm", *ROLES)
site.start()
people = {}
for account, password in first.items():
    people[account] = Visitor(site).sign_in(account, password)
    own = f"vT8kuzgm4qBx-{account}"
    reply = people[account].post("/account/password", {"old": password, "new": own, "again": own})
    assert reply.status == 303, reply.text[-600:]
found = {"/api/v1/ratings": [], "/api/v1/orders": []}
for number in range(keys):
    for path, kind in (("/api/v1/ratings", "hall"), ("/api/v1/orders", "hotline")):
        reply = people["leader"].post("/office/sources", {"label": f"系统{kind}{number}", "kind": kind, "codes": "standard", "callback": ""})
        key = re.search(r"hy_[A-Za-z0-9_-]{20,}", reply.text)
        assert key, (reply.status, re.sub(r"<[^>]*>", " ", reply.text)[-600:])
        found[path].append(key.group())
cookies = {account: "; ".join(f"{name}={value}" for name, value in visitor.jar.items()) for account, visitor in people.items()}
passwords = {account: f"vT8kuzgm4qBx-{account}" for account in people}
out.write_text(json.dumps({"keys": found, "cookies": cookies, "passwords": passwords}))
site.server.wait()
