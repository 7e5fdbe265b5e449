#!/usr/bin/env bash
# draws.sh BINARY DEMO_DATA: the certificate of the demo's draw, and a designed draw with reserves, checked by two programs.
set -euo pipefail
binary=$1 demo=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }

check() { # DATA: certificate and frame agree for us, for a plain script and for sha256sum, and hold nothing personal
  "$binary" sample certificate --round 2026Q3 --out "$work/draw.json" --data "$1" >/dev/null
  "$binary" sample frame --round 2026Q3 --out "$work/frame.csv" --data "$1" >/dev/null
  "$binary" sample verify --certificate "$work/draw.json" --frame "$work/frame.csv" --out "$work/drawn.csv" >/dev/null || fail "the certificate does not verify"
  python3 "$root/tests/independent/draw_again.py" "$work/draw.json" "$work/frame.csv" || fail "the independent script draws others"
  grep -q "$(sha256sum <"$work/frame.csv" | cut -d' ' -f1)" "$work/draw.json" || fail "sha256sum of the frame is not certified"
  ! grep -qE '@|(^|,)1[3-9][0-9]{9}(,|$)' "$work/frame.csv" "$work/drawn.csv" || fail "the frame holds personal data"
}

disputed() { # CODE CERTIFICATE FRAME
  local code=0
  "$binary" sample verify --json --certificate "$2" --frame "$3" >"$work/answer.json" || code=$?
  [ "$code" = 17 ] || fail "exit code $code instead of 17"
  grep -q "$1" "$work/answer.json" || fail "$1 is not named: $(cat "$work/answer.json")"
}

check "$demo"
python3 - "$work" <<'PY'
import json, pathlib, sys
work = pathlib.Path(sys.argv[1])
certificate = json.loads((work / "draw.json").read_text())
certificate["seed"] += 1
(work / "seed.json").write_text(json.dumps(certificate))
lines = (work / "frame.csv").read_text().splitlines(True)
(work / "fewer.csv").write_text("".join(lines[:-1]))
(work / "turned.csv").write_text("".join([lines[0], *lines[:0:-1]]))
PY
disputed RC-314 "$work/seed.json" "$work/frame.csv"
disputed RC-312 "$work/draw.json" "$work/fewer.csv"
"$binary" sample verify --certificate "$work/draw.json" --frame "$work/turned.csv" >/dev/null || fail "the order of the frame matters"

cp -r "$root/survey-templates" "$work/templates"
python3 - "$work" <<'PY'
import json, pathlib, sys
work = pathlib.Path(sys.argv[1])
path = work / "templates/rules/yunxi-2026.json"
rules = json.loads(path.read_text())
rules["version"] += 1
rules["sample"] |= {
    "quota": {"delegates": 40, "cadres": 30, "enterprises": 50, "citizens": 80},
    "reserve_replicates": 1,
    "designs": {
        "enterprises": {"method": "pps_systematic"},
        "citizens": {"allocation": "equal", "method": {"two_stage": {"people_per_community": 5}}},
        "cadres": {"method": "systematic", "maximum": 20},
    },
}
path.write_text(json.dumps(rules))
people = ["姓名,身份类别,手机号,邮箱,区县,抽样层,社区（村）,规模"]
for n in range(4000):
    group = ["党代表", "机关干部", "企业代表", "普通群众"][n % 4]
    people.append(f"某人,{group},138{n:08},q{n}@example.invalid,望湖区,{'城区' if n % 3 else '乡村'},{n % 60}社区,{[5, 20, 100][n % 11 % 3]}")
(work / "people.csv").write_text("\n".join(people) + "\n")
PY
data="$work/data"
"$binary" migrate --world "$work/templates/worlds/yunxi.json" --data "$data" >/dev/null
"$binary" user add clerk --role office_clerk --data "$data" >/dev/null
"$binary" user confirm clerk --data "$data" >/dev/null
export HUIYIN_ACCOUNT=clerk
"$binary" round create 2026Q3 --data "$data" >/dev/null
"$binary" import pool "$work/people.csv" --data "$data" >/dev/null
"$binary" sample draw --round 2026Q3 --seed 18446744073709551557 --json --data "$data" >"$work/drawn.json"
check "$data"
main=$(find "$data/mail" -type f | wc -l)
"$binary" sample release --round 2026Q3 --json --data "$data" >"$work/released.json"
python3 - "$work" "$main" "$(find "$data/mail" -type f | wc -l)" <<'PY'
import json, pathlib, sys
work, before, after = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
drawn, released = (json.loads((work / name).read_text()) for name in ("drawn.json", "released.json"))
people = sum(drawn["drawn"].values())
assert drawn["certificate"]["rules"]["reserve_replicates"] == 1
assert 200 <= people <= 230 and before == people, (people, before)
assert released["replicate"] == 1 and released["left"] == 0, released
assert after - before == released["people"] == drawn["reserves"], (before, after, released)
PY
check "$data"
code=0
"$binary" sample release --round 2026Q3 --data "$data" 2>/dev/null || code=$?
[ "$code" = 1 ] || fail "a reserve that is not there was released"
