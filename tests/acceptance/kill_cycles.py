"""Kills the server again and again while people answer; no acknowledged answer may be lost.

usage: kill_cycles.py HUIYIN DATA_DIR ROUND CYCLES [DATABASE_URL]

The data directory holds an open round whose invitations lie in DATA_DIR/mail. Acknowledgements are counted here, outside
the server: a ballot counts as acknowledged when its receipt page has arrived. At the end every acknowledged receipt must
be found by its code, and the closed round must hold at least as many ballots as were acknowledged and no more than were sent.
"""
import email, glob, http.client, json, os, random, re, secrets, socket, subprocess, sys, threading, time, urllib.parse

binary, data, round_id, cycles = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
database = ["--database-url", sys.argv[5]] if len(sys.argv) > 5 else []
random.seed(7)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = free_port()
BASE = f"http://127.0.0.1:{PORT}"


def codes():
    found = []
    for path in sorted(glob.glob(os.path.join(data, "mail", "*.eml"))):
        with open(path, "rb") as file:
            text = email.message_from_binary_file(file).get_payload(decode=True).decode()
        found.append(re.search(rf"/s/{round_id}#(\S+)", text).group(1))
    return found


def start():
    server = subprocess.Popen(
        [binary, "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}", *database],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=1):
                return server
        except OSError:
            if server.poll() is not None:
                sys.exit(f"the server ended with {server.returncode}")
            time.sleep(0.05)
    sys.exit("the server did not start within 20 s")


class Person(threading.Thread):
    """Fills in one ballot; tries again with the same submission id when the connection breaks."""

    def __init__(self, code, stop):
        super().__init__(daemon=True)
        self.code, self.stop, self.receipt, self.sent, self.done = code, stop, None, False, False
        self.submission = secrets.token_hex(16)

    def request(self, method, path, fields=None, cookie=None):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
        headers = {"Origin": BASE}
        if cookie:
            headers["Cookie"] = cookie
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        cookies = [value.split(";")[0] for name, value in reply.getheaders() if name.lower() == "set-cookie"]
        connection.close()
        return reply.status, reply.getheader("Location"), cookies, text

    def try_once(self):
        status, _, cookies, _ = self.request("POST", f"/s/{round_id}/enter", {"code": self.code})
        if status != 303:
            raise ConnectionError(f"enter: {status}")
        cookie = "; ".join(cookies)
        path = f"/s/{round_id}/q/1"
        for _ in range(60):
            if not re.fullmatch(rf"/s/{round_id}/q/\d+", path):
                break
            status, _, _, page = self.request("GET", path, cookie=cookie)
            fields = {"a": "4"} if 'name="a"' in page else {}
            status, path, _, _ = self.request("POST", path, fields, cookie)
            if status != 303:
                raise ConnectionError(f"page: {status}")
        self.submit(cookie)

    def submit(self, cookie):
        self.sent = True
        status, location, cookies, _ = self.request("POST", f"/s/{round_id}/submit", {"submission_id": self.submission}, cookie)
        if status != 303:
            raise ConnectionError(f"submit: {status}")
        jar = "; ".join(cookies)
        _, _, _, page = self.request("GET", location, cookie=jar)
        self.receipt = re.search(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}\b", page).group(0)

    def run(self):
        while not self.stop.is_set() and self.receipt is None:
            try:
                self.try_once()
            except (OSError, http.client.HTTPException, ConnectionError):
                if self.sent:
                    return
                time.sleep(0.05)


def main():
    people = [Person(code, None) for code in codes()]
    random.shuffle(people)
    waiting, started = people[:], []
    for cycle in range(cycles):
        server, stop = start(), threading.Event()
        batch = [waiting.pop() for _ in range(min(25, len(waiting)))]
        for person in batch:
            person.stop = stop
            person.start()
        started += batch
        time.sleep(random.uniform(0.15, 1.2))
        server.kill()
        server.wait()
        stop.set()
        for person in batch:
            person.join(15)
    server = start()
    acknowledged = [person for person in started if person.receipt]
    sent = sum(person.sent for person in started)
    probe = Person("", None)
    lost = [p.receipt for p in acknowledged if probe.request("POST", "/my", {"code": p.receipt})[0] != 200]
    server.terminate()
    server.wait(40)
    closed = subprocess.run(
        [binary, "round", "close", round_id, "--data", data, "--json", "--yes", *database], capture_output=True, text=True)
    if closed.returncode:
        sys.exit(f"close failed: {closed.stderr}")
    received = json.loads(closed.stdout)["received"]
    print(f"kill -9 cycles: {cycles}, sent: {sent}, acknowledged: {len(acknowledged)}, received: {received}, lost: {len(lost)}")
    if lost or not len(acknowledged) <= received <= sent or len(acknowledged) < cycles:
        sys.exit("an acknowledged answer was lost, an answer was counted twice, or too few were acknowledged to tell")


main()
