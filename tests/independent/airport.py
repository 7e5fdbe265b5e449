#!/usr/bin/env python3
"""Recompute the five airport rounds from the raw CSV files, with no code of the project.

usage: airport.py [ESTIMATES.json]

Reads $HUIYIN_REAL_DATA/airport-survey/{2010..2014}.csv and prints, per year, the number of answers to the overall
question, their weighted mean level (1-5) and the weighted share of levels 4 and 5. The weights are taken as they
stand in the file (equal where there is no WEIGHT column); 0, 6 and blank are no answers and enter nothing.

With ESTIMATES.json, rows {round, item, n, mean_level, top2}, compares each year with its row: n exactly, the two
figures to 1e-9. Exit 0 all agree, 1 some figure differs or is missing, 2 the input cannot be read.
"""

import csv
import json
import os
import re
import sys
from fractions import Fraction

OVERALL = {2010: "Q6N", 2011: "Q8N", 2012: "Q8N_WHOLE", 2013: "Q7O_WHOLE", 2014: "Q7ALL"}
NO_ANSWER = {"", "0", "6"}
LEVELS = {"1", "2", "3", "4", "5"}
TOLERANCE = 1e-9


def stop(code, message):
    print(f"airport.py: {message}", file=sys.stderr)
    sys.exit(code)


def year_figures(folder, year, question):
    """Exact sums with fractions, so that this script adds no rounding of its own."""
    n, weights, points, top = 0, Fraction(0), Fraction(0), Fraction(0)
    path = os.path.join(folder, f"{year}.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if question not in (reader.fieldnames or []):
            stop(2, f"{path}: column {question} is missing")
        weighted = "WEIGHT" in reader.fieldnames
        for row in reader:
            answer = (row[question] or "").strip()
            if answer in NO_ANSWER:
                continue
            if answer not in LEVELS:
                stop(2, f"{path}, line {reader.line_num}: {question} holds {answer!r}")
            weight = Fraction(row["WEIGHT"].strip()) if weighted else Fraction(1)
            n += 1
            weights += weight
            points += weight * int(answer)
            top += weight if answer in ("4", "5") else 0
    if not weights:
        stop(2, f"{path}: nobody answered {question}")
    return {"year": year, "item": "overall", "n": n,
            "mean": float(points / weights), "top2": float(top / weights)}


def differences(figures, rows):
    for own in figures:
        name = f"{own['year']} overall"
        theirs = [row for row in rows if row.get("item") == "overall"
                  and re.search(rf"(?<!\d){own['year']}(?!\d)", str(row.get("round", "")))]
        if len(theirs) != 1:
            yield f"{name}: expected one row, found {len(theirs)}"
            continue
        if theirs[0].get("n") != own["n"]:
            yield f"{name}: n is {own['n']}, the file says {theirs[0].get('n')}"
        for mine, column in (("mean", "mean_level"), ("top2", "top2")):
            value = theirs[0].get(column)
            if not isinstance(value, (int, float)) or not abs(value - own[mine]) <= TOLERANCE:
                yield f"{name}: {column} is {own[mine]!r}, the file says {value!r}"


def main():
    base = os.environ.get("HUIYIN_REAL_DATA")
    if not base:
        stop(2, "HUIYIN_REAL_DATA is not set; point it at the folder that holds airport-survey/")
    folder = os.path.join(base, "airport-survey")
    try:
        figures = [year_figures(folder, year, question) for year, question in OVERALL.items()]
        rows = None
        if len(sys.argv) > 1:
            with open(sys.argv[1], encoding="utf-8") as file:
                rows = json.load(file)
    except (OSError, ValueError) as problem:
        stop(2, str(problem))
    print(json.dumps(figures, indent=2))
    if rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        stop(2, f"{sys.argv[1]}: expected a JSON array of objects")
    found = list(differences(figures, rows))
    for line in found:
        print(f"airport.py: {line}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
