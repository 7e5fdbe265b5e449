"""Lets the power fail while people answer: what was acknowledged is there when it comes back.

usage: power_loss.py HUIYIN LOAD [--full]         --full: 60 failures of each kind
"""
import os, random, subprocess, sys, time
import power
from rig import HERE, Rig, arguments, check, finish, shim, workplace

binary, load, full, _ = arguments()
CYCLES = 60 if full else 6


def under(library, folder, log):
    return {"LD_PRELOAD": library, "FAULT_FOLDER": folder, "FAULT_LOG": log}


def server(work, library, mode):
    rig = Rig(binary, load, work)
    rig.open_round(120_000 if full else 12_000)
    before, log = f"{work}/before", f"{work}/notes"
    lost = duplicates = before_it = 0
    for cycle in range(CYCLES):
        power.copy(rig.data, before)
        rig.start(under(library, rig.data, log))
        crowd = rig.crowd("--connections", "64")
        # The log is carried back into the file after every 1,024 requests of the writer.
        rig.wait_for(before_it + (1_200 if full else 60), crowd)
        rig.kill()
        rig.seen(crowd)
        power.fail(rig.data, before, log, mode, random)
        rig.start()
        found = rig.compare()
        rig.kill()
        before_it = found["acknowledged"]
        lost, duplicates = max(lost, found["lost"]), max(duplicates, found["duplicates"])
    check(found["acknowledged"] >= CYCLES * (1_200 if full else 50), f"{mode}: enough answers to tell: {found['acknowledged']} acknowledged")
    check(lost == 0, f"{mode}: {CYCLES} power failures: {lost} of {found['acknowledged']} acknowledged answers lost")
    check(duplicates == 0, f"{mode}: {duplicates} duplicates")


def control(work, library, way, mode):
    """How many acknowledged rows a control program loses in a few failures."""
    folder, acknowledged, lost = f"{work}/control", f"{work}/control.log", 0
    for _ in range(8):
        os.makedirs(folder)
        open(acknowledged, "w").close()
        subprocess.run([sys.executable, f"{HERE}/control.py", f"{folder}/a.db", "make", acknowledged], check=True)
        power.copy(folder, f"{work}/before")
        writer = subprocess.Popen([sys.executable, f"{HERE}/control.py", f"{folder}/a.db", way, acknowledged],
                                  env=dict(os.environ, **under(library, folder, f"{work}/notes")), stderr=subprocess.DEVNULL)
        while os.path.getsize(acknowledged) < 2_000:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.3))
        writer.kill()
        writer.wait()
        power.fail(folder, f"{work}/before", f"{work}/notes", mode, random)
        done = subprocess.run([sys.executable, f"{HERE}/control.py", f"{folder}/a.db", "lost", acknowledged], capture_output=True, text=True, check=True)
        lost += int(done.stdout)
        subprocess.run(["rm", "-rf", folder], check=True)
    return lost


for mode in ["torn", "drop"]:
    with workplace() as work:
        library = shim(work)
        server(work, library, mode)
        kept, caught = control(work, library, "full", mode), control(work, library, "normal", mode)
        check(kept == 0, f"{mode}: control: a program that flushes each commit loses nothing ({kept})")
        check(caught > 0, f"{mode}: control: synchronous=NORMAL is caught ({caught} lost)")
finish()
