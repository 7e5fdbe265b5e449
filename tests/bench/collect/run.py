"""How many answers a second the real server acknowledges after they are on the disk, beside what the machine can do at all.

usage: run.py HUIYIN LOAD [--quick] [POSTGRES_URL]      HUIYIN_BENCH_PEOPLE sets how many hand in (40,000; quick 10,000)

In one run, on the same processors as the crowd that sends: (a) a bare actix-web echo of the same body; (b) SQLite alone with
the same rows in groups, without a web server (raw.c); the real server on SQLite, and on PostgreSQL when its address is given.
Half of the rate reached is then offered for the 99th percentile, and an hour of 200,000 people with every page is replayed.
"""
import contextlib, json, os, sqlite3, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "faults"))
from rig import Rig, free_port  # noqa: E402

words = [word for word in sys.argv[1:] if word != "--quick"]
binary, load, postgres = os.path.abspath(words[0]), os.path.abspath(words[1]), words[2] if len(words) > 2 else None
quick = "--quick" in sys.argv
PEOPLE = int(os.environ.get("HUIYIN_BENCH_PEOPLE", 10_000 if quick else 40_000))
HOUR, GROUP, CONNECTIONS = 200_000, 256, "256"


def echo():
    port = free_port()
    server = subprocess.Popen([load, "echo", "--listen", f"127.0.0.1:{port}"])
    time.sleep(0.5)
    done = subprocess.run([load, "post", "--host", f"127.0.0.1:{port}", "--connections", CONNECTIONS], capture_output=True, text=True, check=True)
    server.kill()
    server.wait()
    return json.loads(done.stdout)["per_second"]


def raw(work, blob):
    program = f"{work}/raw"
    subprocess.run(["cc", "-O2", "-o", program, f"{HERE}/raw.c", "-lsqlite3"], check=True)
    done = subprocess.run([program, f"{work}/raw.db", str(GROUP), str(blob), "6", str(PEOPLE)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def collect(work, name, database=None):
    """Handing in as fast as it goes; at half that rate; and whole journeys, page by page."""
    os.makedirs(f"{work}/{name}")
    rig = Rig(binary, load, f"{work}/{name}", database)
    rig.open_round(PEOPLE + PEOPLE // 2 + 3_000)
    rig.start()
    full = rig.seen(rig.crowd("--connections", CONNECTIONS, "--most", str(PEOPLE), command="hand-in"))
    blob = None
    if not database:
        with contextlib.closing(sqlite3.connect(f"file:{rig.data}/huiyin.db?mode=ro", uri=True)) as db:
            blob = int(db.execute("SELECT avg(length(blob)) FROM sealed_ballot").fetchone()[0])
    half = rig.seen(rig.crowd("--connections", CONNECTIONS, "--most", str(PEOPLE // 2), "--rate", str(full["per_second"] / 2), command="hand-in"))
    whole = rig.seen(rig.crowd("--connections", "64", "--way", "whole", "--most", "200" if quick else "2000"))
    hour = rig.seen(rig.crowd("--connections", "256", "--way", "whole", "--most", "200" if quick else "1000", "--rate", str(HOUR / 3600)))
    found = rig.compare()
    rig.stop()
    assert found["lost"] == found["duplicates"] == 0, found
    return full, half, whole, hour, blob


with tempfile.TemporaryDirectory(prefix="huiyin-collect-") as work:
    os.chmod(work, 0o755)
    full, half, whole, hour, blob = collect(work, "sqlite")
    bare, alone = echo(), raw(work, blob)
    ratio = full["per_second"] / min(bare, alone)
    print(f"bare actix-web echo of the same body        {bare:10.0f} a second")
    print(f"SQLite alone, groups of {GROUP}, same rows      {alone:10.0f} a second")
    print(f"huiyin on SQLite, acknowledged and durable  {full['per_second']:10.0f} a second   p50 {full['p50_ms']:.1f} ms  p99 {full['p99_ms']:.1f} ms")
    print(f"ratio to the smaller of the two             {ratio:10.2f}   (goal 0.50)")
    print(f"at half load                                {half['per_second']:10.0f} a second   p50 {half['p50_ms']:.1f} ms  p99 {half['p99_ms']:.1f} ms (goal 100)")
    print(f"page by page                                {whole['per_second']:10.1f} people a second: {HOUR} people in {HOUR / whole['per_second'] / 60:.0f} min")
    print(f"an hour of {HOUR} people, page by page     {hour['per_second']:10.1f} people a second of {HOUR / 3600:.1f}   whole journey p50 {hour['p50_ms']:.0f} ms  p99 {hour['p99_ms']:.0f} ms")
    if postgres:
        full, half, whole, _, _ = collect(work, "postgres", postgres)
        print(f"huiyin on PostgreSQL                        {full['per_second']:10.0f} a second   p99 at half load {half['p99_ms']:.1f} ms; page by page {whole['per_second']:.1f} people a second")
