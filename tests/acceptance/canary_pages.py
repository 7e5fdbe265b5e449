"""Markup, addresses that run and formula starts in every typed field and every imported column: none becomes an element or a formula.

usage: canary_pages.py HUIYIN DATA [TURNS [SEED [CHROMIUM]]]
DATA: of a demo that was played, copied and left as it is; TURNS: how often each form is filled (2; 14 tries every payload in
every field); CHROMIUM: `chromium` opens a part of the pages in a browser too (needs npm ci in tests/browser)

Two cities. The played one, whose forms are all filled in by everybody who may. And one whose very names, questions' city, lists,
files and ballots are hostile, through to the publication. Afterwards every page every role reaches by links is taken apart, and
every file it is given: CSV cell by cell, XLSX part by part, JSON. The checks are tried on pages and files that are broken first.
"""
import collections, contextlib, csv, email, functools, glob, html, io, json, pathlib, random, re, shutil, sqlite3, subprocess, sys, tempfile, time, urllib.parse, zipfile
from visitor import ROOT, Parsed, Site, Visitor, played, who_may_see

binary, data = sys.argv[1], sys.argv[2]
TURNS = int(sys.argv[3]) if len(sys.argv) > 3 else 2
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 20_261_123
DEEP = 2 if TURNS < 4 else 5
CHROMIUM = "chromium" in sys.argv[5:]
draw = random.Random(SEED)
MARKUP = '<img src=x onerror=alert(1)>"><svg/onload=alert(1)>'
STARTS = ['=HYPERLINK("http://x.example","y")', "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1+1", "＠SUM(1)", "javascript:alert(1)//", "{{7*7}}", MARKUP, "' onmouseover='alert(1)"]
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
MARK = re.compile(r"k(\d{4})z")
ADDRESSES, OWNERS = who_may_see()
SHAPES = [(re.compile(re.sub(r"\\\{\w+(:[^}]*)?\\\}", "[^/]+", re.escape(name)) + "$"), name) for _, name in ADDRESSES]
# What would end the walk: these hold no text that is shown again, or are tried once by hand.
NOT_SENT = ("/sign-out", "/account/sessions", "/account/second-factor", "/account-rules", "/office/publish", "/stop/")
LEFT_ALONE = {f"/accounts/{name}" for name in ("admin", "security", "auditor", "clerk1", "clerk2", "leader", "discipline", "organisation", "stationed", "agency",
                                              "liaison-d12", "liaison-d20", "rater-c01", "rater-v01")}
did, fields_filled, sent_at, marks = collections.Counter(), set(), collections.Counter(), {}
wrong = []


def mark(where):
    number = len(marks) + 1
    marks[f"{number:04}"] = where
    return f"k{number:04}z"


def payload(where, turn):
    """One payload: a start that may run, a mark that tells where it was typed, and markup behind it."""
    start = STARTS[turn % len(STARTS)]
    return f"{start}{mark(where)}{{{{7*7}}}}{MARKUP}" if turn % 3 else f"{start}{mark(where)}"


def kind_of(name):
    """Fields of one list, such as c-17, are one field."""
    return re.sub(r"^([a-z]+)-.+", r"\1-…", name)


def shape(path):
    plain = path.partition("?")[0]
    return next((name for pattern, name in SHAPES if pattern.match(plain)), "/s/{round}" + plain.rpartition("/")[2] if plain.startswith("/s/") else plain if plain in WORK + HOME else "/")


# What a page or a file may not hold.

@functools.lru_cache(64)
def taken_apart(text):
    return Parsed(text)


def page_faults(text):
    parsed = taken_apart(text)
    for tag, attrs in parsed.elements:
        had = dict(attrs)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                yield f"<{tag}> with {name}={value!r}"
            if name in ("href", "src", "action", "formaction", "xlink:href", "data") and re.match(r"[\s\x00-\x20]*(javascript|data|vbscript):", value or "", re.I) and value != "data:,":
                yield f"<{tag}> with {name}={value!r}"
        if tag == "img" and had.get("src") == "x" or tag in ("iframe", "object", "embed", "base"):
            yield f"<{tag}> {attrs}"
        if tag == "script" and not (had.get("src") or "").startswith("/assets/"):
            yield f"<script> {attrs}"
    if re.search(r"k\d{4}z49", text):
        yield "a template ran"


def csv_faults(text):
    for line, row in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")), 1):
        for cell in row:
            if cell.lstrip(" \u00a0\u3000\ufeff\u200b").startswith(FORMULA) and not re.fullmatch(r"-\d+(\.\d+)?", cell):
                yield f"line {line}: the cell {cell[:60]!r} begins as a formula"


def xlsx_faults(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8", errors="replace")
            if name.startswith("xl/worksheets/") and (found := re.search(r"<f[ >/].{0,80}", text)):
                yield f"{name}: {found.group()}"
            if name.startswith(("xl/externalLinks", "xl/vba")) or "macro" in name.lower():
                yield f"{name} is in the workbook"
            for cell in re.findall(r"<c [^>]*>(?:(?!</c>).)*k\d{4}z(?:(?!</c>).)*</c>", text, re.S):
                if not re.search(r't="(s|inlineStr)"', cell):
                    yield f"{name}: {cell[:80]}"
            if name.endswith(".rels") and re.search(r'TargetMode="External"', text):
                yield f"{name}: a link out of the workbook"


def faults(reply, path):
    kind, place = reply.header("content-type"), reply.header("content-disposition")
    if re.search(r"[\r\n]", place) or place and not re.fullmatch(r'attachment; filename="[\w.-]+"(; filename\*=UTF-8\'\'[\w.%-]*)?', place):
        yield f"Content-Disposition: {place!r}"
    if reply.status >= 500:
        yield f"status {reply.status}"
    if kind.startswith("text/html"):
        did["pages"] += 1
        yield from page_faults(reply.text)
    elif "csv" in kind or path.partition("?")[0].endswith(".csv"):
        did["CSV"] += 1
        yield from csv_faults(reply.text)
    elif "spreadsheetml" in kind and "/evidence/" not in path:
        did["XLSX"] += 1
        yield from xlsx_faults(reply.body)
    elif "json" in kind:
        did["JSON"] += 1
        json.loads(reply.text)


def look(visitor, path, reply=None):
    asked = reply is None
    reply = reply or visitor.get(path)
    if asked and reply.status == 200 and reply.header("content-type").startswith("text/html"):
        looked[visitor].add(path)
    for fault in faults(reply, path):
        wrong.append(f"{visitor.role} {path}: {fault}")
    for number in MARK.findall(reply.text) + (MARK.findall(unzipped(reply.body)) if reply.body[:2] == b"PK" else []):
        if number in marks:
            seen_again.setdefault(marks[number], set()).add(shape(path))
    return reply


def unzipped(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode("utf-8", errors="replace") for name in book.namelist() if name.endswith(".xml"))
    except zipfile.BadZipFile:
        return ""


seen_again = {}


def control():
    for text in ('<p><img src=x onerror=alert(1)></p>', '<a href=" JavaScript:alert(1)">', "<svg/onload=alert(1)>", "<script>1</script>", 'k0001z49', '<p style="x">', '<form action="javascript:1">'):
        assert list(page_faults(text)), text
    for text in ("&lt;img src=x onerror=alert(1)&gt;", '<a href="/x">javascript:</a>', '<input value="&quot;&gt;&lt;svg/onload=alert(1)&gt;">', '<script src="/assets/a.js"></script>'):
        assert not list(page_faults(text)), text
    for text in ("a,=1+1\n", 'a,"\t=1"\n', "＝1,b\n", " @SUM(1),b\n", "a,-1+1\n", '"\r=1",b\n'):
        assert list(csv_faults(text)), text
    assert not list(csv_faults("a,-1.5,'=1+1\n"))
    for sheet in ("<c r='A1'><f>1+1</f></c>", '<c r="A1" t="str"><v>k0001z</v></c>'):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as book:
            book.writestr("xl/worksheets/sheet1.xml", f"<row>{sheet}</row>")
        assert list(xlsx_faults(out.getvalue())), sheet


# Walking: pages by their links, forms by their fields.

def crawl(visitor, starts, most, fill=None):
    """Every page reached by links, at most so many of one address; forms are handed on once each page is read."""
    queue, seen, of_shape = collections.deque(starts), set(starts), collections.Counter()
    while queue:
        path = queue.popleft()
        reply = look(visitor, path)
        found = [reply.header("location")] if reply.status in (301, 302, 303) else []
        if reply.header("content-type").startswith("text/html"):
            parsed = taken_apart(reply.text)
            found += parsed.links
            for form in parsed.forms:
                if fill and form["method"] == "post":
                    fill(visitor, path, form)
        for link in found:
            link = urllib.parse.urljoin(path, link).partition("#")[0]
            if not link.startswith("/"):
                continue
            key = shape(link), tuple(sorted(urllib.parse.parse_qs(link.partition("?")[2])))
            foreign = visitor.role != "nobody" and OWNERS(key[0], "GET") == "everybody"
            if link not in seen and of_shape[key] < (1 if foreign else most):
                of_shape[key] += 1
                seen.add(link)
                queue.append(link)


def fill(visitor, page, form, turns=None):
    action = urllib.parse.urljoin(page, form["action"])
    if action.startswith(NOT_SENT) or action in LEFT_ALONE:
        return
    typed = [field for field in form["fields"] if field["kind"] in ("text", "textarea", "search", "password", "date", "file")]
    if not typed:
        return
    secret = any(field["kind"] == "password" for field in typed)
    key = visitor.role, shape(action), tuple(sorted({kind_of(field["name"]) for field in form["fields"]}))
    everybody = OWNERS(shape(action), "POST") == "everybody"
    if everybody and visitor.role not in ("nobody", "citizen"):
        return
    if secret or everybody:
        # Wrong passwords and codes make everybody of this network wait.
        key, most = shape(action), 1 if secret else min(2, TURNS)
    else:
        most = TURNS if turns is None else turns
    while sent_at[key] < most:
        sent_at[key] += 1
        send(visitor, action, form, sent_at[key] - 1)


def filled(action, field, turn, nth):
    where = f"{shape(action)} {kind_of(field['name'])}"
    match field["kind"]:
        case "hidden" | "button":
            return field["value"]
        case "radio" | "checkbox":
            return field["value"]
        case "select":
            options = [option for option in field["options"] if option] or [""]
            return options[turn % len(options)]
        case "date" if turn % 2:
            return "2026-12-31"
    fields_filled.add(where)
    if field["number"] and turn % 2:
        return "3"
    did["payloads typed"] += 1
    return payload(where, turn + nth)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def parts(pairs, name, content):
    edge = "huiyin-edge-0123456789"
    body = b"".join(f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in pairs)
    safe = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A")
    body += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\nContent-Type: text/plain\r\n\r\n'.encode() + content + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"


def send(visitor, action, form, turn):
    radios = collections.defaultdict(list)
    for field in form["fields"]:
        if field["kind"] == "radio":
            radios[field["name"]].append(field["value"])
    pairs = [(name, values[turn % len(values)]) for name, values in radios.items()]
    for nth, field in enumerate(form["fields"]):
        if field["kind"] == "checkbox" and (turn + nth) % 2 or field["kind"] in ("radio", "file") or field["kind"] == "button" and nth != len(form["fields"]) - 1:
            continue
        pairs.append((field["name"], filled(action, field, turn, nth)))
    if "multipart" in form["enctype"]:
        where = f"{shape(action)} name of the file"
        fields_filled.add(where)
        did["payloads typed"] += 1
        name = payload(where, turn) + (".pdf" if "/evidence" in action else ".csv")
        body, kind = parts(pairs, name, PDF if "/evidence" in action else hostile_file("hall", turn).encode())
        reply = visitor.ask("POST", action, body, kind)
    else:
        reply = visitor.post(action, pairs)
    did["forms sent"] += 1
    outcome[reply.status] += 1
    look(visitor, action, reply)
    if reply.status == 303:
        look(visitor, urllib.parse.urljoin(action, reply.header("location")).partition("#")[0])


outcome = collections.Counter()

# Hostile files of every kind.

COLUMNS = {
    "hall": ["办件编号", "受理部门", "整体满意度", "评价时间", "评价渠道", "事项名称", "文字评价", "追评内容", "追评等级"],
    "volume": ["单位", "办件量", "备注"],
    "hotline": ["工单编号", "承办单位", "登记时间", "办结时间", "是否解决", "处理结果满意度", "标题", "诉求内容", "答复内容"],
    "hotline-summary": ["单位", "月份", "总工单数", "按时办结", "满意率", "备注"],
    "pairing": ["单位", "社区（村）", "评议人序号", "等级", "反映事项数", "解决事项数", "备注"],
    "enterprise": ["企业名称", "统一社会信用代码", "单位", "近12个月是否办事", "总体评价", "办事效率"],
    "survey": ["受访者编号", "层", "权重", "组别", "单位", "总体满意度", "备注"],
    "pool": ["姓名", "身份类别", "单位职务", "手机号", "邮箱", "区县"],
}
RIGHT = {"受理部门": "D{n:02}", "承办单位": "D{n:02}", "单位": "D{n:02}", "整体满意度": "不满意", "评价时间": "2026-07-02", "登记时间": "2026-07-01", "办结时间": "2026-07-05",
         "是否解决": "0", "处理结果满意度": "不满意", "办件量": "5", "月份": "2026-07", "总工单数": "9", "按时办结": "8", "满意率": "90%", "社区（村）": "C01", "等级": "满意", "反映事项数": "3",
         "解决事项数": "1", "近12个月是否办事": "是", "总体评价": "满意", "办事效率": "满意", "权重": "1", "组别": "普通群众", "总体满意度": "不满意", "追评等级": "不满意"}
NUMBERED = ("办件编号", "工单编号", "评议人序号", "受访者编号")


def hostile_cell(kind, column, row, turn):
    """In each row one column that wants something else is hostile too, and all that hold free text."""
    at = COLUMNS[kind].index(column)
    if column in RIGHT and row % (2 * len(COLUMNS[kind])) != at:
        return RIGHT[column].format(n=row % 12 + 1)
    if column in NUMBERED and row % len(COLUMNS[kind]):
        return f"{turn}{row:04}"
    if kind == "pool":
        return pool_cell(column, row)
    fields_filled.add(f"{kind} {column}")
    did["payloads imported"] += 1
    return payload(f"{kind} {column}", row + at)


def pool_cell(column, row):
    if column in ("身份类别", "手机号", "邮箱", "区县"):
        groups = ("两代表一委员", "机关干部", "企业代表", "普通群众")
        sizes = (500, 900, 1500, 2500)
        return {"身份类别": groups[next(n for n, size in enumerate(sizes) if row < size)], "手机号": f"1390{row:07}", "邮箱": f"p{row:05}@example.invalid", "区县": "望湖区"}[column]
    fields_filled.add(f"pool {column}")
    did["payloads imported"] += 1
    return payload("pool " + column, row) if row < 50 else f"林{row:05}"


def hostile_file(kind, turn=0, rows=60):
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(COLUMNS[kind] if kind == "pool" else [*COLUMNS[kind], payload(f"{kind} a header", turn)])
    for row in range(rows):
        cells = [hostile_cell(kind, column, row, turn) for column in COLUMNS[kind]]
        lines.writerow(cells if kind == "pool" else [*cells, payload(f"{kind} a column nobody asked for", row)])
    return out.getvalue()


def hostile_workbook(turn=0):
    """A hotline workbook whose sheet, headers and cells are hostile; formulas among them are read as what they show."""
    quoted = lambda text: html.escape(text.replace("\t", " ").replace("\r", " "), quote=True)
    strings, rows = [], []
    table = [[*COLUMNS["hotline"], payload("hotline a header", turn)]]
    table += [[*(hostile_cell("hotline", column, row, turn) for column in COLUMNS["hotline"]), payload("hotline a column nobody asked for", row)] for row in range(30)]
    for number, line in enumerate(table, 1):
        cells = "".join(f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t xml:space="preserve">{quoted(cell)}</t></is></c>' for at, cell in enumerate(line))
        rows.append(f'<row r="{number}">{cells}</row>')
    main, office, package = ("http://schemas.openxmlformats.org/" + end for end in ("spreadsheetml/2006/main", "officeDocument/2006/relationships", "package/2006"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{quoted("=1+1" + mark("name of a sheet") + "<img src=x>")}" sheetId="1" r:id="rId1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{"".join(rows)}</sheetData></worksheet>')
    return out.getvalue()


# The two cities.

def hostile_templates(folder):
    """The invented city with a formula or markup in every name that is shown."""
    shutil.copytree(ROOT / "survey-templates", folder)
    path = folder / "worlds/yunxi.json"
    world = json.loads(path.read_text())
    name = lambda what, text, turn: (fields_filled.add(f"template {what}"), did.update({"payloads in templates": 1}), f"{STARTS[turn % len(STARTS)].strip()}{text}{mark('template ' + what)}{MARKUP}")[2]
    world["city"], world["office"] = name("city", "云溪市", 12), name("office", "评价办", 3)
    for nth, unit in enumerate(world["units"]):
        unit["name"], unit["short_name"] = name("unit", unit["name"], nth), f"{STARTS[nth % 4 + 1]}{unit['id']}{mark('template short name')}"
    for what in ("classes", "bodies"):
        for nth, one in enumerate(world[what]):
            one["name"] = name(what, one["name"], nth)
    for nth, one in enumerate(world["rounds"]):
        one["title"] = name("title of a round", one["title"], nth + 2)
    english = world["english"]
    english["city"], english["office"] = name("English city", "Yunxi", 6), name("English office", "Office", 1)
    english["units"] = {code: name("English unit", text, nth) for nth, (code, text) in enumerate(english["units"].items())}
    path.write_text(json.dumps(world, ensure_ascii=False))
    return path


PEOPLE = {"clerk": ("office_clerk",), "second": ("office_clerk",), "leader": ("office_leader",), "discipline": ("discipline_commission",), "organisation": ("organisation_department",),
          "liaison": ("unit_liaison", "--unit", "D01"), "rater": ("pairing_rater", "--body", "C01"), "admin": ("system_admin",), "security": ("security_admin",), "auditor": ("audit_admin",)}
NEEDED = {"hall", "hotline", "volume", "pool"}


def built(site, folder):
    """The hostile city with an open round and every kind of file imported; gives first passwords."""
    site.huiyin("migrate", "--world", hostile_templates(folder / "templates"))
    first = {}
    for nth, (account, role) in enumerate(PEOPLE.items()):
        first[account] = json.loads(site.huiyin("user", "add", account, "--role", *role, f"--display={STARTS[nth][:8]}{mark('user add display')}<img src=x>", "--json"))["password"]
    site.huiyin("user", "confirm", *PEOPLE)
    pool = folder / "pool.csv"
    pool.write_text(hostile_file("pool", rows=2500), encoding="utf-8")
    site.huiyin("import", "pool", pool, may=(0, 3))
    site.huiyin("round", "create", "2026Q3")
    site.huiyin("sample", "draw", "--round", "2026Q3", "--seed", "7")
    site.huiyin("round", "open", "2026Q3")
    mapping = json.loads((pathlib.Path(data) / "agencies/抽样调查对照表.json").read_text()) if (pathlib.Path(data) / "agencies").is_dir() else None
    for nth, kind in enumerate(kind for kind in COLUMNS if kind != "pool"):
        file = folder / f"=1+1{mark('name of an imported file')}<img src=x onerror=alert(1)>-{kind}.csv"
        file.write_text(hostile_file(kind, nth), encoding="utf-8")
        more = ()
        if kind == "survey" and mapping:
            (folder / "mapping.json").write_text(json.dumps(mapping, ensure_ascii=False))
            more = ("--mapping", folder / "mapping.json")
        told = site.huiyin("import", kind, file, "--round", "2026Q3", *more, may=(0, 1, 3))
        codes[kind] = told
    return first


codes = {}


def own_passwords(site, first):
    people = {}
    for account, password in first.items():
        visitor = Visitor(site, PEOPLE[account][0]).sign_in(account, password)
        own = f"vT8kuzgm4qBx-{account}"
        reply = visitor.post("/account/password", {"old": password, "new": own, "again": own})
        assert reply.status == 303, (account, reply.status, reply.text[-1500:])
        people[account] = visitor
    return people


def answers(site, number):
    """Citizens with invitations write payloads wherever they may write."""
    done = 0
    for path in sorted(glob.glob(f"{site.data}/mail/*.eml")):
        with open(path, "rb") as file:
            code = re.search(r"/s/2026Q3#(\S+)", email.message_from_binary_file(file).get_payload(decode=True).decode())
        citizen = Visitor(site, "citizen")
        if code is None:
            continue
        place = citizen.post("/s/2026Q3/enter", {"code": code.group(1)}).header("location")
        for _ in range(200):
            page = place.partition("?")[0]
            if page.endswith("/check"):
                break
            reply = look(citizen, page)
            form = next(form for form in Parsed(reply.text).forms if "/q/" in form["action"] or any(field["name"] in ("a", "t", "n") for field in form["fields"]))
            choices = sorted({field["value"] for field in form["fields"] if field["kind"] == "radio" and field["name"] == "a"})
            fields = {field["name"]: field["value"] for field in form["fields"] if field["kind"] == "hidden"} | {"go": "next"}
            if choices:
                fields["a"] = draw.choice(choices)
            for field in form["fields"]:
                if field["kind"] in ("text", "textarea"):
                    fields[field["name"]] = "3" if field["number"] else filled("/s/{round}/q/{page}", field, done, 0)
            place = citizen.post(page, fields).header("location")
        look(citizen, f"/s/2026Q3/check")
        crawl(citizen, ["/s/2026Q3/check", "/en/s/2026Q3"], 1)
        sent = citizen.post("/s/2026Q3/submit", {"submission_id": f"{draw.getrandbits(128):032x}"})
        assert sent.status == 303, (sent.status, sent.text[-800:])
        look(citizen, sent.header("location"))
        done += 1
        if done == number:
            return
    sys.exit(f"only {done} invitations were found")


def uploads(people):
    """Files sent up in the browser, their reports, their downloads, and a second person who takes them."""
    named = lambda: mark("/office/uploads name of the file")
    sent = ((f"=1+1{named()}.xlsx", hostile_workbook(1), "hotline"), (f'"><svg onload=alert(1)>{named()}.csv', hostile_file("hall", 9).encode(), "hall"),
            (f"\t@SUM(1){named()}\r\n.csv", hostile_file("hotline", 8).encode(), "hotline"), ("../../x.csv", hostile_file("volume", 7).encode(), "volume"))
    for name, content, kind in sent:
        fields_filled.add("/office/uploads name of the file")
        body, media = parts([("kind", kind), ("codes", "standard"), ("columns", "")], name, content)
        reply = people["clerk"].ask("POST", "/office/uploads", body, media)
        look(people["clerk"], "/office/uploads", reply)
        if reply.status != 303:
            continue
        page = reply.header("location")
        for _ in range(200):
            reply = people["clerk"].get(page)
            if "正在检查" not in reply.text:
                break
            time.sleep(0.1)
        look(people["clerk"], page)
        look(people["clerk"], page + "/columns")
        did["uploads"] += look(people["clerk"], page + "/annotated.csv").status == 200
        look(people["second"], page, people["second"].post(page, {"decision": "approve"}))


def ended(site):
    """The round goes through to its publication."""
    for by, *words in (("leader", "round", "close", "2026Q3"), ("leader", "round", "score", "2026Q3"), ("leader", "round", "freeze", "2026Q3", "--check-only"),
                       ("leader", "round", "freeze", "2026Q3"), ("leader", "letters", "--round", "2026Q3"), ("leader", "matters", "--round", "2026Q3"),
                       ("clerk", "round", "publish", "2026Q3"), ("leader", "round", "publish", "2026Q3"),
                       ("discipline", "round", "publish", "2026Q3"), ("discipline", "round", "publish", "2026Q3")):
        if words[-1] == "2026Q3" and words[1] == "freeze":
            with contextlib.closing(sqlite3.connect(f"{site.data}/huiyin.db")) as store:
                store.execute("UPDATE unit_check SET until = '2026-01-01'")  # the days of the units pass
                store.commit()
        told = subprocess.run([site.binary, *words, "--data", site.data, "--yes", "--by", by], capture_output=True, text=True)
        stages.append((" ".join(words), told.returncode, (told.stderr or told.stdout).strip()[-200:]))


stages = []


def exports(site):
    """What the command line writes for a spreadsheet."""
    with tempfile.TemporaryDirectory() as folder:
        for what in ("ranking", "responses", "assessment", "trend", "opinions"):
            for more in ((), ("--json",)):
                out = pathlib.Path(folder) / f"{what}{len(more)}"
                site.huiyin("export", what, "--out", out, *(("--round", "2026Q3") if what != "trend" else ()), *more, may=(0, 1, 2, 15))
                if out.exists():
                    text = out.read_text(encoding="utf-8")
                    did["exports of the command line"] += 1
                    if more or text.lstrip("\ufeff")[:1] in "[{":
                        [json.loads(line) for line in ([text] if text.lstrip()[:1] in "[{" else text.splitlines())]
                    else:
                        wrong.extend(f"huiyin export {what}: {fault}" for fault in csv_faults(text))
        for path in pathlib.Path(site.data).glob("bundles/**/*.csv"):
            did["files of bundles"] += 1
            wrong.extend(f"bundle {path.name}: {fault}" for fault in csv_faults(path.read_text(encoding="utf-8")))


HOME = ["/", "/sign-in", "/verify", "/trend", "/method", "/corrections", "/my", "/privacy", "/help", "/s", "/accessibility", "/api/v1", "/api/v1/openapi.json", "/en/s/2026Q3", "/r/2026Q3",
        "/r/2026Q3/downloads", "/r/2026Q3/matters", "/api/r/2026Q3/ranking", "/verify/log/2026Q3/roots.json"]
WORK = ["/work", "/account", "/account/prove", "/office", "/unit", "/commission", "/stationed", "/accounts", "/audit", "/audit.csv", "/rate/pairing", "/unit/matters.csv", "/office/sample/certificate",
        "/audit?who=%3D1%2B1&on=%22%3E%3Csvg%2Fonload%3Dalert(1)%3E", "/account/prove?to=javascript:alert(1)", "/office/matters?state=%22%3E%3Csvg%2Fonload%3Dalert(1)%3E",
        "/office/problems?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "/office/control?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "/office/control?unit=%22%3E%3Csvg%2Fonload%3Dalert(1)%3E", "/unit/matters/none?done=%22%3E%3Csvg%2Fonload%3Dalert(1)%3E"]


def follow_up(site, receipts):
    """Who looks up a receipt may write a word about the answer."""
    for turn, receipt in enumerate(receipts):
        citizen = Visitor(site, "citizen")
        reply = look(citizen, "/my", citizen.post("/my", {"code": receipt}))
        for form in Parsed(reply.text).forms:
            if form["action"].endswith("/my/rate"):
                reply = look(citizen, "/my/rate", citizen.post("/my/rate", [(field["name"], field["value"]) for field in form["fields"]]))
                for asked in Parsed(reply.text).forms:
                    if asked["action"].endswith("/my/rate") and any(field["kind"] == "textarea" for field in asked["fields"]):
                        send(citizen, "/my/rate", asked, turn)


def visited(site, people, most, turns):
    for visitor in (Visitor(site), *people.values()):
        crawl(visitor, (HOME if visitor.role == "nobody" else WORK), most, lambda who, page, form: fill(who, page, form, turns))


def browsed(site, people, most=12):
    """The same pages in Chromium: no dialog opens, and nothing of ours is refused by the policy."""
    pages = []
    for account, visitor in people.items():
        hit = sorted(looked[visitor])
        pages.append({"role": visitor.role, "cookies": visitor.jar, "paths": draw.sample(hit, min(most, len(hit)))})
    done = subprocess.run(["node", str(ROOT / "tests/browser/canary.mjs"), site.origin], input=json.dumps(pages), text=True, capture_output=True)
    print(done.stdout.strip())
    assert done.returncode == 0, done.stderr[-2000:]


looked = collections.defaultdict(set)


def main():
    control()
    began = time.monotonic()
    fields_filled.add("user add display")
    with Site(binary, data) as site:
        people = played(site)
        receipts = json.loads(pathlib.Path(f"{data}.json").read_text())["receipts"].values() if pathlib.Path(f"{data}.json").exists() else ()
        follow_up(site, receipts)
        visited(site, people, 2, None)
        sent_at.clear()
        visited(site, people, DEEP, 0)
        if CHROMIUM:
            browsed(site, people)
        site.stop()
        exports(site)
    print(f"  the played city: {time.monotonic() - began:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        site = Site(binary, folder / "city", copied=False)
        first = built(site, folder)
        with site:
            people = own_passwords(site, first)
            answers(site, 3)
            uploads(people)
            visited(site, people, 1, 1)
            site.stop()
            ended(site)
            site.start()
            sent_at.clear()
            visited(site, people, 2, min(2, TURNS))
            visited(site, people, DEEP + 1, 0)
            if CHROMIUM:
                browsed(site, people)
            site.stop()
            exports(site)
    print(f"  the hostile city: {time.monotonic() - began:.0f} s; ", flush=True)
    assert not [stage for stage in stages if stage[1]], stages
    unseen = sorted(where for where in fields_filled if where not in seen_again)
    print(f"  typed and shown again: {len(seen_again)} of {len(fields_filled)} fields; never shown again: {', '.join(unseen)}")
    print(f"  answers to forms: {dict(sorted(outcome.items()))}")
    for line, often in collections.Counter(re.sub(r"[0-9a-f]{32}", "…", re.sub(r"k\d{4}z", "k….z", re.sub(r"line \d+", "a line", line))) for line in wrong).most_common(40):
        print(f"  {often} x {line[:300]}")
    assert len(seen_again) > len(fields_filled) / 3, "the payloads were hardly ever shown: the walk proves nothing"
    assert not wrong, f"FAILED: {len(wrong)} payloads got through"
    print(f"canary pages: {len(fields_filled)} fields, {dict(did)}, seed {SEED}: 0 got through; {time.monotonic() - began:.0f} s")


main()
