"""What every harness uses: an installation with an open round, the server, the crowd, and the check of what was acknowledged."""
import contextlib, hashlib, hmac, http.client, json, os, random, signal, socket, sqlite3, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROUND = "2026Q3"
FAILED = []


def check(good, what):
    """Notes a promise that was not kept, and goes on to show the others."""
    print(("ok: " if good else "FAILED: ") + what, flush=True)
    if not good:
        FAILED.append(what)


def finish():
    sys.exit(1 if FAILED else 0)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rig:
    def __init__(self, binary, load, work, database=None):
        self.binary, self.load, self.data, self.database = binary, load, os.path.join(work, "data"), database
        self.work, self.port, self.server = work, free_port(), None
        self.codes, self.log = os.path.join(work, "codes"), os.path.join(work, "acknowledged")
        self.url = ["--database-url", database] if database else []
        self.host = f"127.0.0.1:{self.port}"

    def run(self, *words, ok=True):
        done = subprocess.run([self.binary, *words, "--data", self.data, *self.url], capture_output=True, text=True)
        if ok and done.returncode:
            sys.exit(f"{words}: {done.stderr}")
        return done

    def open_round(self, people):
        """Creates the invented city with an open round and so many codes."""
        pool = os.path.join(self.work, "pool.csv")
        with open(pool, "w") as file:
            file.write("姓名,身份类别,单位职务,手机号,邮箱,区县\n")
            groups = ["两代表一委员"] * 500 + ["机关干部"] * 400 + ["企业代表"] * 600 + ["普通群众"] * 1000
            for n, group in enumerate(groups):
                file.write(f"林{n:05d},{group},职员,1390{n:07d},p{n:05d}@example.invalid,望湖区\n")
        self.run("migrate", "--world", "yunxi")
        self.run("import", "pool", pool)
        self.run("round", "create", ROUND)
        self.run("sample", "draw", "--round", ROUND, "--seed", "7")
        self.run("round", "open", ROUND)
        self.mint(people)

    def mint(self, people, out=None):
        subprocess.run([self.load, "mint", "--data", self.data, "--round", ROUND, "--count", str(people),
                        "--out", out or self.codes, *self.url], check=True)

    def start(self, preload=None, wait=60):
        environment = dict(os.environ, HUIYIN_LOG="off", **(preload or {}))
        self.server = subprocess.Popen(
            [self.binary, "serve", "--listen", self.host, "--data", self.data, *self.url],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until = time.monotonic() + wait
        while time.monotonic() < until:
            try:
                if self.get("/healthz")[0]:
                    return self
            except OSError:
                if self.server.poll() is not None:
                    sys.exit(f"the server ended with {self.server.returncode}: {self.server.stderr.read().decode()}")
                time.sleep(0.02)
        sys.exit("the server did not start")

    def get(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers or {})
            reply = connection.getresponse()
            return reply.status, reply.read().decode()

    def kill(self):
        self.server.kill()
        self.server.wait()
        self.server.stderr.close()

    def stop(self):
        """A graceful end; returns the seconds it took."""
        started = time.monotonic()
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(60)
        self.server.stderr.close()
        return time.monotonic() - started, code

    def crowd(self, *words, command="drive", codes=None, log=True):
        """Starts people answering; they stop when all were answered or the server is gone."""
        arguments = [self.load, command, "--host", self.host, "--round", ROUND, "--codes", codes or self.codes]
        arguments += ["--log", self.log] if log else []
        return subprocess.Popen([*arguments, *words], stdout=subprocess.PIPE, text=True)

    def seen(self, crowd):
        text = crowd.communicate(timeout=1800)[0]
        if crowd.returncode:
            sys.exit("the crowd failed")
        return json.loads(text)

    def acknowledged(self):
        """Submission ids the crowd wrote down on receiving their receipts."""
        if not os.path.exists(self.log):
            return []
        with open(self.log) as file:
            return [line.split()[1] for line in file if line.endswith("\n")]

    def wait_for(self, more, crowd, seconds=90):
        """Waits until so many more answers were acknowledged, then for a moment nobody can foresee."""
        until = time.monotonic() + seconds
        while len(self.acknowledged()) < more and time.monotonic() < until and crowd.poll() is None:
            time.sleep(0.02)
        time.sleep(random.uniform(0, 0.25))

    def stored(self):
        """Keyed submission ids in the database, and how many sealed ballots, receipts and used codes there are."""
        # One statement sees one moment, also while what the server had queued is still being written.
        sql = ("SELECT submission_hmac FROM submission"
               " UNION ALL SELECT '#' || ((SELECT count(*) FROM sealed_ballot) + (SELECT count(*) FROM ballot))"
               " UNION ALL SELECT '#' || (SELECT count(*) FROM receipt)"
               " UNION ALL SELECT '#' || (SELECT count(*) FROM token WHERE state = 'answered')")
        if self.database:
            done = subprocess.run(["psql", self.database, "-qAtc", sql], check=True, capture_output=True, text=True)
            rows = done.stdout.split()
        else:
            with contextlib.closing(sqlite3.connect(f"file:{self.data}/huiyin.db?mode=ro", uri=True, timeout=30)) as database:
                rows = [row[0] for row in database.execute(sql)]
        return {row for row in rows if row[0] != "#"}, [int(row[1:]) for row in rows if row[0] == "#"]

    def compare(self):
        """Acknowledged answers that are missing, and answers stored without exactly one ballot, receipt and used code."""
        with open(os.path.join(self.data, "keys", f"round-{ROUND}.key")) as file:
            key = bytes.fromhex(file.read().strip())
        acknowledged = self.acknowledged()
        keyed = [hmac.new(key, b"submission\0" + one.encode() + b"\0", hashlib.sha256).hexdigest() for one in acknowledged]
        ids, counts = self.stored()
        lost = sum(one not in ids for one in keyed)
        uneven = sum(abs(count - len(ids)) for count in counts)
        twice = len(acknowledged) - len(set(acknowledged))
        return {"acknowledged": len(acknowledged), "stored": len(ids), "lost": lost, "duplicates": uneven + twice}


@contextlib.contextmanager
def workplace():
    with tempfile.TemporaryDirectory(prefix="huiyin-faults-") as work:
        os.chmod(work, 0o755)
        yield work


def arguments():
    """HUIYIN LOAD [--full] [other words]"""
    words = [word for word in sys.argv[1:] if word != "--full"]
    random.seed(20261012)
    return os.path.abspath(words[0]), os.path.abspath(words[1]), "--full" in sys.argv, words[2:]


def shim(work):
    """Compiles the watched disk."""
    library = os.path.join(work, "disk.so")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, os.path.join(HERE, "disk.c"), "-ldl", "-lpthread"], check=True)
    return library
