"""Writes an agency's microdata of an invented quarter, its mapping, and a city scored by them alone: agency_quarter.py FOLDER."""

import csv
import json
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
chance = random.Random(20260930)
groups = {"代表": "delegates", "干部": "cadres", "企业": "enterprises", "群众": "citizens"}
units = [f"D{n:02}" for n in range(1, 41)]
items = ["overall", "efficiency"]
levels = {"5": "very_satisfied", "4": "satisfied", "3": "fair", "2": "dissatisfied", "1": "very_dissatisfied", "0": "dont_know"}

with open(folder / "agency.csv", "w", encoding="utf-8", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["编号", "层面", "层", "权数", "单位", *items])
    for person in range(1, 6001):
        group = chance.choice(list(groups))
        stratum = f"{group}{chance.randrange(4)}"
        weight = f"{chance.uniform(0.5, 90):.6f}"
        for unit in chance.sample(units, 3):
            answers = chance.choices("543210", weights=[30 + int(unit[1:]), 30, 20, 8, 5, 7], k=len(items))
            rows.writerow([person, group, stratum, weight, unit, *answers])

mapping = {
    "code": "agency",
    "version": 1,
    "respondent": "编号",
    "stratum": "层",
    "weight": "权数",
    "unit": {"column": "单位"},
    "group": {"column": {"column": "层面", "groups": groups}},
    "items": {item: item for item in items},
    "levels": levels,
    "not_answers": [""],
}
(folder / "mapping.json").write_text(json.dumps(mapping, ensure_ascii=False), encoding="utf-8")

templates = pathlib.Path(__file__).parents[2] / "survey-templates"
city = json.loads((templates / "worlds" / "yunxi.json").read_text(encoding="utf-8"))
city["rules"] = "single-channel.json"
(folder / "city").mkdir()
(folder / "city" / "world.json").write_text(json.dumps(city, ensure_ascii=False), encoding="utf-8")
