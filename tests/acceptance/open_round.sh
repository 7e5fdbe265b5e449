#!/usr/bin/env bash
# Makes a data directory with an open round of the invented city and its invitations in the mail spool.
set -euo pipefail
binary=$1 data=$2
pool=$(mktemp --suffix=.csv)
trap 'rm -f "$pool"' EXIT
{
  echo "姓名,身份类别,单位职务,手机号,邮箱,区县"
  n=0
  for group in 两代表一委员:500 机关干部:400 企业代表:600 普通群众:1000; do
    for _ in $(seq "${group#*:}"); do
      printf '林%05d,%s,职员,1390%07d,p%05d@example.invalid,望湖区\n' "$n" "${group%:*}" "$n" "$n"
      n=$((n + 1))
    done
  done
} >"$pool"
"$binary" migrate --data "$data" --world yunxi
"$binary" import pool "$pool" --data "$data"
"$binary" round create 2026Q3 --data "$data"
"$binary" sample draw --round 2026Q3 --seed 7 --data "$data"
"$binary" round open 2026Q3 --data "$data"
