"""A served copy of a data directory, people who visit it, and pages taken apart: shared by the tests that attack the site."""
import ast, contextlib, http.client, json, pathlib, re, shutil, socket, sqlite3, subprocess, sys, tempfile, time, urllib.parse
from html.parser import HTMLParser

ROOT = pathlib.Path(__file__).parents[2]
PASSWORD = "yunxi-demo-2026"
FORM = "application/x-www-form-urlencoded"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """The server over a copy of the data, which is gone afterwards."""

    def __init__(self, binary, data, *words, copied=True):
        self.binary, self.words, self.kept = binary, words, None
        if copied:
            self.kept = tempfile.TemporaryDirectory(prefix="huiyin-visitor-")
            shutil.copytree(data, f"{self.kept.name}/data", ignore=shutil.ignore_patterns("*.lock"))
            data = f"{self.kept.name}/data"
        self.data, self.port, self.server = str(data), free_port(), None
        self.origin = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.kept:
            self.kept.cleanup()

    def start(self):
        self.server = subprocess.Popen([self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *self.words],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            assert self.server.poll() is None, f"the server ended with {self.server.returncode}"
            time.sleep(0.05)
        sys.exit("the server did not start")

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait(60)
            self.server = None

    def huiyin(self, *words, may=(0,)):
        done = subprocess.run([self.binary, *map(str, words), "--data", self.data], capture_output=True, text=True)
        assert done.returncode in may, (words, done.returncode, done.stdout[-600:], done.stderr[-600:])
        return done.stdout

    def rows(self, query, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/huiyin.db?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(query, values).fetchall()

    def counts(self):
        """How many rows every table holds, but for what merely says that somebody was here."""
        tables = [name for name, in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {name: self.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in tables if name != "session"}


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, [(name.lower(), value) for name, value in headers], body

    def header(self, name):
        return next((value for key, value in self.headers if key == name), "")

    def cookies(self):
        return [value for name, value in self.headers if name == "set-cookie"]

    @property
    def text(self):
        return self.body.decode("utf-8", errors="replace")


class Visitor:
    """Keeps cookies and one connection; says where it comes from unless told otherwise."""

    def __init__(self, site, role="nobody"):
        self.site, self.role, self.jar, self.connection = site, role, {}, None

    def ask(self, method, path, body=None, kind=FORM, head=None, own=True):
        sent = {"Origin": self.site.origin} if own else {}
        if self.jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        if body is not None:
            sent["Content-Type"] = kind
        for _ in range(2):
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=90)
            try:
                self.connection.request(method, path, body, {**sent, **(head or {})})
                reply = self.connection.getresponse()
                reply = Reply(reply.status, reply.getheaders(), reply.read())
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection = None
        for cookie in reply.cookies():
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self.jar[name] = value
            else:
                self.jar.pop(name, None)
        return reply

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, fields=(), **more):
        return self.ask("POST", path, urllib.parse.urlencode(fields), **more)

    def sign_in(self, account, password=PASSWORD):
        reply = self.post("/sign-in", {"account": account, "password": password})
        assert reply.status == 303, (account, reply.status, reply.text[:400])
        return self


def played(site):
    """Somebody signed in for each account of the demo."""
    told = {entry["sign_in"]: entry["role"] for entry in json.loads((ROOT / "survey-templates/worlds/yunxi-demo.json").read_text())["accounts"]}
    return {account: Visitor(site, role).sign_in(account) for account, role in told.items()}


class Parsed(HTMLParser):
    """A page taken apart: elements with their attributes, links, forms with their fields, text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.links, self.forms, self.words = [], [], [], []
        self.form = self.field = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        had = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attrs))
        if tag == "a" and "href" in had:
            self.links.append(had["href"])
        elif tag == "form":
            self.form = {"action": had.get("action", ""), "method": had.get("method", "get").lower(), "enctype": had.get("enctype", FORM), "fields": []}
            self.forms.append(self.form)
        elif tag == "option" and self.field is not None:
            self.field["options"].append(had.get("value", ""))
            if "selected" in had:
                self.field["value"] = had.get("value", "")
        elif tag in ("input", "textarea", "select", "button") and self.form is not None and "name" in had:
            kind = had.get("type", "text") if tag == "input" else tag
            self.form["fields"].append({"name": had["name"], "kind": kind, "value": had.get("value", ""), "options": [], "on": "checked" in had,
                                        "number": had.get("inputmode") == "numeric"})
            if tag in ("select", "textarea"):
                self.field = self.form["fields"][-1]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in ("select", "textarea"):
            self.field = None

    def handle_data(self, data):
        self.words.append(data)
        if self.field is not None and self.field["kind"] == "textarea":
            self.field["value"] += data


def who_may_see():
    """From who_may_see.py: every address of the source with its method, and the function that says whose an address is."""
    path = pathlib.Path(__file__).with_name("who_may_see.py")
    tree = ast.parse(path.read_text())
    wanted = {"OFFICE", "WATCHERS", "OWNERS", "PUBLIC", "owners", "addresses"}
    tree.body = [node for node in tree.body if getattr(node, "name", None) in wanted or isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in wanted]
    scope = {"sys": sys, "re": re, "ROOT": ROOT, "__file__": str(path)}
    exec(compile(tree, str(path), "exec"), scope)
    return scope["addresses"](), scope["owners"]
