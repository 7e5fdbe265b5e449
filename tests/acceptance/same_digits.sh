#!/usr/bin/env bash
# One quarter scored from SQLite, from PostgreSQL, from Parquet by our kernel (1 and 2 threads, shuffled rows, 7 shards) and
# by DuckDB and PostgreSQL running the printed SQL: every way the same digits.
set -euo pipefail
binary=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
python=$("$root/tests/bench/setup.sh" --duckdb)
work=$(mktemp -d)
trap 'stop_postgres; rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }

. "$root/tests/acceptance/postgres.sh"

"$python" "$root/tests/acceptance/agency_quarter.py" "$work"
collect() {
  "$binary" migrate --world "$work/city/world.json" "$@"
  "$binary" round create 2026Q3 "$@"
  "$binary" round open 2026Q3 "$@"
  "$binary" import survey "$work/agency.csv" --mapping "$work/mapping.json" --round 2026Q3 "$@"
  "$binary" round close 2026Q3 --yes "$@"
} >/dev/null
figures() {
  "$binary" export ranking --round 2026Q3 --json "$@"
  "$binary" export trend --json "$@"
}

lite=(--data "$work/lite")
collect "${lite[@]}"
"$binary" round score 2026Q3 "${lite[@]}" >/dev/null
figures "${lite[@]}" >"$work/expected.json"
grep -q '"place":1' "$work/expected.json" || fail "no unit was ranked; the comparison would show nothing"
ways=0
same() {
  cmp "$work/expected.json" "$2" || fail "$1 gives other digits"
  ways=$((ways + 1))
}
from_sums() {
  local way=$1
  shift
  "$binary" round score 2026Q3 "${lite[@]}" --moments "$@" >/dev/null
  figures "${lite[@]}" >"$work/found.json"
  same "$way" "$work/found.json"
}

start_postgres huiyin sums
served=(--data "$work/served" --database-url "$database")
collect "${served[@]}"
"$binary" round score 2026Q3 "${served[@]}" >/dev/null
figures "${served[@]}" >"$work/postgres.json"
same "PostgreSQL" "$work/postgres.json"

"$binary" snapshot ratings --round 2026Q3 --out "$work/ratings.parquet" "${lite[@]}" >/dev/null
"$binary" snapshot ratings --round 2026Q3 --out "$work/ratings.csv" "${lite[@]}" >/dev/null
"$python" - "$work" <<'P'
import sys, duckdb
folder = sys.argv[1]
rows = f"select *, row_number() over (order by hash(unit, item, psu)) as turn from '{folder}/ratings.parquet'"
duckdb.sql(f"copy (select * exclude turn from ({rows}) order by turn) to '{folder}/shuffled.parquet' (row_group_size 5000)")
for shard in range(7):
    duckdb.sql(f"copy (select * exclude turn from ({rows}) where turn % 7 = {shard}) to '{folder}/shard{shard}.parquet'")
P
kernel() {
  local way=$1
  shift
  "$binary" snapshot moments "$@" --out "$work/kernel.csv" >/dev/null
  from_sums "$way" "$work/kernel.csv"
}
kernel "the kernel on one thread" "$work/ratings.parquet" --threads 1
kernel "the kernel on two threads" "$work/ratings.parquet" --threads 2
kernel "shuffled rows" "$work/shuffled.parquet" --threads 2
kernel "seven shards" "$work"/shard?.parquet --threads 2
for shard in "$work"/shard?.parquet; do
  "$binary" snapshot moments "$shard" --out "${shard%.parquet}.csv" >/dev/null
done
from_sums "sums of seven shards" "$work"/shard?.csv

duckdb() { "$python" -c 'import sys, duckdb; duckdb.execute(sys.stdin.read())'; }
"$binary" snapshot sql --dialect duckdb --from "$work/ratings.parquet" --to "$work/duckdb.csv" | duckdb
from_sums "DuckDB" "$work/duckdb.csv"
"$binary" snapshot sql --dialect duckdb --from "$work/shard*.parquet" --to "$work/shards.csv" | duckdb
from_sums "DuckDB on seven shards" "$work/shards.csv"
"$python" -c "import duckdb; duckdb.sql(\"copy (from read_csv('$work/duckdb.csv')) to '$work/duckdb.parquet'\")"
from_sums "sums as Parquet" "$work/duckdb.parquet"

psql() { "$pg_bin/psql" -h "$work/pg" -U huiyin -d sums -q -v ON_ERROR_STOP=1 "$@"; }
"$binary" snapshot sql --dialect postgres >"$work/sums.sql"
psql -c "$(sed -n '/^create table/,/^);/p' "$work/sums.sql")"
psql -c "\\copy ratings from '$work/ratings.csv' (format csv, header)"
psql -f "$work/sums.sql" >"$work/postgres.csv" 2>/dev/null
from_sums "PostgreSQL running the SQL" "$work/postgres.csv"

sed 's/^D01,/D02,/' "$work/duckdb.csv" >"$work/other.csv"
"$binary" round score 2026Q3 "${lite[@]}" --moments "$work/other.csv" >/dev/null
figures "${lite[@]}" >"$work/found.json"
! cmp -s "$work/expected.json" "$work/found.json" || fail "other sums give the same digits: the comparison shows nothing"
echo "the same digits in $ways ways"
