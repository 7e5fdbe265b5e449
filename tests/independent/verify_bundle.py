#!/usr/bin/env python3
"""Verify a result bundle with the Python standard library alone, with no code of the project.

usage: verify_bundle.py BUNDLE [--verbose]

Checks, in this order:
  1. the directory holds exactly the files of a bundle;
  2. size and SHA-256 of every file against manifest.json, and the digest of the published table;
  3. both Ed25519 signatures over the bytes of manifest.json (RFC 8032, written out below);
  4. every unit's survey score and channel total, recomputed from moments.json, channels.json and rules.json with exact
     fractions, against ranking.csv: n and status exactly, score to 0.01, places from the exact scores;
  5. counts.json: received = counted + excluded for every channel.

It does not read ratings.parquet beyond its digest, and does not recompute intervals, bands and rank intervals.

Exit 0 everything agrees, 1 something differs (one line each on stderr), 2 the bundle cannot be read.
"""

import csv
import hashlib
import io
import json
import os
import sys
from fractions import Fraction

LISTED = ["channels.json", "counts.json", "moments.json", "ranking.csv", "ratings.parquet", "rules.json", "units.json"]
SIGNATURES = ["signature-1.bin", "signature-2.bin"]
LEVELS = ["very_satisfied", "satisfied", "fair", "dissatisfied", "very_dissatisfied"]
TOLERANCE = Fraction(1, 100)


# --- Ed25519 verification, RFC 8032 section 5.1.7 -------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x % 2 != sign else x


def point(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number % 2**255, number >> 255
    x = recover_x(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    p, q = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    r, s = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, base):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, base)
        base = add(base, base)
        scalar >>= 1
    return total


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point(BASE_Y.to_bytes(32, "little"))


def is_signed(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = point(public_key), point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public_key + message).digest()
    left = times(scalar, BASE)
    right = add(commitment, times(int.from_bytes(challenge, "little") % ORDER, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# --- the score of one unit --------------------------------------------------------------------------------------------

def mean_points(counts, points):
    """Mean points of counts per level, best level first; None without any."""
    total = sum(counts)
    return sum(n * p for n, p in zip(counts, points)) / Fraction(total) if total else None


def share(ratio):
    return Fraction(100 * min(ratio["part"], ratio["whole"]), ratio["whole"]) if ratio["whole"] else None


def combine(parts):
    """Weighted mean of the parts that are there; parts are (weight, value or None)."""
    there = [(weight, value) for weight, value in parts if value is not None and weight > 0]
    whole = sum(weight for weight, _ in there)
    return sum(weight * value for weight, value in there) / whole if whole else None


class Round:
    """The documents of a bundle, indexed."""

    def __init__(self, files):
        read = lambda name: json.loads(files[name], parse_float=Fraction)
        self.rules, channels, moments = read("rules.json"), read("channels.json"), read("moments.json")["moments"]
        self.units = channels["units"]
        self.points = [Fraction(self.rules["ruler"][level]) for level in LEVELS]
        self.items, self.pooled = {}, {}
        for cell, sums in moments["items"]:
            self.items.setdefault((cell["unit"], cell["group"]), []).append((cell["item"], sums))
        for cell, sums in moments["pooled"]:
            self.pooled.setdefault((cell["unit"], cell["group"]), []).append(sums)

    def group(self, unit, name):
        """Valid ratings of a group and its mean, the mean None when the group does not count."""
        by_item = {}
        for item, sums in self.items.get((unit, name), []):
            by_item[item] = by_item.get(item, 0) + sum(sums["answers"])
        n = max(by_item.values(), default=0)
        cells = self.pooled.get((unit, name), [])
        answers = sum(sum(sums["answers"]) for sums in cells)
        asked = answers + sum(sums["dont_know"] for sums in cells)
        if not answers or Fraction(asked - answers, asked) > self.rules["dont_know_limit"]:
            return n, None
        if n < self.rules["minimum_n"]["group"]:
            return n, None
        weights = [sum(sums["weight"][level] for sums in cells) for level in range(5)]
        return n, mean_points(weights, self.points)

    def survey(self, unit):
        groups = [(weight, *self.group(unit, name)) for name, weight in self.rules["group_weights"].items() if weight > 0]
        return sum(n for _, n, _ in groups), combine([(weight, mean) for weight, _, mean in groups])

    def hall(self, unit):
        counts, weights = unit["hall"], self.rules["hall_index"]
        if not unit["has_hall_window"] or counts is None:
            return None
        active = sum(counts["active"])
        cases = counts["completed_cases"]
        if (active + counts["default_ratings"] if cases is None else cases) < self.rules["minimum_n"]["hall_cases"]:
            return None
        if not active:
            return None
        rate = share({"part": active, "whole": cases}) if cases is not None else None
        target = weights["active_target"]
        reached = None if rate is None else Fraction(100) if target <= 0 else min(Fraction(100), rate / target)
        loop = [s for s in (share(counts[k]) for k in ("contacted", "rectified", "follow_up_good")) if s is not None]
        return combine([(weights["level"], mean_points(counts["active"], self.points)), (weights["active"], reached),
                        (weights["closing_loop"], sum(loop) / len(loop) if loop else None)])

    def hotline(self, unit):
        counts, weights = unit["hotline"], self.rules["hotline_index"]
        if not unit["has_hotline_orders"] or counts is None:
            return None
        if counts["orders"] < self.rules["minimum_n"]["hotline_orders"]:
            return None
        resolved, satisfied = share(counts["resolved"]), mean_points(counts["satisfied"], self.points)
        if resolved is None and satisfied is None:
            return None
        return combine([(weights["on_time"], share(counts["on_time"])), (weights["resolution"], resolved),
                        (weights["satisfaction"], satisfied)])

    def pairing(self, counts):
        minimum, weights = self.rules["minimum_n"], self.rules["pairing"]
        if counts is None or counts["raters"] < minimum["pairing_raters"] or counts["bodies"] < minimum["pairing_bodies"]:
            return None
        levels = mean_points(counts["levels"], self.points)
        return None if levels is None else combine([(weights["levels"], levels), (weights["evidence"], share(counts["solved"]))])

    def enterprise(self, counts):
        if counts is None or sum(counts["levels"]) < self.rules["minimum_n"]["enterprises"]:
            return None
        return mean_points(counts["levels"], self.points)

    def rectification(self, counts):
        if counts is None:
            return None
        names = {"on_time": "on_time", "closed_first_time": "closed_first_time",
                 "verified_satisfaction": "verified_satisfied", "list_quality": "list_quality"}
        return combine([(self.rules["rectification"][rule], share(counts[count])) for rule, count in names.items()])

    def total(self, unit):
        """n, survey score, total (None when not scored) and status of a unit."""
        kind = "enterprise_facing" if unit["enterprise_facing"] else "general"
        weights, minimum = self.rules["channel_weights"][kind], self.rules["minimum_n"]
        n, survey = self.survey(unit["id"])
        scores = {"survey": survey, "hall": self.hall(unit), "hotline": self.hotline(unit),
                  "community": self.pairing(unit["community"]), "village": self.pairing(unit["village"]),
                  "enterprise": self.enterprise(unit["enterprise"]),
                  "rectification": self.rectification(unit["rectification"])}
        parts = [(weight, scores[channel]) for channel, weight in weights.items() if weight > 0]
        live = [weight for weight, score in parts if score is not None]
        total = combine(parts) if len(live) >= minimum["channels"] else None
        covered = Fraction(100) * sum(live) / sum(weight for weight, _ in parts) if parts else Fraction(0)
        if total is None or unit["ranked_mode"] == "opinion_only" or n < minimum["bracketed"]:
            status = "hidden"
        elif n < minimum["shown"]:
            status = "bracketed"
        elif covered >= minimum["weight_covered"] and n + unit["earlier_n"] >= minimum["ranked"]:
            status = "ranked"
        else:
            status = "shown"
        return n, survey, total, status


# --- the checks -------------------------------------------------------------------------------------------------------

def file_problems(files, manifest):
    entries = {entry["name"]: entry for entry in manifest["files"]}
    if sorted(entries) != LISTED:
        yield f"manifest.json: lists {sorted(entries)}"
        return
    for name, entry in entries.items():
        found = hashlib.sha256(files[name]).hexdigest()
        if len(files[name]) != entry["size"] or found != entry["sha256"]:
            yield f"{name}: expected {entry['size']} bytes {entry['sha256']}, found {len(files[name])} bytes {found}"
    if entries["ranking.csv"]["sha256"] != manifest["table_digest"]:
        yield "ranking.csv: not the table whose digest was published"


def signature_problems(files, manifest):
    first, second = manifest["signers"]
    if any(first[key] == second[key] for key in ("name", "role", "public_key")):
        yield "manifest.json: the signers are not two people of two roles with two keys"
    for signer, name in zip(manifest["signers"], SIGNATURES):
        try:
            key = bytes.fromhex(signer["public_key"])
        except ValueError:
            key = b""
        if not is_signed(key, files["manifest.json"], files[name]):
            yield f"{name}: no signature of {signer['name']} over this manifest"


def score_problems(files, verbose):
    quarter = Round(files)
    rows = {row["unit"]: row for row in csv.DictReader(io.StringIO(files["ranking.csv"].decode("utf-8")))}
    if sorted(rows) != sorted(unit["id"] for unit in quarter.units):
        yield "ranking.csv: not the units of channels.json"
        return
    results = {unit["id"]: quarter.total(unit) for unit in quarter.units}
    for unit, (n, survey, total, status) in results.items():
        row = rows[unit]
        if verbose:
            text = lambda value: "-" if value is None else f"{float(value):.4f}"
            print(f"{unit}: n {n}, survey {text(survey)}, total {text(total)}, {status}")
        if row["status"] != status:
            yield f"ranking.csv {unit}: status {row['status']}, recomputed {status}"
            continue
        if status == "hidden":
            if row["n"] or row["score"]:
                yield f"ranking.csv {unit}: hidden, but shows n or score"
            continue
        if row["n"] != str(n):
            yield f"ranking.csv {unit}: n {row['n']}, recomputed {n}"
        if abs(Fraction(row["score"]) - total) > TOLERANCE:
            yield f"ranking.csv {unit}: score {row['score']}, recomputed {float(total):.6f}"
    yield from place_problems(rows, results)


def place_problems(rows, results):
    exact = lambda unit: round(results[unit][2] * 10**9)
    ranked = [unit for unit in rows if results[unit][3] == "ranked"]
    for unit in ranked:
        rivals = [other for other in ranked if rows[other]["class"] == rows[unit]["class"]]
        place = 1 + sum(exact(other) > exact(unit) for other in rivals)
        if rows[unit]["place"] != str(place):
            yield f"ranking.csv {unit}: place {rows[unit]['place']}, recomputed {place}"


def count_problems(files):
    for books in json.loads(files["counts.json"])["channels"]:
        if books["received"] != books["counted"] + sum(books["excluded"].values()):
            yield f"counts.json {books['channel']}: received is not counted plus excluded"


def main(arguments):
    verbose = "--verbose" in arguments
    directories = [argument for argument in arguments if argument != "--verbose"]
    if len(directories) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        names = sorted(os.listdir(directories[0]))
        files = {}
        for name in names:
            with open(os.path.join(directories[0], name), "rb") as file:
                files[name] = file.read()
    except OSError as error:
        print(f"verify_bundle.py: {error}", file=sys.stderr)
        return 2
    if names != sorted(LISTED + SIGNATURES + ["manifest.json"]):
        print(f"verify_bundle.py: {directories[0]} holds {', '.join(names)}", file=sys.stderr)
        return 1
    try:
        manifest = json.loads(files["manifest.json"])
        problems = list(file_problems(files, manifest)) + list(signature_problems(files, manifest))
        problems += list(score_problems(files, verbose)) + list(count_problems(files))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, ZeroDivisionError) as error:
        print(f"verify_bundle.py: a document cannot be read: {error!r}", file=sys.stderr)
        return 1
    for problem in problems:
        print(f"verify_bundle.py: {problem}", file=sys.stderr)
    if not problems:
        print(f"{manifest['result_id']}: files, signatures, scores, places and counts agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
