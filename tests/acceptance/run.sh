#!/usr/bin/env bash
# The quarter on both databases, the independent checks, and the faults, with the binary given.
set -euo pipefail
binary=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'stop_postgres; rm -rf "$work"' EXIT
say() { printf -- '-- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }
passed=0
pass() { passed=$((passed + 1)); say "ok: $*"; }

. "$root/tests/acceptance/postgres.sh"

say "the demo on SQLite"
"$binary" demo --once --json --data "$work/lite" --listen 127.0.0.1:18081 >"$work/lite.json"
"$binary" export ranking --round 2026Q3 --json --data "$work/lite" >"$work/ranking.json"
"$binary" demo --once --data "$work/lite" --listen 127.0.0.1:18081 2>"$work/again" && fail "a second demo into the same directory was not refused"
grep -q "已经有一场演示" "$work/again" || fail "the refusal is not clear: $(cat "$work/again")"
pass "a demo is played once in a directory"

say "the demo on PostgreSQL"
start_postgres huiyin
"$binary" demo --once --json --data "$work/pgdata" --database-url "$database" --listen 127.0.0.1:18082 >"$work/pg.json"
python3 "$root/tests/acceptance/check_demo.py" "$work/lite.json" "$work/pg.json" "$work/ranking.json"
pass "both databases publish the same digits"

say "who may see what"
python3 "$root/tests/acceptance/who_may_see.py" "$binary" "$work/lite" 10000
pass "every role is tried at every address, and one unit at the matters of another"

say "the edge of the site, and what attackers type"
python3 "$root/tests/acceptance/edge.py" "$binary" "$work/lite"
pass "headers, cookies, sessions and forms from elsewhere, on every address for every role"
python3 "$root/tests/acceptance/canary_pages.py" "$binary" "$work/lite"
pass "markup and formulas typed or imported become neither elements nor formulas"

say "the audit log"
python3 "$root/tests/acceptance/audit_bytes.py" "$binary" "$work/lite" 200
pass "no changed byte of the audit log and no cut tail gets through"

say "backup and restore"
"$root/tests/acceptance/open_round.sh" "$binary" "$work/backup" >/dev/null
python3 "$root/tests/acceptance/backup.py" "$binary" "$work/lite" "$work/backup"
python3 "$root/tests/acceptance/backup_postgres.py" "$binary" "$work/pgdata" "$database" "$pg_bin"
pass "what was backed up beside the work is restored whole, and no changed byte of it, also from PostgreSQL"

say "the bundle"
bundle=$(python3 -c 'import json,sys;print(json.load(open(sys.argv[1]))["bundle"])' "$work/lite.json")
"$binary" verify "$bundle" >/dev/null
python3 "$root/tests/independent/verify_bundle.py" "$bundle"
python3 "$root/tests/acceptance/flip_bytes.py" "$binary" "$bundle" 40
pass "the bundle verifies, and no changed byte gets through"

say "draws"
"$root/tests/acceptance/draws.sh" "$binary" "$work/lite"
pass "draws are drawn again from their certificates by us and by a plain script; reserves are released whole"

say "a killed server loses no acknowledged answer"
"$root/tests/acceptance/open_round.sh" "$binary" "$work/kill" >/dev/null
python3 "$root/tests/acceptance/kill_cycles.py" "$binary" "$work/kill" 2026Q3 "${HUIYIN_KILL_CYCLES:-20}"
pass "kill -9"

say "receipts"
"$root/tests/acceptance/open_round.sh" "$binary" "$work/receipts" >/dev/null
python3 "$root/tests/acceptance/receipts.py" "$binary" "$work/receipts" 2026Q3
pass "every receipt verifies with a script of its own, and no changed log gets through"

say "bad input"
"$root/tests/acceptance/bad_input.sh" "$binary"
pass "every mistake ends with one clear line and its own exit code"

python3 "$root/tests/acceptance/hostile_files.py" "$binary"
pass "no damaged file takes the caller with it"
"$root/tests/acceptance/open_round.sh" "$binary" "$work/old" >/dev/null
python3 "$root/tests/acceptance/old_workbook.py" "$binary" "$work/old" 2026Q3 ${HUIYIN_REAL_DATA:+"$HUIYIN_REAL_DATA/xlsform"}
pass "a workbook from before 2007 comes through the reading process row by row"
"$root/tests/acceptance/open_round.sh" "$binary" "$work/canary" >/dev/null
python3 "$root/tests/acceptance/canary.py" "$binary" "$work/canary" 2026Q3
pass "a person in an imported file is nowhere but in the vault"

"$root/tests/acceptance/open_round.sh" "$binary" "$work/uploads" >/dev/null
python3 "$root/tests/acceptance/uploads.py" "$binary" "$work/uploads" 2026Q3
pass "a file sent up counts when a second person says so, whatever moment the server is killed at"

"$root/tests/acceptance/open_round.sh" "$binary" "$work/citizen" >/dev/null
python3 "$root/tests/acceptance/citizen_bad_input.py" "$binary" "$work/citizen" 2026Q3
pass "the survey pages take nothing wrong, lose nothing and tell nothing"

python3 "$root/tests/acceptance/open_link.py" "$binary" "$work/link"
pass "an open link lets in whoever has worked or added, once each"

say "every way to score"
if "$root/tests/bench/setup.sh" --duckdb >/dev/null; then
  "$root/tests/acceptance/same_digits.sh" "$binary"
  pass "SQLite, PostgreSQL, the Parquet kernel and printed SQL give the same digits"
else
  echo "skipped: DuckDB cannot be installed"
  [ -z "${CI:-}" ] || fail "a suite may not be skipped in CI"
fi

say "real files"
if [ -n "${HUIYIN_REAL_DATA:-}" ]; then
  "$root/tests/acceptance/real_files.sh" "$binary" "$HUIYIN_REAL_DATA"
  pass "the airport rounds publish a trend that a plain script recomputes; the mailbox imports"
  "$root/tests/acceptance/analyze.sh" "$binary" "$HUIYIN_REAL_DATA"
  pass "published samples give their published estimates"
else
  echo "skipped: HUIYIN_REAL_DATA not set"
  [ -z "${CI:-}" ] || fail "a suite may not be skipped in CI"
fi
echo "$passed passed, 0 failed"
