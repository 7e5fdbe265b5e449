"""Kills the server again and again while people answer, on SQLite: nothing acknowledged is lost, nothing is there twice.

usage: sqlite_kill.py HUIYIN LOAD [--full]        --full: 200 kills, at least 200,000 acknowledged answers
"""
import os, random, subprocess, sys, time
from rig import HERE, Rig, arguments, check, finish, workplace

binary, load, full, _ = arguments()
CYCLES, PEOPLE = (200, 320_000) if full else (12, 60_000)
with workplace() as work:
    rig = Rig(binary, load, work)
    rig.open_round(PEOPLE)
    lost = duplicates = before = 0
    for cycle in range(CYCLES):
        rig.start()
        crowd = rig.crowd("--connections", "96")
        rig.wait_for(before + (1_050 if full else 300), crowd)
        rig.kill()
        rig.seen(crowd)
        rig.start()
        found = rig.compare()
        lost, duplicates, before = max(lost, found["lost"]), max(duplicates, found["duplicates"]), found["acknowledged"]
        if cycle % 20 == 19:
            print(f"   {cycle + 1} kills: {found}", flush=True)
        rig.kill()
    # Who was cut off asks again with the same id, and everybody ends with exactly one answer.
    rig.start()
    waiting = rig.compare()
    rest = rig.seen(rig.crowd("--most", "3000"))
    found = rig.compare()
    rig.stop()
    check(rest["acknowledged"] == 3000, f"everybody who asks again is acknowledged ({rest['told']})")
    check(found["acknowledged"] >= CYCLES * (1_000 if full else 250), f"enough answers to tell: {found['acknowledged']} acknowledged")
    check(lost == found["lost"] == 0, f"{2 * CYCLES} kills of the server: {lost} of {found['acknowledged']} acknowledged answers lost")
    check(duplicates == found["duplicates"] == 0, f"{duplicates} duplicates among {found['stored']} stored")

    # The same check must catch a program that acknowledges before it commits.
    caught, log = 0, f"{work}/control.log"
    for turn in range(5):
        words = [sys.executable, f"{HERE}/control.py", f"{work}/control{turn}.db"]
        open(log, "w").close()
        control = subprocess.Popen([*words, "early", log])
        while os.path.getsize(log) < 2_000:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.1))
        control.kill()
        control.wait()
        caught += int(subprocess.run([*words, "lost", log], capture_output=True, text=True, check=True).stdout)
    check(caught > 0, f"control: a program that acknowledges before it commits is caught ({caught} lost)")
finish()
