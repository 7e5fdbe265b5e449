"""Kills PostgreSQL, postmaster and all, again and again while people answer; the site comes back by itself.

usage: postgres_kill.py HUIYIN LOAD [--full]        --full: 100 kills
"""
import glob, os, random, shutil, signal, subprocess, time
from rig import Rig, arguments, check, finish, workplace

binary, load, full, _ = arguments()
CYCLES = 100 if full else 6
BIN = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]


def as_owner(*words, **more):
    words = ["runuser", "-u", "postgres", "--", *words] if os.getuid() == 0 else list(words)
    return subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def start(pg):
    """The last of the killed may take a moment to let go of the shared memory."""
    for _ in range(40):
        try:
            return start_once(pg)
        except subprocess.CalledProcessError:
            time.sleep(0.5)
    return start_once(pg)


def start_once(pg):
    as_owner(f"{BIN}/pg_ctl", "-D", f"{pg}/data", "-w", "-t", "60", "-o", f"-k {pg} -c listen_addresses=''", "-l", f"{pg}/log", "start")


def kill(pg):
    """The postmaster first, so that it cannot tell its children, then each of them."""
    with open(f"{pg}/data/postmaster.pid") as file:
        postmaster = int(file.readline())
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True).stdout.split()
    for pid in [postmaster, *map(int, children)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    time.sleep(0.1)
    # The lock of a postmaster whose pid is gone is taken over by the next.


with workplace() as work:
    pg = f"{work}/pg"
    os.makedirs(pg)
    if os.getuid() == 0:
        shutil.chown(pg, "postgres")
    as_owner(f"{BIN}/initdb", "-D", f"{pg}/data", "-A", "trust", "-U", "huiyin")
    start(pg)
    as_owner(f"{BIN}/createdb", "-h", pg, "-U", "huiyin", "huiyin")
    rig = Rig(binary, load, work, f"postgres://huiyin@localhost/huiyin?host={pg}")
    try:
        rig.open_round(120_000 if full else 12_000)
        rig.start()
        lost = duplicates = 0
        for cycle in range(CYCLES):
            before = len(rig.acknowledged())
            crowd = rig.crowd("--connections", "64")
            waited = time.monotonic() + 20
            while len(rig.acknowledged()) < before + 100 and time.monotonic() < waited:
                time.sleep(0.02)
            time.sleep(random.uniform(0, 0.3))
            kill(pg)
            time.sleep(0.2)
            crowd.kill()
            crowd.wait()
            start(pg)
            found = rig.compare()
            lost, duplicates = max(lost, found["lost"]), max(duplicates, found["duplicates"])
            if cycle % 10 == 9:
                print(f"   {cycle + 1} kills: {found}", flush=True)
        time.sleep(6)
        rest = rig.seen(rig.crowd("--most", "500"))
        check(rest["acknowledged"] == 500, f"the site goes on without a restart ({rest['told']})")
        found = rig.compare()
        check(found["acknowledged"] >= 100 * CYCLES, f"enough answers to tell: {found['acknowledged']} acknowledged")
        check(lost == found["lost"] == 0, f"{CYCLES} kills of PostgreSQL: {lost} of {found['acknowledged']} acknowledged answers lost")
        check(duplicates == found["duplicates"] == 0, f"{duplicates} duplicates")
        rig.stop()

        # The same kill must catch a session that does not wait for the disk.
        psql = ["psql", rig.database, "-qAt"]
        subprocess.run([*psql, "-c", "CREATE TABLE control (id int primary key)"], check=True)
        script = "SET synchronous_commit = off;\n" + "".join(f"INSERT INTO control VALUES ({n});\n\\echo {n}\n" for n in range(300_000))
        log = f"{work}/control.log"
        with open(f"{work}/control.sql", "w") as file:
            file.write(script)
        caught = 0
        for _ in range(5):
            subprocess.run([*psql, "-c", "TRUNCATE control"], check=True)
            with open(log, "w") as out:
                session = subprocess.Popen(["stdbuf", "-oL", *psql, "-f", f"{work}/control.sql"], stdout=out, stderr=subprocess.DEVNULL)
            time.sleep(1.0)
            kill(pg)
            session.kill()
            session.wait()
            start(pg)
            kept = int(subprocess.run([*psql, "-c", "SELECT count(*) FROM control"], check=True, capture_output=True, text=True).stdout)
            with open(log) as file:
                caught += max(0, sum(line.endswith("\n") for line in file) - kept)
        check(caught > 0, f"control: synchronous_commit=off is caught ({caught} lost)")
    finally:
        subprocess.run(["runuser", "-u", "postgres", "--"] * (os.getuid() == 0) + [f"{BIN}/pg_ctl", "-D", f"{pg}/data", "-m", "immediate", "stop"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
finish()
