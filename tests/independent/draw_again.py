"""Draws again from a certificate and an exported frame with nothing but Python's own library: draw_again.py CERTIFICATE FRAME.

Written from docs/draws.md, not from the Rust code. Prints every disagreement; exit code 1 when there is one.
"""

import csv
import hashlib
import json
import sys
from fractions import Fraction


def number(seed: int, purpose: str, name: str) -> int:
    digest = hashlib.sha256(seed.to_bytes(8, "big") + purpose.encode() + name.encode()).digest()
    return int.from_bytes(digest[:8], "big")


def below(most: int, random: int) -> int:
    return most * random >> 64


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text


def digest(lines: list[str]) -> str:
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def squared_claim(rule: str, people: int, spread: dict | None) -> float:
    n = float(people)
    if rule == "equal":
        return 1.0
    if rule == "square_root":
        return n
    if rule == "proportional":
        return n * n
    sd, mean = float(spread["sd"]), float(spread["mean"])
    if rule == "neyman":
        return (n * sd) * (n * sd)
    return n * ((sd / mean) * (sd / mean))


def allocate(sizes: list[int], claims: list[float], quota: int, minimum: int, maximum: int | None) -> list[int]:
    caps = [size if maximum is None else min(size, maximum) for size in sizes]
    floor = minimum
    while sum(min(floor, cap) for cap in caps) > quota:
        floor -= 1
    given = [min(floor, cap) for cap in caps]
    for _ in range(quota - sum(given)):
        def priority(h: int) -> tuple:
            seats = given[h]
            return (seats == 0 and claims[h] > 0, claims[h] / (seats * (seats + 1)) if seats else claims[h], -h)
        given[max((h for h in range(len(sizes)) if given[h] < caps[h]), key=priority)] += 1
    return given


def certainty(sizes: list[int], n: int) -> tuple[list[bool], int, int]:
    certain, left, total = [False] * len(sizes), n, sum(sizes)
    while True:
        share, whole, before = left, total, left
        for unit, size in enumerate(sizes):
            if not certain[unit] and share > 0 and share * size >= whole:
                certain[unit], left, total = True, left - 1, total - size
        if left == before:
            return certain, left, total


def systematic(sizes: list[int], certain: list[bool], n: int, total: int, start: int, rotation: int, replicates: int) -> dict[int, int]:
    """Unit to the smallest replicate that meets it."""
    met, points, end = {}, [(j * total + start, (j + rotation) % replicates) for j in range(n * replicates)], 0
    at = 0
    for unit, size in enumerate(sizes):
        if certain[unit]:
            continue
        end += size
        while at < len(points) and points[at][0] < end * n * replicates:
            met[unit] = min(met.get(unit, replicates), points[at][1])
            at += 1
    return met


def smallest(people: list[tuple[int, str]], take: int, first: Fraction, replicates: int) -> list[tuple[str, int, list[Fraction]]]:
    whole = len(people)
    take = min(take, whole)
    chances = [first * Fraction(min((k + 1) * take, whole), whole) for k in range(replicates)]
    drawn = sorted(people)[: replicates * take]
    return [(name, place // take, chances) for place, (_, name) in enumerate(drawn)]


def draw_stratum(key: tuple[str, str], rows: list[dict], allotted: int, method, seed: int, replicates: int):
    if allotted == 0:
        return []
    people = [(number(seed, "P", row["pseudonym"]), row["pseudonym"]) for row in rows]
    if method == "simple_random":
        return smallest(people, allotted, Fraction(1), replicates)
    community = {row["pseudonym"]: row["community"] for row in rows}
    people.sort(key=lambda one: (community[one[1]].encode(), one))
    start, rotation = number(seed, "S", "/".join(key)), number(seed, "R", "/".join(key))
    if isinstance(method, dict):
        take = method["two_stage"]["people_per_community"]
        names = sorted(set(community.values()), key=str.encode)
        members = group(people, community)
        sizes = [len(members[name]) for name in names]
        wanted = min(max(-(-allotted // take), min(2, len(sizes))), len(sizes))
        certain, left, total = certainty(sizes, wanted)
        met = systematic(sizes, certain, left, total, below(total, start), 0, 1)
        drawn = []
        for place, name in enumerate(names):
            if certain[place]:
                drawn += smallest(members[name], -(-max(wanted * take, allotted) * sizes[place] // len(people)), Fraction(1), replicates)
            elif place in met:
                drawn += smallest(members[name], take, Fraction(left * sizes[place], total), replicates)
        return drawn
    size = {row["pseudonym"]: int(row["size"]) if method == "pps_systematic" else 1 for row in rows}
    sizes = [size[name] for _, name in people]
    certain, left, total = certainty(sizes, allotted)
    met = systematic(sizes, certain, left, total, below(total, start), below(replicates, rotation), replicates)
    drawn = []
    for unit, (_, name) in enumerate(people):
        if certain[unit]:
            drawn.append((name, 0, [Fraction(1)] * replicates))
        elif unit in met:
            length = left * replicates * sizes[unit]
            chances = [min(Fraction(1), Fraction(k * min(length, total) + length, total * replicates)) for k in range(replicates)]
            drawn.append((name, met[unit], chances))
    return drawn


def group(people: list[tuple[int, str]], community: dict[str, str]) -> dict[str, list[tuple[int, str]]]:
    members: dict[str, list[tuple[int, str]]] = {}
    for one in people:
        members.setdefault(community[one[1]], []).append(one)
    return members


def main(certificate_path: str, frame_path: str) -> int:
    certificate = json.load(open(certificate_path, encoding="utf-8"))
    problems = [] if certificate["method"] == "huiyin-draw-2" else [f"method {certificate['method']}"]
    if hashlib.sha256(open(frame_path, "rb").read()).hexdigest() != certificate["frame_digest"]:
        problems.append("the digest of the frame file differs")
    rules, seed = certificate["rules"], certificate["seed"]
    replicates = rules.get("reserve_replicates", 0) + 1
    strata: dict[tuple[str, str], list[dict]] = {}
    for row in csv.DictReader(open(frame_path, encoding="utf-8", newline="")):
        strata.setdefault((row["group"], row["stratum"]), []).append(row)
    order = ["delegates", "cadres", "enterprises", "citizens"]
    lines = ["pseudonym,group,stratum,community,replicate,chances"]
    found = []
    for name in (group for group in order if group in rules["quota"]):
        design = {"allocation": "proportional", "minimum": 2, "method": "simple_random"} | rules.get("designs", {}).get(name, {})
        keys = sorted((key for key in strata if key[0] == name), key=lambda key: key[1].encode())
        sizes = [len(strata[key]) for key in keys]
        claims = [squared_claim(design["allocation"], len(strata[key]), design.get("spread", {}).get(key[1])) for key in keys]
        given = allocate(sizes, claims, rules["quota"][name], design["minimum"], design.get("maximum"))
        for key, allotted in zip(keys, given):
            drawn = draw_stratum(key, strata[key], allotted, design["method"], seed, replicates)
            community = {row["pseudonym"]: row["community"] for row in strata[key]}
            own = []
            for who, replicate, chances in sorted(drawn, key=lambda one: one[0].encode()):
                fractions = " ".join(f"{chance.numerator}/{chance.denominator}" for chance in chances)
                own.append(",".join([*map(quoted, (who, *key, community[who])), str(replicate), fractions]))
            counts = [sum(one[1] == k for one in drawn) for k in range(replicates)]
            found.append({"group": key[0], "stratum": key[1], "population": len(strata[key]), "allotted": allotted, "drawn": counts, "drawn_digest": digest(own)})
            lines += own
    for said, again in zip(certificate["strata"], found):
        problems += [f"stratum {again['stratum']}: {field} is {again[field]}, not {said[field]}" for field in again if said[field] != again[field]]
    if len(certificate["strata"]) != len(found):
        problems.append("other strata")
    if certificate["drawn_digest"] != digest(lines):
        problems.append("the digest of the drawn people differs")
    for problem in problems:
        print(problem)
    if not problems:
        print(f"drawn again: {len(lines) - 1} people of {sum(map(len, strata.values()))}, everything agrees")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
