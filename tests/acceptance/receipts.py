"""People answer, the closing is killed again and again, and every receipt must then verify with our independent script.

usage: receipts.py HUIYIN DATA_DIR ROUND

The data directory holds an open round whose invitations lie in DATA_DIR/mail. Also: a receipt with one changed digit, a
log that a dishonest site has changed, and a root that disappears must each be refused.
"""
import email, glob, http.client, http.server, json, os, random, re, secrets, socket, subprocess, sys, threading, time
import urllib.parse, urllib.request

binary, data, round_id = sys.argv[1:4]
script = os.path.join(os.path.dirname(__file__), "..", "independent", "verify_receipt.py")
random.seed(11)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = free_port()
SITE = f"http://127.0.0.1:{PORT}"


def request(method, path, fields=None, cookie=""):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Origin": SITE, "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request(method, path, urllib.parse.urlencode(fields or {}) if method == "POST" else None, headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    cookies = [value.split(";")[0] for name, value in reply.getheaders() if name.lower() == "set-cookie"]
    return reply.status, reply.getheader("Location"), "; ".join(cookies), text


def serve():
    server = subprocess.Popen([binary, "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.05)
    sys.exit("the server did not start within 20 s")


def answer(code):
    """From the code to the whole receipt."""
    _, path, cookie, _ = request("POST", f"/s/{round_id}/enter", {"code": code})
    while "/q/" in path:
        _, _, _, page = request("GET", path, cookie=cookie)
        _, path, _, _ = request("POST", path.split("?")[0], {"a": "4"} if 'name="a"' in page else {}, cookie)
    _, place, given, _ = request("POST", f"/s/{round_id}/submit", {"submission_id": secrets.token_hex(16)}, cookie)
    _, _, _, page = request("GET", place, cookie=given)
    receipt = re.search(r"hy_receipt=([^;]+)", given).group(1)
    if receipt.split(".")[-2] not in page or "<svg class=\"qr\"" not in page:
        sys.exit("the receipt page does not show the code and the square code")
    return receipt


def verify(*arguments, site=SITE):
    return subprocess.run([sys.executable, script, "--site", site, *arguments], capture_output=True, text=True)


class Dishonest(http.server.BaseHTTPRequestHandler):
    """Passes on what the site says, with something changed."""

    change = staticmethod(lambda path, body: body)

    def do_GET(self):
        try:
            body = urllib.request.urlopen(SITE + self.path).read()
        except urllib.error.HTTPError as refused:
            return self.send_error(refused.code)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.change(self.path, json.loads(body))).encode())

    def log_message(self, *_):
        pass


def other_root(path, body):
    if path.endswith("roots.json"):
        body["roots"][-1]["root"] = "00" * 32
    return body


def other_signer(path, body):
    if path.endswith("roots.json"):
        body["roots"][-1]["checkpoint"] = body["roots"][-1]["checkpoint"][:-9] + "AAAAAAA=\n"
    return body


def other_proof(path, body):
    if "/leaf/" in path:
        body["proof"][0] = "00" * 32
    return body


def main():
    codes = []
    for path in sorted(glob.glob(os.path.join(data, "mail", "*.eml")))[:30]:
        with open(path, "rb") as file:
            text = email.message_from_binary_file(file).get_payload(decode=True).decode()
        codes.append(re.search(rf"/s/{round_id}#(\S+)", text).group(1))
    server = serve()
    receipts = [answer(code) for code in codes]
    # The first root needs twenty receipts; whoever answers later stands in the next one.
    server.terminate()
    server.wait(40)
    subprocess.run([binary, "worker", "--once", "--data", data], check=True, capture_output=True)
    server = serve()
    status, _, _, page = request("POST", "/verify/receipt", {"receipt": receipts[0]})
    early = status == 200 and "在日志里" in page
    more = verify(receipts[0], "--keep", os.path.join(data, "seen.json"))
    server.terminate()
    server.wait(40)

    kills = 0
    while True:
        closing = subprocess.Popen([binary, "round", "close", round_id, "--data", data, "--json", "--yes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            out, problem = closing.communicate(timeout=random.uniform(0.01, 0.4) if kills < 12 else 60)
            break
        except subprocess.TimeoutExpired:
            closing.kill()
            closing.communicate()
            kills += 1
    subprocess.run([binary, "worker", "--once", "--data", data], check=True, capture_output=True)
    listed = json.loads(subprocess.run([binary, "round", "list", "--data", data, "--json"], capture_output=True, text=True).stdout)
    state = next(one["state"] for one in listed if one["round"] == round_id)
    left = [name for name in os.listdir(os.path.join(data, "keys")) if name.startswith("mix-")]

    server = serve()
    problems = []

    def expect(holds, what):
        if not holds:
            problems.append(what)

    expect(early and more.returncode == 0, f"the first root does not hold the first receipt: {more.stdout}{more.stderr}")
    expect(state == "closed" and not left, f"after {kills} kills: {state}, keys left {left}, {out}{problem}")
    failed = [said.stderr for said in (verify(receipt) for receipt in receipts) if said.returncode]
    expect(not failed, f"{len(failed)} of {len(receipts)} receipts do not verify: {failed[:1]}")
    log = json.load(urllib.request.urlopen(f"{SITE}/verify/log/{round_id}/roots.json"))
    expect(log["roots"][-1]["size"] == len(receipts) and log["roots"][-1]["closing"], f"the last root: {log['roots'][-1]}")
    changed = receipts[1][:-1] + ("0" if receipts[1][-1] != "0" else "1")
    expect(verify(changed).returncode != 0, "a changed receipt verifies")
    expect(request("POST", "/verify/receipt", {"receipt": changed})[0] == 404, "the page finds a changed receipt")
    port = free_port()
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", port), Dishonest)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    for change in (other_root, other_signer, other_proof):
        Dishonest.change = staticmethod(change)
        said = verify(receipts[2], site=f"http://127.0.0.1:{port}")
        expect(said.returncode == 1, f"{change.__name__} is not noticed: {said.stdout}{said.stderr}")
    Dishonest.change = staticmethod(lambda path, body: {**body, "roots": body["roots"][1:]} if path.endswith("roots.json") else body)
    said = verify(receipts[2], "--keep", os.path.join(data, "seen.json"), site=f"http://127.0.0.1:{port}")
    expect(said.returncode == 1 or len(log["roots"]) == 1, f"a root that disappeared is not noticed: {said.stdout}{said.stderr}")
    server.terminate()
    server.wait(40)
    print(f"{len(receipts)} receipts verify against {len(log['roots'])} roots; the closing was killed {kills} times")
    if problems:
        sys.exit("\n".join(problems))


main()
