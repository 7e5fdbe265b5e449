"""Checks the summaries of two demos (one per database) and the exported ranking.

usage: check_demo.py SQLITE.json POSTGRESQL.json RANKING.json
"""
import json, sys

first, second, ranking = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:4])
problems = []


def expect(holds, text):
    if not holds:
        problems.append(text)


for name, summary in (("sqlite", first), ("postgresql", second)):
    for key in ("round", "seed", "seconds", "channels", "units", "matters", "bundle", "portal", "digest"):
        expect(key in summary, f"{name}: {key} is missing")
    for channel in summary["channels"]:
        out = sum(channel["excluded"].values())
        expect(channel["received"] == channel["counted"] + out, f"{name}: {channel['channel']} does not add up: {channel}")
        expect(channel["received"] > 0, f"{name}: {channel['channel']} received nothing")
    expect(summary["matters"]["registered"] > 0, f"{name}: no matter")
    for what in ("closed", "reopened", "escalated"):
        expect(summary["matters"][what] >= 1, f"{name}: no matter was {what}")
    expect(summary["units"]["total"] == 80, f"{name}: {summary['units']}")
expect(first["digest"] == second["digest"], "the published digits differ between the databases")
expect(any(c["channel"] == "hall" and c["excluded"].get("system_default", 0) > 0 for c in first["channels"]), "no default rating was left out")

keys = ["unit", "class", "n", "score", "ci_low", "ci_high", "band", "rank_low", "rank_high", "place", "status", "weight_covered", "flags"]
expect(len(ranking) == 80, f"{len(ranking)} rows in the ranking")
for row in ranking:
    expect(list(row) == keys, f"keys of {row.get('unit')}: {list(row)}")
hidden = [row for row in ranking if row["status"] == "hidden"]
expect(hidden and all(row["score"] is None and row["place"] is None and row["n"] is None for row in hidden), f"hidden rows: {hidden}")
expect(any("weight_reallocated(hall)" in row["flags"] for row in ranking), "no unit carries weight_reallocated(hall)")
for row in ranking:
    if row["status"] == "ranked":
        expect(row["rank_low"] <= row["place"] <= row["rank_high"], f"place outside its interval: {row}")

print(json.dumps({"digest": first["digest"], "sqlite_seconds": first["seconds"], "postgresql_seconds": second["seconds"],
                  "units": first["units"], "matters": first["matters"]}, ensure_ascii=False))
if problems:
    sys.exit("\n".join(problems))
