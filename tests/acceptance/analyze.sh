#!/usr/bin/env bash
# Published estimates from published samples, the same numbers from R when it is there, and every refusal of `huiyin analyze`.
set -euo pipefail
binary=$1 real=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
samples="$real/survey-samples"

published() {
  local statistic=$1 expected=$2 error=$3
  shift 3
  "$binary" analyze "$@" --json >"$work/found.json" 2>"$work/notes"
  python3 - "$work/found.json" "$statistic" "$expected" "$error" <<'P'
import json, sys
rows = json.load(open(sys.argv[1]))
row = next(row for row in rows if row["statistic"] == sys.argv[2])
for name, expected in (("estimate", sys.argv[3]), ("se", sys.argv[4])):
    digits = len(expected.split(".")[1]) if "." in expected else 0
    assert abs(row[name] - float(expected)) <= 0.5000001 * 10 ** -digits, (name, row, expected)
assert row["status"] == "ok", row
P
}
# Lumley, R package survey, help pages of api and svyratio.
published mean 662.29 9.4089 "$samples/apistrat.csv" --strata stype --weight pw --fpc fpc --mean api00
published mean 644.17 23.542 "$samples/apiclus1.csv" --psu dnum --weight pw --fpc fpc --mean api00
published mean 670.81 30.099 "$samples/apiclus2.csv" --psu dnum --second-stage snum --weight pw --fpc fpc1 --second-fpc fpc2 --mean api00
published total 3687178 114642 "$samples/apistrat.csv" --strata stype --weight pw --fpc fpc --total enroll
echo "published examples: 4 of 4"

# The R script gives what it was written for.
same_in_r() {
  local tolerance=$1
  shift
  "$binary" analyze "$@" --json --r-script "$work/script.R" >"$work/found.json" 2>"$work/notes"
  Rscript "$work/script.R" >"$work/r.csv" 2>"$work/r.err" || { cat "$work/r.err"; exit 1; }
  python3 - "$work/found.json" "$work/r.csv" "$tolerance" <<'P'
import csv, json, sys
found = {(r["statistic"], r["variable"], r["domain"] or "NA"): r for r in json.load(open(sys.argv[1]))}
compared, worst, tolerance = 0, 0.0, float(sys.argv[3])
for line in csv.DictReader(open(sys.argv[2])):
    row = found[(line["statistic"], line["variable"], line["domain"])]
    if row["status"] != "ok":
        continue
    for name in ("estimate", "se", "ci_low", "ci_high", "df", "n", "n_eff", "deff"):
        if row[name] is None:
            continue
        value = float(line[name])
        worst = max(worst, abs(row[name] - value) / max(abs(value), 1e-6))
        assert worst <= tolerance, (name, row, line)
        compared += 1
assert compared, "nothing compared"
print(f"R survey: {compared} numbers agree, the worst to {worst:.0e}")
P
}
if Rscript -e 'library(survey)' >/dev/null 2>&1; then
  printf 'margin,level,count\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,5122\n' >"$work/margins.csv"
  same_in_r 1e-9 "$samples/apistrat.csv" --strata stype --weight pw --fpc fpc --mean api00,api99 --total enroll --ratio api.stu/enroll \
    --quantile api00,meals@0.9 --prop 'sch.wide,api00>=700,awards=Yes' --by stype --rank
  same_in_r 1e-9 "$samples/apiclus2.csv" --psu dnum --second-stage snum --weight pw --fpc fpc1 --second-fpc fpc2 --mean api00,enroll --prop stype
  same_in_r 1e-9 "$samples/apiclus1.csv" --psu dnum --weight pw --mean api00 --by stype,sch.wide
  same_in_r 1e-6 "$samples/apiclus1.csv" --psu dnum --weight pw --mean api00 --total enroll --prop awards --rake "$work/margins.csv"
  same_in_r 1e-9 "$samples/nhanes.csv" --weight WTMEC2YR --strata SDMVSTRA --psu SDMVPSU --nested --prop HI_CHOL --by race,RIAGENDR --scale 0..1
else
  echo "skipped: R with the package survey is not installed"
fi

expect() {
  local code=$1 words=$2
  shift 2
  set +e
  "$binary" analyze "$@" >"$work/out" 2>"$work/err"
  local got=$?
  set -e
  [ "$got" = "$code" ] || { echo "expected $code, got $got: $*"; cat "$work/err"; exit 1; }
  [ -z "$words" ] || grep -q "$words" "$work/err" || { echo "no '$words' in:"; cat "$work/err"; exit 1; }
  ! grep -qi "panicked" "$work/err" || { echo "a panic: $*"; exit 1; }
}
file() { printf "$2" >"$work/$1"; }
file good.csv 'd,s,p,w,q\nx,A,1,1,4\nx,A,2,1,5\ny,B,3,1,3\ny,B,4,1,9\n'
file negative.csv 'w,q\n1,4\n-2,5\n'
file missing.csv 'w,q\n1,4\n,5\n'
file zero.csv 'w,q\n0,4\n1,5\n1,4\n'
file text.csv 'w,q\n1,4\n1,four\n'
file uneven.csv 'w,q\n1,4\n1\n'
file empty.csv ''
file header.csv 'w,q\n'
file lonely.csv 's,p,q\nA,1,4\nA,1,5\nB,2,3\nB,3,4\n'
file twice.csv 's,p,q\nA,1,4\nA,2,5\nB,1,3\nB,3,4\n'
file contradict.csv 'margin,level,count\nd,x,10\nd,y,10\ns,A,10\ns,B,99\n'
file unknown.csv 'margin,level,count\nd,x,10\nd,z,10\n'
head -c 3000 /dev/urandom >"$work/noise.csv"
{ printf 'PAR1'; head -c 3000 /dev/urandom; printf 'PAR1'; } >"$work/noise.parquet"
g="$work/good.csv"

expect 0 "" "$g" --mean q
expect 10 "不存在" "$work/nowhere.csv" --mean q
expect 2 "是不是“q”" "$g" --mean Q
expect 2 "没有写要算什么" "$g"
expect 2 "比值" "$g" --ratio q
expect 2 "分位数" "$g" --quantile q@2
expect 2 "scale" "$g" --mean q --scale 5..1
expect 2 "5 级" "$g" --mean q --scale 1..5 --missing 9 --points 0,100
expect 1 "第 4 行.*“q”列的 9" "$g" --mean q --scale 1..5
expect 1 "第 2 行.*-2" "$work/negative.csv" --weight w --mean q
expect 1 "第 2 行.*“w”列是空的" "$work/missing.csv" --weight w --mean q
expect 0 "1 行的权数是 0（第一处是第 1 行" "$work/zero.csv" --weight w --mean q
expect 1 "第 2 行.*“q”列的“four”不是数" "$work/text.csv" --mean q
expect 11 "第 3 行有 1 格" "$work/uneven.csv" --mean q
expect 11 "没有表头" "$work/empty.csv" --mean q
expect 1 "没有数据行" "$work/header.csv" --mean q
expect 1 "层“A”只有一个" "$work/lonely.csv" --strata s --psu p --mean q --lonely fail
expect 0 "层“A” 只有一个" "$work/lonely.csv" --strata s --psu p --mean q
expect 1 "“1”出现在两个层" "$work/twice.csv" --strata s --psu p --mean q
expect 0 "" "$work/twice.csv" --strata s --psu p --mean q --nested
expect 1 "109" "$g" --mean q --rake "$work/contradict.csv"
expect 1 "y" "$g" --mean q --rake "$work/unknown.csv"
expect 11 "" "$work/noise.parquet" --mean q
"$binary" analyze "$work/noise.csv" --mean q >/dev/null 2>"$work/err" && { echo "noise was analysed"; exit 1; }
! grep -qi "panicked" "$work/err" || { echo "a panic on noise"; exit 1; }
HUIYIN_ACCOUNT=leader "$binary" analyze "$g" --mean q --by d --scale 1..5 --missing 9 --json 2>/dev/null | python3 -c '
import json, sys
rows = json.load(sys.stdin)
assert [row["domain"] for row in rows] == ["x", "y"], rows
assert list(rows[0]) == "statistic variable domain estimate se ci_low ci_high df n n_eff deff status".split(), rows
assert rows[1]["status"] == "single_psu" and rows[1]["se"] is None, rows'
echo "refusals and notes: ok"
