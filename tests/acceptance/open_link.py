"""An open link lets in whoever has worked or added, once for each task, and nobody is locked out.

usage: open_link.py HUIYIN DATA_DIR

Makes an open round in the data directory, then plays a browser with scripts (by Python's own PBKDF2), one without, and a
machine that sends the same answer again.
"""
import hashlib, http.client, itertools, re, socket, subprocess, sys, time, urllib.parse

binary, data = sys.argv[1:3]
ROUND = "2026Q3"


def huiyin(*arguments):
    subprocess.run([binary, *arguments, "--data", data], check=True, stdout=subprocess.DEVNULL)


def check(holds, text):
    if not holds:
        sys.exit(f"FAILED: {text}")


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]


def send(method, path, **fields):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Origin": f"http://127.0.0.1:{PORT}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, urllib.parse.urlencode(fields) or None, headers)
    reply = connection.getresponse()
    page = reply.read().decode()
    return reply.status, reply.getheader("Location"), page


def enter(**fields):
    return send("POST", f"/s/{ROUND}/enter", **fields)


def task_of(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page).group(1)


def fits(task, number):
    return hashlib.pbkdf2_hmac("sha256", str(number).encode(), task.encode(), 5000)[0] < 2


def worked():
    task = task_of(send("GET", f"/s/{ROUND}")[2], "work")
    return {"work": task, "found": next(number for number in itertools.count() if fits(task, number))}


def added(page, more=0):
    numbers = re.search(r">(\d) 加 (\d) 等于几", page).groups()
    return {"sum": task_of(page, "sum"), "answer": sum(map(int, numbers)) + more}


def begins(reply):
    return reply[0] == 303 and reply[1] == f"/s/{ROUND}/q/1"


huiyin("migrate", "--world", "yunxi")
huiyin("round", "create", ROUND, "--anonymity", "open")
huiyin("round", "open", ROUND)
server = subprocess.Popen([binary, "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}"], stderr=subprocess.DEVNULL)
try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    work = worked()
    wrong = next(number for number in itertools.count() if not fits(work["work"], number))
    check(not begins(enter(**{**work, "found": wrong})), "work that was not done is believed")
    check(begins(enter(**work)), "work that was done does not lead in")
    check(not begins(enter(**work)), "one task leads in twice")

    status, _, page = enter()
    check(status == 200 and "先算一道加法" in page, f"without scripts: {status}")
    status, _, page = enter(**added(page, more=1))
    check(status == 422 and 'role="alert"' in page, f"a wrong sum: {status}")
    right = added(page)
    check(begins(enter(**right)), "the right sum does not lead in")
    check(not begins(enter(**right)), "one sum leads in twice")
    check(begins(enter(**added(enter(**right)[2]))), "whoever came too late is not asked again")

    began = time.monotonic()
    for _ in range(8):
        enter(sum="1.2.3", answer="7")
    check(time.monotonic() - began > 1.5, "sums of one network are not looked at one after the other")
finally:
    server.terminate()
    server.wait()
print("an open link asks for work or a sum, once each")
