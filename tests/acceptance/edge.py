"""The edge of the site: headers, cookies, sessions, other sites, methods, sizes, slowness, paths.

usage: edge.py HUIYIN DATA      DATA: of a demo that was played; it is copied and left as it is

Every address for every role carries the headers written down below, whatever its status. A cookie from before signing in is
worth nothing afterwards. Nothing is changed by a request from elsewhere; through a proxy that takes the guard away the same
requests do change something, so that the check is seen to see. Each part says what it tried.
"""
import contextlib, http.client, pathlib, re, socket, socketserver, sys, threading, time, urllib.parse
from visitor import FORM, PASSWORD, Site, Visitor, played, who_may_see

binary, data = sys.argv[1], sys.argv[2]
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
          "base-uri 'none'; frame-ancestors 'none'")
FIXED = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer, same-origin",
         "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
         "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin"}
TELLING = ("server", "x-powered-by", "access-control-allow-origin", "access-control-allow-credentials")
OF_ONE_READER = ("/s", "/my", "/stop", "/sign-in", "/enter", "/decline", "/paused", "/check", "/submit", "/receipt", "/q/", "/verify/receipt", "/zh/", "/en/")
WITHOUT_COOKIES = ("/stop/", "/api/v1/ratings", "/api/v1/orders")
ELSEWHERE = {
    "a foreign origin": {"Origin": "https://evil.example"},
    "an origin that begins like ours": {"Origin": "{origin}.evil.example"},
    "no origin that can be named": {"Origin": "null"},
    "another site, with our origin": {"Origin": "{origin}", "Sec-Fetch-Site": "cross-site"},
    "a neighbour, with our origin": {"Origin": "{origin}", "Sec-Fetch-Site": "same-site"},
    "nothing": {},
    "only a referrer of ours": {"Referer": "{origin}/office"},
}
ADDRESSES, OWNERS = who_may_see()
tried = {}


def check(holds, *text):
    if not holds:
        sys.exit("FAILED: " + " ".join(map(str, text)))


def count(what, number=1):
    tried[what] = tried.get(what, 0) + number


def known(site):
    """Something that is there for every part of an address."""
    one = lambda query: (site.rows(query) or [("none",)])[0][0]
    return {"name": "clerk1", "id": one("SELECT id FROM matter WHERE unit_id = 'D12' LIMIT 1"), "unit": "D12", "leader": one("SELECT id FROM opinion LIMIT 1"),
            "batch": one("SELECT id FROM import_batch LIMIT 1"), "act": "sign", "file": "0" * 32, "reg_no": one("SELECT reg_no FROM problem LIMIT 1"),
            "round": "2026Q3", "version": "1", "page": "1", "handle": "none", "path": "s/2026Q3", "leaf": "0" * 64, "from": "1", "to": "2"}


def written(site):
    """Every address with its parts filled in: method, name, path."""
    parts = known(site)
    prefix = {name: f"/s/{{round}}{name}" for name in ("", "/enter", "/decline", "/paused", "/check", "/submit", "/receipt", "/q/{page}")}
    return [(method, name, re.sub(r"\{(\w+)[^}]*\}", lambda part: parts[part.group(1)], prefix.get(name, name))) for method, name in ADDRESSES]


def cookie_is_careful(cookie, encrypted, *where):
    words = [word.strip().lower() for word in cookie.split(";")[1:]]
    name = cookie.partition("=")[0]
    check("httponly" in words, *where, cookie)
    check(any(word in ("samesite=lax", "samesite=strict") for word in words), *where, cookie)
    check(not any(word.startswith("domain") for word in words), *where, cookie)
    check(("secure" in words) == encrypted, *where, cookie)
    if "hy_sid" in name:
        check(name == ("__Host-hy_sid" if encrypted else "hy_sid") and "path=/" in words, *where, cookie)


def headers_hold(reply, *where, kept_nowhere=False, encrypted=False):
    for name, value in FIXED.items():
        found = [text for key, text in reply.headers if key == name]
        check(found == [value], *where, f"{name}: {found}, expected {value}")
    check("unsafe" not in reply.header("content-security-policy"), *where)
    check(reply.header("cache-control"), *where, "says nothing about caching")
    check(not kept_nowhere or reply.header("cache-control") == "no-store", *where, f"is kept: {reply.header('cache-control')}")
    check(not [name for name, _ in reply.headers if name in TELLING], *where, reply.headers)
    check(not reply.body or reply.header("content-type"), *where, "has no media type")
    for cookie in reply.cookies():
        cookie_is_careful(cookie, encrypted, *where)


def headers(site, people, all_addresses, owners):
    visitors = [Visitor(site), *{visitor.role: visitor for visitor in people.values()}.values()]
    for visitor in visitors:
        for method, name, path in all_addresses:
            # What somebody signed in was shown, what carries a code, and every refusal is for one reader.
            alone = owners(name or "/s", method) != "everybody" or (name or "/s").startswith(OF_ONE_READER)
            reply = visitor.get(path) if method == "GET" else visitor.post(path, head={"Origin": "https://evil.example"})
            check(reply.status < 500, visitor.role, method, path, reply.status)
            headers_hold(reply, visitor.role, method, path, reply.status, kept_nowhere=alone and not name.startswith("/assets"))
            count("answers with every header")
        for path in ("/nowhere", "/assets/nowhere.js", "/r/nowhere", "/s/nowhere", "/office/matters/nowhere", "/%00", "/a%0d%0aX-Evil:1"):
            reply = visitor.get(path)
            headers_hold(reply, visitor.role, path, reply.status)
            check("x-evil" not in dict(reply.headers), path)
            count("answers with every header")


def control_of_headers():
    reply = type("Bare", (), {"headers": [], "body": b"x", "header": lambda self, name: "", "cookies": lambda self: ["hy_sid=1; Path=/"]})()
    with contextlib.redirect_stderr(None):
        try:
            headers_hold(reply)
        except SystemExit:
            return
    sys.exit("FAILED: an answer without headers passes")


def is_in(site, secret, name="hy_sid"):
    visitor = Visitor(site)
    visitor.jar[name] = secret
    reply = visitor.get("/account")
    check(reply.status in (200, 303), reply.status)
    return reply.status == 200


def sessions(site):
    planted = "a" * 43
    visitor = Visitor(site)
    visitor.jar["hy_sid"] = planted
    visitor.sign_in("clerk2")
    first = visitor.jar["hy_sid"]
    check(first != planted and len(first) >= 40, "the cookie from before is the one after")
    check(is_in(site, first) and not is_in(site, planted), "a planted cookie counts")
    visitor.sign_in("clerk2")
    second = visitor.jar["hy_sid"]
    check(second != first and not is_in(site, first), "signing in again leaves the cookie before it alive")
    other = Visitor(site).sign_in("clerk2").jar["hy_sid"]
    reply = visitor.post("/sign-out")
    check(reply.status == 303 and "cache" in reply.header("clear-site-data") and "storage" in reply.header("clear-site-data"), reply.status, reply.headers)
    check("hy_sid" not in visitor.jar and not is_in(site, second), "a cookie counts after signing out")
    check(is_in(site, other), "signing out ended the session of another device")

    one, two = Visitor(site).sign_in("clerk2"), Visitor(site).sign_in("clerk2")
    before, own = one.jar["hy_sid"], "vT8kuzgm4qBx-clerk2"
    reply = one.post("/account/password", {"old": PASSWORD, "new": own, "again": own})
    check(reply.status == 303, reply.status, reply.text[:400])
    check(not is_in(site, two.jar["hy_sid"]) and not is_in(site, other), "another session outlives a new password")
    check(is_in(site, one.jar["hy_sid"]), "who changed the password was thrown out")
    check(Visitor(site).post("/sign-in", {"account": "clerk2", "password": PASSWORD}).status == 422, "the old password counts")
    if before != one.jar["hy_sid"]:
        check(not is_in(site, before), "the cookie before the new password still counts")
    elif "kept" not in tried:
        print("  note: a new password ends the other sessions and keeps its own cookie as it is")
    for secret in (first, second, other, one.jar["hy_sid"]):
        for path in pathlib.Path(site.data).glob("huiyin.db*"):
            check(secret.encode() not in path.read_bytes(), f"a session lies readable in {path.name}")
    for guess in ("", "x", "' OR 1=1 --", "a" * 4000, first[:-1], first + "a", first.swapcase()):
        check(not is_in(site, guess or "-"), f"{guess[:20]!r} counts as a session")
    count("sessions that must not count", 16)


def encrypted(base="https://hy.yunxi.example"):
    with Site(binary, data, "--base-url", base) as site:
        visitor = Visitor(site)
        reply = visitor.post("/sign-in", {"account": "clerk1", "password": PASSWORD}, head={"Origin": base})
        check(reply.status == 303 and len(reply.cookies()) == 1, reply.status, reply.headers)
        headers_hold(reply, "/sign-in over https", kept_nowhere=True, encrypted=True)
        secret = visitor.jar.get("__Host-hy_sid")
        check(secret and "samesite=strict" in reply.cookies()[0].lower(), reply.cookies())
        check(is_in(site, secret, "__Host-hy_sid") and not is_in(site, secret), "over https a cookie without the prefix counts")
        for path, fields in (("/s/size", {"size": "large", "back": "/s"}), ("/sign-out", {})):
            reply = visitor.post(path, fields, head={"Origin": base})
            check(reply.status == 303, path, reply.status)
            headers_hold(reply, path, "over https", encrypted=True)
        for path in ("/zh/s/2026Q3", "/en/s/2026Q3"):
            headers_hold(visitor.get(path), path, "over https", encrypted=True)
        check(not is_in(site, secret, "__Host-hy_sid"), "a cookie counts after signing out over https")
        count("answers over https", 6)


class Door(socketserver.ThreadingTCPServer):
    """A proxy that makes every request look like one of our own pages: what a site without the guard would take."""
    daemon_threads = allow_reuse_address = True


class Rewriting(socketserver.StreamRequestHandler):
    def handle(self):
        while (line := self.rfile.readline()).strip():
            head = {}
            while (more := self.rfile.readline()).strip():
                name, _, value = more.decode("latin-1").partition(":")
                head[name.lower()] = value.strip()
            body = self.rfile.read(int(head.get("content-length", 0)))
            head = {name: value for name, value in head.items() if not name.startswith("sec-fetch") and name != "host"}
            method, path, _ = line.decode("latin-1").split()
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)) as out:
                out.request(method, path, body, {**head, "origin": f"http://127.0.0.1:{self.server.behind}"})
                reply = out.getresponse()
                content = reply.read()
                kept = [f"{name}: {value}" for name, value in reply.getheaders() if name.lower() not in ("transfer-encoding", "content-length")]
                self.wfile.write("\r\n".join([f"HTTP/1.1 {reply.status} x", *kept, f"Content-Length: {len(content)}", "", ""]).encode("latin-1") + content)


def forged(site, people, posts, owners, ways=ELSEWHERE):
    """Every form, sent by somebody who may, from elsewhere; what got through."""
    through = []
    for name, path in posts:
        if path.startswith(WITHOUT_COOKIES):
            continue
        may = owners(name or "/s", "POST")
        visitor = next((visitor for visitor in people.values() if may in (None, "everybody") or visitor.role in may))
        for way, head in ways.items():
            head = {key: value.format(origin=site.origin) for key, value in head.items()}
            jar = dict(visitor.jar)
            reply = visitor.post(path, FIELDS.get(path, {}), head=head, own=False)
            visitor.jar = jar
            count("forms from elsewhere")
            if reply.status != 403 or "没有改动" not in reply.text or reply.cookies():
                through.append((path, way, reply.status))
    return through


FIELDS = {"/s/size": {"size": "large", "back": "/s"}, "/account/sessions": {"session": "others"}, "/account-rules": {"policy": "asvs", "rule": "asvs"},
          "/office/names": {"spelling": "云溪市某某局", "unit": "D01", "reason": "short"}, "/accounts": {"account": "forged1", "name": "顾念之", "role": "office_clerk"}}


def other_sites(site, people, all_addresses, owners):
    posts = [(name, path) for method, name, path in all_addresses if method == "POST"]
    before = site.counts()
    through = forged(site, people, posts, owners)
    check(not through, "got through from elsewhere:", through)
    check(site.counts() == before, "something changed:", {name: (before[name], now) for name, now in site.counts().items() if now != before.get(name)})
    for path in ("/api/v1/ratings", "/api/v1/orders"):
        reply = people["leader"].ask("POST", path, b"{}", "application/json", own=False)
        check(reply.status == 401, path, "looks at a cookie", reply.status)

    with Door(("127.0.0.1", 0), Rewriting) as door:
        door.behind = site.port
        threading.Thread(target=door.serve_forever, daemon=True).start()
        behind = type("Behind", (), {"port": door.server_address[1], "origin": "https://evil.example"})()
        weak = {}
        for account in ("admin", "liaison-d12", "clerk1"):
            weak[account] = Visitor(behind, people[account].role)
            weak[account].jar = dict(people[account].jar)
        some = [(name, path) for name, path in posts if path in ("/s/size", "/accounts", "/office/names")]
        check(len(some) == 3, some)
        seen = forged(behind, weak, some, owners, {"a foreign origin": ELSEWHERE["a foreign origin"]})
        check(len(seen) == 3, "control: without the guard the check finds only", seen)
        door.shutdown()


def methods(site, people, all_addresses, owners):
    takes = {}
    for method, _, path in all_addresses:
        takes.setdefault(path, set()).add(method)
    patterns = [re.compile(re.sub(r"\{\w+:\.\*\}", ".+", re.sub(r"\{\w+\}", "[^/]+", name)) + "$") for method, name in ADDRESSES if method == "GET" and name]
    before = site.counts()
    for path, may in takes.items():
        name = next(name for _, name, other in all_addresses if other == path)
        who = owners(name or "/s", min(may))
        visitor = next((visitor for visitor in people.values() if who in (None, "everybody") or visitor.role in who))
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
            if method in may or method == "GET" and any(pattern.match(path) for pattern in patterns):
                continue
            reply = visitor.ask(method, path, b"" if method in ("POST", "PUT", "PATCH") else None, head={"X-HTTP-Method-Override": "POST"})
            check(reply.status in (404, 405), visitor.role, method, path, reply.status)
            headers_hold(reply, method, path)
            count("wrong methods")
        if may == {"POST"}:
            reply = visitor.ask("GET", f"{path}?_method=POST&decision=approve", head={"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"})
            check(reply.status in (404, 405) or any(pattern.match(path) for pattern in patterns), path, reply.status)
    after = site.counts()
    check({name: rows for name, rows in after.items() if name != "audit_event"} == {name: rows for name, rows in before.items() if name != "audit_event"}, before, after)


def raw(site, text, patience=20.0):
    """What comes back for these bytes, to the end."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=patience) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(text)
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while piece := line.recv(65536):
                got += piece
                if b"</html>" in got or b"\r\n0\r\n\r\n" in got:
                    break
    return got


def status(answer):
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(found.group(1)) if found else 0


def sizes(site):
    host = f"Host: 127.0.0.1:{site.port}\r\nOrigin: {site.origin}\r\n".encode()
    plain = b"Content-Type: " + FORM.encode() + b"\r\n"
    cases = {
        "a header of 1 MB": (b"GET / HTTP/1.1\r\n" + host + b"X-Long: " + b"a" * 1_000_000 + b"\r\n\r\n", (0, 400, 413, 431)),
        "1,000 headers": (b"GET / HTTP/1.1\r\n" + host + b"".join(b"X-%d: a\r\n" % n for n in range(1000)) + b"\r\n", (0, 400, 413, 431)),
        "an address of 300 kB": (b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + host + b"\r\n", (0, 400, 404, 413, 414, 431)),
        "a form of 65 kB": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Content-Length: 66010\r\n\r\naccount=" + b"a" * 66_002, (413,)),
        "a form of a terabyte": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Content-Length: 1000000000000\r\n\r\na=b", (413,)),
        "a form in pieces of 200 kB": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Transfer-Encoding: chunked\r\n\r\n" + b"1000\r\n" + b"a" * 4096 + b"\r\n" + (b"1000\r\n" + b"a" * 4096 + b"\r\n") * 49 + b"0\r\n\r\n", (413,)),
        "two lengths": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\na=b", (400,)),
        "a length and pieces": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
        "a negative length": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Content-Length: -1\r\n\r\n", (400,)),
        "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00" + b"\xff" * 200 + b"\r\n\r\n", (0, 400)),
        "a zero in an address": (b"GET /\x00 HTTP/1.1\r\n" + host + b"\r\n", (400,)),
        "100,000 fields": (b"POST /sign-in HTTP/1.1\r\n" + host + plain + b"Content-Length: 64000\r\n\r\n" + b"a&" * 32_000, (200, 422)),
    }
    for name, (text, may) in cases.items():
        got = status(raw(site, text, 6.0))
        check(got in may, f"{name}: {got}, expected one of {may}")
        check(Visitor(site).get("/healthz").status == 200, f"{name} took the server with it")
        count("requests out of measure")


def slow(site, told):
    """A head and a form that come drop by drop: each is ended by the server in its time."""
    host = f"Host: 127.0.0.1:{site.port}\r\nOrigin: {site.origin}\r\n".encode()

    def drops(name, head, drop, most):
        began, got = time.monotonic(), b""
        with socket.create_connection(("127.0.0.1", site.port), timeout=1) as line:
            line.sendall(head)
            while time.monotonic() - began < most + 15:
                try:
                    line.sendall(drop)
                    got += (piece := line.recv(65536))
                    if not piece or b"</html>" in got:
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
        told[name] = (round(time.monotonic() - began, 1), status(got), most)

    return [threading.Thread(target=drops, args=words) for words in (
        ("a slow head", b"GET / HTTP/1.1\r\n" + host, b"X-A: b\r\n", 10),
        ("a slow form", b"POST /sign-in HTTP/1.1\r\n" + host + f"Content-Type: {FORM}\r\nContent-Length: 5000\r\n\r\n".encode(), b"a", 30))]


def paths(site, people):
    clerk, parts = people["clerk1"], known(site)
    asset = re.search(r'(?:href|src)="(/assets/[^"]+)"', clerk.get("/").text).group(1)
    check(clerk.get(asset).status == 200, "control: an asset that is there is not found")
    targets = ("huiyin.db", "keys/accounts.key", "etc/passwd", "vault.db")
    climbs = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..%5c", "....//", "..;/", "..%c0%af")
    bases = ("/assets/", f"/assets/{asset.rsplit('/')[-1]}/", "/r/2026Q3/files/", "/r/2026Q3/bundle/", f"/office/matters/{parts['id']}/evidence/", "/office/uploads/", "/verify/log/2026Q3/leaf/", "/s/")
    for base in bases:
        for climb in climbs:
            for target in targets:
                for path in (base + climb * 6 + target, base + climb + target, base + f"%2f{target}", base + target + "%00.png"):
                    reply = clerk.get(path)
                    check(reply.status in (303, 400, 404) and b"SQLite format 3" not in reply.body and b"root:" not in reply.body, path, reply.status)
                    count("paths that climb")


def main():
    owners, told = OWNERS, {}
    control_of_headers()
    began = time.monotonic()
    with Site(binary, data) as site:
        people, all_addresses = played(site), written(site)
        waiting = slow(site, told)
        for thread in waiting:
            thread.start()
        for name, part in (("headers", lambda: headers(site, people, all_addresses, owners)), ("other sites", lambda: other_sites(site, people, all_addresses, owners)),
                           ("methods", lambda: methods(site, people, all_addresses, owners)), ("sizes", lambda: sizes(site)),
                           ("paths", lambda: paths(site, people)), ("sessions", lambda: sessions(site))):
            at = time.monotonic()
            part()
            print(f"  {name}: {time.monotonic() - at:.1f} s", flush=True)
        for thread in waiting:
            thread.join()
        for name, (seconds, code, most) in told.items():
            check(seconds <= most + 10 and code in (0, 408), f"{name}: {code} after {seconds} s, allowed {most}")
    encrypted()
    print(f"edge: {', '.join(f'{number} {what}' for what, number in tried.items())}; slow head and form ended after "
          f"{told['a slow head'][0]} and {told['a slow form'][0]} s; {time.monotonic() - began:.0f} s")


main()
