"""Flushes begin to fail while people answer: nothing more is acknowledged, until a person has checked the disk.

usage: fsync_error.py HUIYIN LOAD
"""
import os, random, subprocess, sys, time
import power
from rig import HERE, Rig, arguments, check, finish, shim, workplace

binary, load, full, _ = arguments()
with workplace() as work:
    library = shim(work)
    rig = Rig(binary, load, work)
    rig.open_round(60_000)
    for turn in range(5 if full else 2):
        before, log, failing = f"{work}/before", f"{work}/notes", f"{work}/failing"
        power.copy(rig.data, before)
        preload = {"LD_PRELOAD": library, "FAULT_FOLDER": rig.data, "FAULT_LOG": log, "FAULT_FAIL": failing}
        rig.start(preload)
        crowd = rig.crowd("--connections", "64")
        rig.wait_for(len(rig.acknowledged()) + 100, crowd)
        open(failing, "w").close()
        failed = time.monotonic()
        while rig.get("/healthz") != (503, "fault") and time.monotonic() < failed + 20:
            time.sleep(0.01)
        red = time.monotonic() - failed
        check(rig.get("/healthz") == (503, "fault"), f"the health page is red {red:.2f} s after flushes began to fail")
        time.sleep(0.2)
        at_once = len(rig.acknowledged())
        time.sleep(1.0)
        os.remove(failing)
        time.sleep(1.0)
        later = len(rig.acknowledged())
        check(at_once == later, f"no acknowledgement after the error, also when flushes work again ({later - at_once})")
        check(rig.get(f"/s/{'2026Q3'}")[0] == 200, "pages are still readable")
        rig.kill()
        told = rig.seen(crowd)["told"]
        check(told.get("Later", 0) > 0, f"people are told to come back: {told}")
        power.fail(rig.data, before, log, "drop", random)
        # The mark may have been on the disk that failed; what matters is that it holds where it is.
        open(f"{rig.data}/huiyin.db.fault", "w").close()
        rig.start()
        check(rig.get("/healthz") == (503, "fault"), "a restart does not take answers again")
        found = rig.compare()
        check(found["lost"] == 0, f"0 of {found['acknowledged']} acknowledged answers lost after the power failed too ({found['lost']})")
        none = rig.seen(rig.crowd("--most", "20"))
        check(none["acknowledged"] == 0, "nothing is acknowledged after the restart")
        rig.stop()
        check(rig.run("admin", "clear-fault", ok=False).returncode == 1, "the fault is not cleared by somebody who did not look")
        rig.run("admin", "clear-fault", "--i-checked-the-disk")
        rig.start()
        some = rig.seen(rig.crowd("--most", "20"))
        check(some["acknowledged"] == 20, "after a person checked the disk answers are taken again")
        rig.stop()

    # The same check must catch a program that carries on.
    folder, failing, acknowledged = f"{work}/control", f"{work}/failing", f"{work}/control.log"
    os.makedirs(folder)
    subprocess.run([sys.executable, f"{HERE}/control.py", f"{folder}/a.db", "make", acknowledged], check=True)
    open(acknowledged, "w").close()
    power.copy(folder, f"{work}/before")
    environment = dict(os.environ, LD_PRELOAD=library, FAULT_FOLDER=folder, FAULT_LOG=f"{work}/notes", FAULT_FAIL=failing)
    writer = subprocess.Popen([sys.executable, f"{HERE}/control.py", f"{folder}/a.db", "carry-on", acknowledged], env=environment)

    def lines():
        with open(acknowledged) as file:
            return sum(1 for _ in file)

    for step in [lambda: None, lambda: open(failing, "w").close(), lambda: os.remove(failing)]:
        step()
        until = lines() + 200
        while lines() < until:
            time.sleep(0.01)
    writer.kill()
    writer.wait()
    power.fail(folder, f"{work}/before", f"{work}/notes", "drop", random)
    caught = subprocess.run([sys.executable, f"{HERE}/control.py", f"{folder}/a.db", "lost", acknowledged], capture_output=True, text=True)
    check(int(caught.stdout) > 0, f"control: a program that carries on after failed flushes is caught ({caught.stdout.strip()} lost)")
finish()
