"""The disk fills up while people answer: they are told to come back, pages stay readable, and it goes on when there is room.

usage: disk_full.py HUIYIN LOAD        needs root, to mount a small disk in memory
"""
import os, shutil, subprocess, time
from rig import Rig, arguments, check, finish, workplace

binary, load, full, _ = arguments()
with workplace() as work:
    small = f"{work}/data"
    os.makedirs(small)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=240m", "tmpfs", small], check=True)
    try:
        rig = Rig(binary, load, work)
        rig.open_round(100_000)
        rig.start()
        check(os.path.getsize(f"{small}/huiyin.db.reserve") == 64 << 20, "64 MB are held back")
        crowd = rig.crowd("--connections", "64")
        rig.wait_for(50, crowd)
        with open(f"{small}/filler", "wb") as filler:
            # Everything but a little, so that the writer itself meets the end of the disk.
            left = shutil.disk_usage(small).free - (2 << 20)
            filler.write(b"\0" * max(left, 0))
        until = time.monotonic() + 20
        while rig.get("/healthz") != (503, "full") and time.monotonic() < until:
            time.sleep(0.02)
        check(rig.get("/healthz") == (503, "full"), "the health page says that the disk is full")
        check(not os.path.exists(f"{small}/huiyin.db.reserve"), "the reserve is given up")
        check(rig.get("/s/2026Q3")[0] == 200, "pages are readable")
        # With the reserve used up as well, nothing is acknowledged and nothing breaks.
        with open(f"{small}/filler2", "wb") as filler:
            try:
                filler.write(b"\0" * (shutil.disk_usage(small).free))
            except OSError:
                pass
        time.sleep(0.3)
        at_once = len(rig.acknowledged())
        time.sleep(1)
        check(len(rig.acknowledged()) == at_once, "nothing is acknowledged while the disk is full")
        check(rig.get("/s/2026Q3")[0] == 200, "pages are readable on a disk without one free byte")
        crowd.kill()
        crowd.wait()
        os.remove(f"{small}/filler")
        os.remove(f"{small}/filler2")
        seen = rig.seen(rig.crowd("--most", "200"))
        check(seen["acknowledged"] == 200, f"without a restart answers are taken again ({seen['told']})")
        check(rig.get("/healthz") == (200, "ok"), "the health page is green again")
        found = rig.compare()
        check(found["lost"] == 0 and found["duplicates"] == 0, f"full disk: {found}")
        rig.stop()
    finally:
        subprocess.run(["umount", small], check=True)
finish()
