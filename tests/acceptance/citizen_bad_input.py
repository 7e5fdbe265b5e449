"""Everything wrong a citizen, a clumsy browser or a guesser can send to the survey pages.

usage: citizen_bad_input.py HUIYIN DATA_DIR ROUND

The data directory holds an open round whose invitations lie in DATA_DIR/mail. Each case must end with a page in plain
words and the status named; afterwards nothing is stored twice, nothing acknowledged is lost, and the server's log holds
no code, no receipt and no word anybody wrote.
"""
import email, glob, html, http.client, os, re, secrets, socket, sqlite3, subprocess, sys, tempfile, threading, time, urllib.parse

binary, data, round_id = sys.argv[1:4]
checks, secret_words = 0, set()


def check(holds, text):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"FAILED: {text}")


def codes_of(of_round):
    found = []
    for path in sorted(glob.glob(os.path.join(data, "mail", "*.eml"))):
        with open(path, "rb") as file:
            text = email.message_from_binary_file(file).get_payload(decode=True).decode()
        match = re.search(rf"/s/{of_round}#(\S+)", text)
        if match:
            found.append(match.group(1))
    secret_words.update(found)
    return found


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]
LOG = os.path.join(data, "server.log")


def start():
    with open(LOG, "ab") as log:
        server = subprocess.Popen(
            [binary, "serve", "--data", data, "--listen", f"127.0.0.1:{PORT}"],
            stdout=log, stderr=log, env={**os.environ, "HUIYIN_LOG": "debug"})
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")


class Browser:
    """Keeps cookies; every answer with a body must be a page with one heading."""

    def __init__(self):
        self.cookies = {}

    def send(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        headers = {"Origin": f"http://127.0.0.1:{PORT}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = kind
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        page = reply.read().decode("utf-8")
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                kept = rest.partition(";")[0]
                if kept:
                    self.cookies[key] = kept
                else:
                    self.cookies.pop(key, None)
        connection.close()
        if reply.status >= 400 or reply.status == 200:
            check(page.count("<h1") == 1, f"{method} {path[:60]}: {reply.status} without a page: {page[:200]}")
            check(not re.search(r"panicked|rusqlite|sqlx|SELECT |/root/|src/", page), f"{path[:60]}: inner details shown")
        return reply.status, reply.getheader("Location"), page

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, fields):
        return self.send("POST", path, urllib.parse.urlencode(fields))

    def enter(self, code, **more):
        status, place, _ = self.post(f"/s/{round_id}/enter", {"code": code, **more})
        check(status == 303 and place.startswith(f"/s/{round_id}/"), f"entering: {status} {place}")
        return place


def heading(page):
    return html.unescape(re.sub(r"<[^>]*>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S).group(1)))


def answer_all(browser, place, level="4"):
    """Answers every page from `place` on; ends at the page that shows all answers."""
    for _ in range(200):
        if place.endswith("/check"):
            return place
        path = place.partition("?")[0]
        _, _, page = browser.get(path)
        fields = {"go": "next"}
        if 'name="a"' in page:
            fields["a"] = level
        status, place, page = browser.post(path, fields)
        check(status == 303, f"{path}: {status}")
    sys.exit("the pages do not end")


def hand_in(browser, submission):
    status, place, page = browser.post(f"/s/{round_id}/submit", {"submission_id": submission})
    if status != 303:
        return status, page
    _, _, page = browser.get(place)
    found = re.search(r"<b>((?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2})</b>", page)
    check(found, f"no receipt at {place}: {page[:300]}")
    secret_words.add(found.group(1))
    return 303, found.group(1)


def huiyin(*arguments):
    done = subprocess.run([binary, *arguments, "--data", data], capture_output=True, text=True)
    check(done.returncode == 0, f"huiyin {' '.join(arguments)}: {done.stdout} {done.stderr}")


NAUGHTY = [
    "堃喆䶮𠮷𬎆", "👩‍👩‍👧‍👦🏳️‍🌈", "<script>alert(1)</script>", "'; DROP TABLE ballot; --", "{{7*7}} ${7*7} <%= 7*7 %>",
    "‮反过来‬", "Z̷͎͊a̶l̵g̴o̷", "\ufeff零\u200b宽", "％０Ａ", "＜svg/onload=alert(1)＞", "NULL", "undefined", "1e309", "-0",
    "../../../../etc/passwd", "\\\\server\\share", "🀄" * 100, "ﷺ" * 20, "C:\\con\\con", "&lt;b&gt;&amp;", "\"><img src=x>",
    "行一\n行二\t列", "ᄀᄀᄀ각ᆨᆨ", "كلمة عربية", "سیب", "ཨོཾ་མ་ཎི་པདྨེ", "ᠮᠣᠩᠭᠣᠯ",
]

# An earlier round that is over, so that one of its codes can be tried.
# Whoever was drawn rests: the earlier round needs people of its own.
groups = {"两代表一委员": 420, "机关干部": 320, "企业代表": 520, "普通群众": 820}
lines = ["姓名,身份类别,手机号,邮箱,区县"]
for group, people in groups.items():
    lines += [f"某人,{group},1380{len(lines) + n:07},e{len(lines) + n}@example.invalid,望湖区" for n in range(people)]
with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as more:
    more.write("\n".join(lines) + "\n")
    more.flush()
    huiyin("import", "pool", more.name)
huiyin("round", "create", "2026Q2")
huiyin("sample", "draw", "--round", "2026Q2", "--seed", "3")
huiyin("round", "open", "2026Q2")
old_code = codes_of("2026Q2")[0]
huiyin("round", "close", "2026Q2", "--yes")

codes = codes_of(round_id)
server = start()
acknowledged = []

# Guessed codes and odd texts in the field for the code.
guesser = Browser()
for typed in ["", " ", "AAAA-AAAA", "0" * 26, "Z" * 26, "请让我进去", "👮" * 26, "x" * 20_000, "' OR 1=1 --", "<b>code</b>", "\0\x01"]:
    for action in ["enter", "decline"]:
        status, _, page = guesser.post(f"/s/{round_id}/{action}", {"code": typed})
        check(status == 422 and "没有找到这个邀请码" in page, f"guess {typed[:20]!r}: {status} {heading(page)}")
        check("<b>code</b>" not in page, "what was typed is shown as markup")
status, _, page = guesser.post(f"/s/{round_id}/enter", {"code": old_code})
check(status == 200 and heading(page) == "这个邀请码过期了", f"a code of the round before: {status} {heading(page)}")
for typed in ["", "AAAA-AAAA", "0" * 26, "x" * 20_000, "回执"]:
    status, _, page = guesser.post("/my", {"code": typed})
    check(status == 404 and "没有这张回执" in page, f"a guessed receipt: {status}")

# Addresses nobody printed.
for path, wanted in [
    (f"/s/{round_id}/q/1", 404), (f"/s/{round_id}/check", 404), (f"/s/{round_id}/paused", 404), ("/s/1999Q9", 404),
    ("/s/1999Q9/q/1", 404), (f"/s/{round_id}/q/x", 404), (f"/s/{round_id}/q/-1", 404), (f"/s/{round_id}/q/{9**40}", 404),
    ("/s/..%2f..%2fetc", 404), ("/s/%0d%0aSet-Cookie:%20a=b/q/1", 404), (f"/s/{round_id}/q/1?check=yes", 400),
]:
    status, _, page = Browser().get(path)
    check(status == wanted, f"{path}: {status} instead of {wanted}")
for path in ["/en//evil.example", "/en/https://evil.example", "/zh/%5cevil", "/en/office", "/en/"]:
    status, place, _ = Browser().get(path)
    check(status == 303 and place == "/my", f"{path} leads to {place}")
garbage = Browser()
garbage.cookies = {"hy_draft": "zz", "hy_size": "9;<", "hy_lang": "xx", "hy_receipt": "<b>1</b>"}
check(garbage.get(f"/s/{round_id}/q/1")[0] == 404, "a forged draft cookie")
check(garbage.get(f"/s/{round_id}/receipt")[1] == "/my", "a forged receipt cookie is believed")
status, _, _ = garbage.post(f"/s/{round_id}/submit", {"submission_id": secrets.token_hex(16)})
check(status in (400, 404), f"handing in with a forged cookie: {status}")

# One person, and every wrong answer to the first question.
person = Browser()
place = person.enter(codes[0].lower().replace("-", " "))
check(place.endswith("/q/1"), f"the first page is {place}")
first = f"/s/{round_id}/q/1"
_, _, blank_page = person.get(first)
mark = re.search(r'name="v" value="([0-9a-f]+)"', blank_page).group(1)
for fields, wanted in [
    ([("a", "6")], 422), ([("a", "-1")], 422), ([("a", "５")], 422), ([("a", "5"), ("a", "1")], 422), ([("r", "slow")], 422),
    ([("a", "5"), ("t", "多写一句")], 422), ([("n", "5")], 422), ([], 422), ([("a", "")], 422), ([("a", "5"), ("v", "0" * 16)], 409),
]:
    status, _, page = person.post(first, [*fields, ("go", "next")])
    check(status == wanted and 'role="alert"' in page, f"{fields}: {status} instead of {wanted}")
    check(" checked" not in person.get(first)[2], f"{fields} was kept")
status, _, page = person.send("POST", first, b"a=%ff%fe&t=\xff", )
check(status in (400, 422), f"a body that is no text: {status}")
check(person.send("POST", first, '{"a":"5"}', "application/json")[0] in (400, 415), "a body of another kind")
check(person.send("POST", first, ("t=" + "好" * 40_000).encode())[0] == 413, "an oversized body")
check(" checked" not in person.get(first)[2], "a broken body was kept")
status, place, _ = person.post(first, {"a": "2", "v": mark, "unknown": "x", "__proto__": "y", "go": "next"})
check(status == 303, f"unknown fields beside a good answer: {status}")
check('value="2" checked' in person.get(first)[2], "the good answer was lost")

# Free text: kept letter for letter, shown as text, counted in letters, never lost.
reasons = place.partition("?")[0]
for words in NAUGHTY:
    secret_words.update(word for word in [words] if len(words) > 6 and words.isprintable())
    status, _, page = person.post(reasons, {"t": words, "go": "stay"})
    check(status == 303, f"{words!r}: {status}")
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", person.get(reasons)[2], re.S).group(1)
    check("<" not in shown, f"{words!r} is markup")
    check(html.unescape(shown) == words.strip("\ufeff") or html.unescape(shown) == words, f"{words!r} became {html.unescape(shown)!r}")
exactly = "𠮷" * 200
check(person.post(reasons, {"t": exactly, "go": "stay"})[0] == 303, "200 rare letters are 200 letters")
for button in ["next", "back", "pause", "stay"]:
    status, _, page = person.post(reasons, {"t": exactly + "多", "go": button})
    check(status == 422 and exactly + "多" in page, f"too long a text and {button}: {status}, or the text is gone")

# A person goes home, and comes back with eight characters on another device.
status, place, page = person.post(reasons, {"t": "排队太久，没有人解释为什么。", "r": "slow", "go": "pause"})
secret_words.add("排队太久，没有人解释为什么。")
_, _, page = person.get(place)
resume = re.search(r"<b>([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})</b>", page).group(1)
secret_words.add(resume)
check(resume in person.get(place)[2], "the resume code stays the same")
other_device = Browser()
place = other_device.enter(resume.lower().replace("-", " "))
check("resumed=1" in place and "上次答到这里" in other_device.get(place)[2], f"coming back leads to {place}")
check("排队太久，没有人解释为什么。" in other_device.get(reasons)[2], "what was written is gone")

# The same phone, another survey in another tab: an answer for one is never an answer for the other.
tab = Browser()
tab.enter(codes[1])
old_tab = re.search(r'name="v" value="([0-9a-f]+)"', tab.get(first)[2]).group(1)
tab.enter(codes[2])
status, _, page = tab.post(first, {"a": "1", "v": old_tab, "go": "next"})
check(status == 409 and "刚才那一项没有记下" in page, f"an answer from another survey: {status}")
check(" checked" not in tab.get(first)[2], "an answer from another survey was kept")

# Handing in: the same form eight times at once, then once more, then from another tab, then with the code again.
answer_all(other_device, place)
submission = secrets.token_hex(16)
results = []
def again():
    copy = Browser()
    copy.cookies = dict(other_device.cookies)
    results.append(hand_in(copy, submission))
threads = [threading.Thread(target=again) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
check(len(results) == 8 and len(set(results)) == 1 and results[0][0] == 303, f"eight at once: {results}")
acknowledged.append(results[0][1])
check(hand_in(other_device, submission) == results[0], "the ninth copy has another receipt")
check(hand_in(other_device, secrets.token_hex(16)) == results[0], "another tab does not show the receipt")
for forged in ["", "0", "g" * 32, "0" * 33, "' --"]:
    check(other_device.post(f"/s/{round_id}/submit", {"submission_id": forged})[0] == 400, f"submission id {forged!r}")
for used in [codes[0], resume]:
    status, _, page = Browser().post(f"/s/{round_id}/enter", {"code": used})
    check(status == 200 and heading(page) == "这个邀请码已经用过了", f"a used code: {status} {heading(page)}")
status, _, page = Browser().post(f"/s/{round_id}/decline", {"code": codes[0]})
check(heading(page) == "这个邀请码已经用过了", f"declining after answering: {heading(page)}")
status, _, page = person.post(first, {"a": "5", "go": "next"})
check(status == 404, f"an answer after handing in: {status}")

# An interviewer, in English: the page has a script, and the ballot says that somebody helped.
helped = Browser()
helped.get(f"/en/s/{round_id}")
place = helped.enter(codes[3], assisted="1")
_, _, page = helped.get(place)
check("Read aloud:" in page and 'lang="en"' in page, "the interviewer has nothing to read")
answer_all(helped, place, "0")
status, receipt = hand_in(helped, secrets.token_hex(16))
acknowledged.append(receipt)

# Someone declines, and the code is of no use to anybody else.
check(heading(Browser().post(f"/s/{round_id}/decline", {"code": codes[4]})[2]) == "好的，这一次不打扰您了", "declining")
check(heading(Browser().post(f"/s/{round_id}/enter", {"code": codes[4]})[2]) == "好的，这一次不打扰您了", "a declined code")

# Nothing lost, nothing twice, nothing told.
for receipt in acknowledged:
    status, _, page = Browser().post("/my", {"code": receipt.lower()})
    check(status == 200 and heading(page) == "已收到", f"the receipt is not found: {status}")
with sqlite3.connect(f"file:{data}/huiyin.db?mode=ro", uri=True) as database:
    stored = {table: database.execute(f"SELECT count(*) FROM {table} WHERE round_id = ?", [round_id]).fetchone()[0] for table in ["submission", "sealed_ballot", "receipt"]}
check(set(stored.values()) == {len(acknowledged)}, f"{len(acknowledged)} acknowledged, stored: {stored}")
server.terminate()
check(server.wait(60) == 0, "the server did not end in order")
huiyin("round", "close", round_id, "--yes")
with sqlite3.connect(f"file:{data}/huiyin.db?mode=ro", uri=True) as database:
    ballots = database.execute("SELECT assisted, verdict FROM ballot WHERE round_id = ?", [round_id]).fetchall()
    drafts = database.execute("SELECT count(*) FROM draft").fetchone()[0]
    words = [row[0] for row in database.execute("SELECT text_redacted FROM opinion")]
check(sorted(bool(ballot[0]) for ballot in ballots) == [False, True], f"assisted ballots: {ballots}")
check(drafts == 0, f"{drafts} drafts outlive the round")
check(words == ["排队太久，没有人解释为什么。"], f"opinions: {words}")
with open(LOG, encoding="utf-8", errors="replace") as log:
    told = log.read()
for secret in secret_words:
    for form in [secret, secret.replace("-", ""), secret.lower(), urllib.parse.quote(secret)]:
        check(form not in told, "the log holds a code, a receipt or somebody's words")
print(f"citizen pages: {checks} checks, {len(acknowledged)} ballots acknowledged and stored once, {len(told)} bytes of log without a secret")
