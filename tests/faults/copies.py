"""Each submission eight times at once, each id once more with other content, and more people than a quota takes.

usage: copies.py HUIYIN LOAD [--full] [DATABASE_URL]        --full: 10,000 ids
"""
from rig import Rig, arguments, check, finish, workplace

binary, load, full, rest = arguments()
IDS = 10_000 if full else 1_000
with workplace() as work:
    rig = Rig(binary, load, work, rest[0] if rest else None)
    rig.open_round(2 * IDS)
    rig.start()
    seen = rig.seen(rig.crowd("--connections", "64", command="copies", log=False))
    ids, counts = rig.stored()
    check(seen["ids"] == IDS and seen["acknowledged"] == 8 * IDS, f"{IDS} ids, 8 copies of each at once, all acknowledged: {seen}")
    check(seen["differing"] == 0, "all copies of an id get the same receipt")
    check(seen["other_content_refused"] == IDS, f"the same id with other content is refused with 422: {seen['other_content_refused']} of {IDS}")
    check(len(ids) == IDS and counts == [IDS] * 3, f"{IDS} answers stored: {len(ids)} ids, {counts} ballots, receipts, used codes")
    rig.stop()

    more = f"{work}/more"
    rig.mint(500, more)
    rig.run("round", "quota", "2026Q3", "--most", str(IDS + 100))
    rig.start()
    seen = rig.seen(rig.crowd("--connections", "500", codes=more, log=False))
    ids, counts = rig.stored()
    check(seen["acknowledged"] == 100 and seen["told"] == {"Full": 400}, f"500 people at once, 100 places: {seen['acknowledged']} taken, {seen['told']}")
    check(len(ids) == IDS + 100 and counts == [IDS + 100] * 3, f"stored: {len(ids)}, {counts}")
    rig.stop()
finish()
