"""A round of invitations through a mail server and a gateway that fail, over five compressed days.

usage: mail.py BINARY [--ignore-leases]

1,000 people have a mail address, 500 a telephone only, 500 neither way but paper. The sender is killed while a letter is in
the hands of the server; the clock then jumps from one due letter to the next (libfaketime) until nothing waits. At the end
every address must have ended as it should, and nobody may have got a letter twice that is not counted.
With --ignore-leases the leases are wiped after each kill, as if there were none: the check must notice.
"""
import csv, hashlib, hmac, json, os, random, re, shutil, socket, sqlite3, subprocess, sys, tempfile, time, urllib.error, urllib.request
from collections import Counter
from datetime import datetime, timezone

binary, control = sys.argv[1], "--ignore-leases" in sys.argv
here = os.path.dirname(os.path.abspath(__file__))
work = tempfile.mkdtemp(prefix="huiyin-mail-")
data, clock, out = f"{work}/data", f"{work}/clock", open(f"{work}/output", "w")
faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
MAILS = {"ok": 754, "grey": 120, "dead": 40, "full": 30, "rule": 10, "drop": 26, "gone": 4, "slow": 4, "hold": 12}
started = time.time()
children, problems, facts = [], [], {}


def expect(holds, text):
    if not holds:
        problems.append(text)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(*command, env=None, ready=True):
    child = subprocess.Popen(command, stdout=subprocess.PIPE if ready else out, stderr=out, env=env)
    children.append(child)
    if ready:
        child.stdout.readline()
    return child


def set_clock(offset):
    with open(clock, "w") as f:
        f.write(f"+{int(offset)}")


def env():
    return {**os.environ, "HUIYIN_LOG": "debug", "HUIYIN_DATA": data, "LD_PRELOAD": faketime, "FAKETIME_TIMESTAMP_FILE": clock,
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def huiyin(*arguments, stdin=None):
    done = subprocess.run([binary, *arguments, "--json"], env=env(), stdout=subprocess.PIPE, stderr=out, input=stdin)
    out.write(done.stdout.decode())
    if done.returncode:
        sys.exit(f"{arguments} ended with {done.returncode}; see {work}/output")
    lines = done.stdout.decode().strip().splitlines()
    return json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}


def query(sql, *values):
    with sqlite3.connect(f"file:{data}/huiyin.db", uri=True, timeout=20) as db:
        return db.execute(sql, values).fetchall()


def events(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.endswith("\n")]


def pool():
    """Addresses by kind in a random order, then telephones, then paper."""
    kinds = [kind for kind, count in MAILS.items() for _ in range(count)]
    random.Random(7).shuffle(kinds)
    groups = [g for g, n in (("两代表一委员", 400), ("机关干部", 300), ("企业代表", 500), ("普通群众", 800)) for _ in range(n)]
    ways = [f"{kind}{n}@{n % 5}.example.test" for n, kind in enumerate(kinds)] + [f"1390{n:07d}" for n in range(500)] + [None] * 500
    random.Random(8).shuffle(ways)
    with open(f"{work}/pool.csv", "w", newline="", encoding="utf-8") as f:
        rows = csv.writer(f)
        rows.writerow(["姓名", "身份类别", "单位职务", "手机号", "邮箱", "区县"])
        for n, (group, way) in enumerate(zip(groups, ways)):
            mail = way if way and "@" in way else ""
            # A fixed line takes no short messages: who has nothing else is written to on paper.
            phone = way if way and "@" not in way else ("" if mail else f"0571{80000000 + n}")
            rows.writerow([f"云{n}", group, "职员", phone, mail, "望湖区"])
    return ways


def key(name):
    return bytes.fromhex(open(f"{data}/keys/{name}.key").read().strip())


def certificate(name, *more):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout", f"{work}/{name}.key",
                    "-out", f"{work}/{name}.pem", *more], check=True, stderr=out)


def address_hash(address):
    return hmac.new(key("addresses"), address.lower().encode() + b"\0", hashlib.sha256).hexdigest()


def wait_for(path, wanted, seconds=120):
    until = time.time() + seconds
    while time.time() < until:
        if os.path.exists(path) and any(wanted(event) for event in events(path)):
            return True
        time.sleep(0.02)
    return False


def run():
    ways = pool()
    set_clock(0)
    smtp, sms, web = free_port(), free_port(), free_port()
    certificate("authority", "-subj", "/CN=authority")
    certificate("tls", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE",
                "-CA", f"{work}/authority.pem", "-CAkey", f"{work}/authority.key")
    with open(f"{work}/secret", "w") as f:
        f.write("a secret of the invented city")
    taken_log, sms_log = f"{work}/smtp.log", f"{work}/sms.log"
    start(sys.executable, f"{here}/smtp_server.py", str(smtp), taken_log, f"{work}/tls.pem", f"{work}/tls.key")
    start(sys.executable, f"{here}/sms_gateway.py", str(sms), sms_log, f"{work}/secret", clock)
    ways_out = ["--smtp", f"smtps://localhost:{smtp}", "--smtp-ca-file", f"{work}/authority.pem", "--mail-from", "评价办 <office@yunxi.example>",
                "--mail-bounces", "bounce@yunxi.example", "--mail-per-minute", "6000", "--mail-connections", "4",
                "--sms-url", f"http://127.0.0.1:{sms}/", "--sms-secret-file", f"{work}/secret"]

    huiyin("migrate", "--world", "yunxi")
    huiyin("import", "pool", f"{work}/pool.csv")
    huiyin("round", "create", "2026Q3")
    huiyin("sample", "draw", "--round", "2026Q3", "--seed", "7", "--base-url", "https://hy.yunxi.example", *ways_out)
    huiyin("round", "open", "2026Q3")
    kinds = Counter(kind for (kind,) in query("SELECT kind FROM outbox"))
    expect(kinds["mail"] == 1000, f"letters: {kinds}")
    facts["letters"] = dict(kinds)

    # A server whose certificate nobody vouches for gets nothing.
    huiyin("mail", "send", "--once", "--smtp", f"smtps://localhost:{smtp}")
    expect(not events(taken_log), "a letter went to a server without a known certificate")

    # The sender dies while letters are in the hands of the server.
    kills = 0
    for _ in range(3):
        held = {event["to"] for event in events(taken_log) if event["to"].startswith("hold")}
        sender = start(binary, "mail", "send", *ways_out, env=env(), ready=False)
        caught = wait_for(taken_log, lambda event: event["to"].startswith("hold") and event["to"] not in held)
        sender.kill()
        sender.wait()
        kills += caught
        if control:
            with sqlite3.connect(f"{data}/huiyin.db", timeout=20) as db:
                db.execute("UPDATE outbox SET lease = NULL, leased_until = NULL")
    facts["kills"] = kills
    expect(kills == 3, f"only {kills} of 3 kills met a letter on its way")

    # From one due letter to the next, five days in minutes.
    jumps, offset = 0, 0
    while True:
        huiyin("mail", "send", "--once", *ways_out)
        waiting = query("SELECT max(coalesce(leased_until, due_at), due_at) FROM outbox WHERE state = 'waiting' AND kind <> 'print'")
        if not waiting:
            break
        latest = max(datetime.fromisoformat(at.replace("Z", "+00:00").replace(" +", "+").replace(" UTC", "+00:00")) for (at,) in waiting)
        latest = latest if latest.tzinfo else latest.replace(tzinfo=timezone.utc)
        offset = max(offset, latest.timestamp() - time.time() + 2)
        set_clock(offset)
        jumps += 1
        if jumps > 80:
            expect(False, f"{len(waiting)} letters still wait after 80 jumps")
            break
    facts.update(jumps=jumps, days=round(offset / 86400, 2))

    check_letters(ways, taken_log, sms_log)
    if not control:
        check_way_back(taken_log, ways_out, web)
        check_secrets(ways, taken_log)


def check_letters(ways, taken_log, sms_log):
    jobs = {row[0]: row[1:] for row in query(
        "SELECT address_hash, state, in_doubt, problem, payload, invitation_id FROM outbox WHERE address_hash IS NOT NULL")}
    states = dict(query("SELECT id, state FROM invitation"))
    taken, refused, ids = Counter(), Counter(), {}
    for event in events(taken_log):
        if event["event"] == "taken":
            taken[event["to"]] += 1
            ids.setdefault(event["to"], set()).add(event["id"])
        else:
            refused[event["to"]] += 1
    ends, uncounted = Counter(), 0
    for way in filter(None, ways):
        if "@" not in way:
            continue
        kind = way.rstrip("0123456789").split("@")[0].rstrip("0123456789")
        job = jobs.get(address_hash(way))
        if job is None:
            expect(False, f"no letter for a {kind} address")
            continue
        state, in_doubt, problem, payload, invitation = job
        end = states[invitation]
        ends[f"{kind} → {end}"] += 1
        twice = max(0, taken[way] - 1)
        if twice > in_doubt:
            uncounted += 1
        expect(len(ids.get(way, {1})) == 1, f"a {kind} letter has several message ids")
        expect(payload == "" if state == "done" else payload != "", f"{kind}: payload of a {state} letter")
        lost = in_doubt >= 2 and state == "dead"
        right = {
            "ok": end == "invited" and taken[way] >= 1 or lost,
            "grey": end == "invited" and taken[way] >= 1 and refused[way] >= 1 or lost,
            "dead": end == "undeliverable" and taken[way] == 0 and state == "done" and refused[way] >= 1 or lost,
            "full": end == "undeliverable" and taken[way] == 0 and state == "dead" and refused[way] >= 15,
            "rule": end == "undeliverable" and taken[way] == 0 and state == "dead" and refused[way] >= 1 or lost,
            "drop": end == "invited" and taken[way] == 2 and in_doubt >= 1 or lost,
            "gone": end == "unconfirmed" and state == "dead" and in_doubt == 2,
            "slow": end == "unconfirmed" and state == "dead" and in_doubt == 2,
            "hold": end == "invited" and taken[way] in (1, 2) or lost,
        }[kind]
        expect(right, f"{kind}: {end}, job {state}, taken {taken[way]}, refused {refused[way]}, in doubt {in_doubt}, {problem}")
    expect(uncounted == 0, f"{uncounted} people got a letter twice that nobody counted")
    said = Counter((event["code"], event.get("again")) for event in events(sms_log))
    expect(all(code in (200, 410, 503) for code, _ in said), f"the gateway said {said}")
    status = huiyin("mail", "status", "--round", "2026Q3")
    twice = sum(max(0, n - 1) for n in taken.values())
    expect(status["possible_duplicates"] >= twice, f"{twice} letters twice, {status['possible_duplicates']} counted")
    facts.update(ends=dict(sorted(ends.items())), taken=sum(taken.values()), twice=twice, counted=status["possible_duplicates"],
                 dead_letters=len(status["dead"]), gateway={f"{code}{' again' if again else ''}": n for (code, again), n in sorted(said.items())})
    rates = huiyin("round", "rates", "2026Q3")["questionnaires"][0]
    expect(sum(rates["dispositions"].values()) == 2000, f"dispositions: {rates['dispositions']}")
    facts["dispositions"] = rates["dispositions"]


def check_way_back(taken_log, ways_out, web):
    """A person says no by one click, mail comes back twice, a reminder leaves both out."""
    letters = [event for event in events(taken_log) if event["event"] == "taken" and event["to"].startswith("ok")]
    for event in letters:
        headers = event["headers"]
        handle = event["id"].strip("<>").split("@")[0]
        expect(headers["Auto-Submitted"] == "auto-generated" and headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
               and headers["List-Unsubscribe"] == f"<https://hy.yunxi.example/stop/{handle}>", f"headers: {headers}")
        expect(event["sender"] == f"bounce+{handle}@yunxi.example", "the return path names no job")
        expect("http" in event["body"] and "<img" not in event["body"], "body of a letter")
    stopped, returned = letters[0], letters[1]
    server = start(binary, "serve", "--listen", f"127.0.0.1:{web}", env=env(), ready=False)
    path = stopped["headers"]["List-Unsubscribe"].strip("<>").split("yunxi.example")[1]
    answer = None
    for _ in range(200):
        try:
            answer = urllib.request.urlopen(urllib.request.Request(
                f"http://127.0.0.1:{web}{path}", data=b"List-Unsubscribe=One-Click", method="POST"), timeout=5).status
            break
        except urllib.error.HTTPError as error:
            answer = error.code
            break
        except OSError:
            time.sleep(0.1)
    expect(answer == 200, f"one click was answered {answer}")
    server.terminate()
    expect(server.wait(60) == 0, "serve did not end in good order")

    def bounce(event):
        return (f"From: MAILER-DAEMON@mx.example\r\nTo: {event['sender']}\r\nContent-Type: multipart/report; "
                "report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                "Reporting-MTA: dns; mx.example\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n").encode()

    huiyin("mail", "bounce", stdin=bounce(returned))
    expect(huiyin("mail", "bounce", stdin=bounce(returned))["bounce"] == "known", "the same bounce counts twice")
    before = len(events(taken_log))
    reminders = huiyin("mail", "remind", "--round", "2026Q3", "--base-url", "https://hy.yunxi.example", *ways_out)["reminders"]
    huiyin("mail", "send", "--once", *ways_out)
    # What the slow server has been taking in for minutes is a first letter and no reminder.
    reminded = [event for event in events(taken_log)[before:] if event["event"] == "taken" and not event["to"].startswith("slow")]
    expect(not {stopped["to"], returned["to"]} & {event["to"] for event in reminded}, "who said no, or cannot be reached, was reminded")
    expect(reminded and not any("#" in event["body"] for event in reminded), "a reminder holds a code")
    again = huiyin("mail", "remind", "--round", "2026Q3", "--base-url", "https://hy.yunxi.example", *ways_out)["reminders"]
    expect(again == 0, f"{again} people would be reminded twice on one day")
    facts.update(reminders=reminders, reminded=len(reminded))


def check_secrets(ways, taken_log):
    """No address in anything we wrote, and no code in the database."""
    out.flush()
    written = open(f"{work}/output", encoding="utf-8", errors="replace").read()
    everything = written.encode()
    for name in os.listdir(data):
        if os.path.isfile(f"{data}/{name}"):
            everything += open(f"{data}/{name}", "rb").read()
    people = {way.encode() for way in filter(None, ways)}
    found = people & set(re.findall(rb"[a-z]+[0-9]+@[0-9][.]example[.]test|1390[0-9]{7}", everything))
    expect(not found, f"{len(found)} addresses stand in logs or in the database")
    codes = {event["body"].split("#")[1].split()[0].encode() for event in events(taken_log) if event["event"] == "taken" and "#" in event["body"]}
    leaked = codes & set(re.findall(rb"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{2}", everything))
    expect(len(codes) > 800 and not leaked, f"{len(leaked)} codes of {len(codes)} stand in logs or in the database")
    facts["secrets_looked_for"] = len(codes) + len(people)


try:
    run()
finally:
    for child in children:
        if child.poll() is None:
            child.kill()
facts["seconds"] = round(time.time() - started)
print(json.dumps({"leases": "ignored" if control else "held", **facts, "problems": problems}, ensure_ascii=False, indent=1))
if control or not problems:
    shutil.rmtree(work)
sys.exit(bool(problems))
