#!/usr/bin/env bash
# Every mistake ends with one clear line, its own exit code, no panic and no partial effect.
set -euo pipefail
binary=$1
work=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; umount "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT
expect() {
  local code=$1 words=$2
  shift 2
  set +e
  "$@" >"$work/out" 2>"$work/err"
  local got=$?
  set -e
  [ "$got" = "$code" ] || { echo "expected $code, got $got: $*"; cat "$work/err"; exit 1; }
  grep -q "$words" "$work/err" || { echo "no '$words' in:"; cat "$work/err"; exit 1; }
  ! grep -qi "panicked" "$work/err" || { echo "a panic: $*"; exit 1; }
  [ "$code" = 2 ] || [ "$(wc -l <"$work/err")" -le 3 ] || { echo "more than a clear line: $*"; cat "$work/err"; exit 1; }
}
data="$work/data"
"$binary" migrate --data "$data" --world yunxi >/dev/null
"$binary" round create 2026Q3 --data "$data" >/dev/null
"$binary" round open 2026Q3 --data "$data" >/dev/null
head -c 4000 /dev/urandom >"$work/noise.xlsx"
printf 'a,b\n1,2\n' >"$work/other.csv"
: >"$work/empty.csv"

expect 10 "不存在" "$binary" import hall "$work/missing.csv" --round 2026Q3 --data "$data"
expect 1 "没有导入" "$binary" import hall "$work/noise.xlsx" --round 2026Q3 --data "$data"
expect 1 "没有找到表头" "$binary" import hotline "$work/other.csv" --round 2026Q3 --data "$data"
expect 1 "空的" "$binary" import hall "$work/empty.csv" --round 2026Q3 --data "$data"
expect 15 "没有编号为" "$binary" round score 1999Q9 --data "$data"
expect 1 "不能直接变为" "$binary" round score 2026Q3 --data "$data"
expect 1 "已经存在" "$binary" round create 2026Q3 --data "$data"
expect 15 "没有编号为" "$binary" round create 2031Q4 --data "$data"
expect 15 "没有编号为" "$binary" round open 2031Q4 --data "$data"
[ ! -e "$data/keys/round-2031Q4.key" ] || { echo "a round that does not exist has a key"; exit 1; }
expect 1 "请加上 --yes" "$binary" round close 2026Q3 --data "$data" </dev/null
expect 10 "数据目录" "$binary" serve --data "$work/nothing"
expect 10 "不是数据包目录" "$binary" verify "$data"
expect 10 "没有城市模板" "$binary" migrate --data "$work/x" --world nowhere
expect 15 "没有账号" "$binary" round freeze 2026Q3 --yes --by nobody --data "$data"
expect 2 "" "$binary" round
mkdir "$work/bad" && echo '{"code": 5' >"$work/bad/rules.json"
set +e; "$binary" check-templates "$work/bad" >"$work/out"; code=$?; set -e
[ "$code" = 1 ] && grep -q "rules.json" "$work/out" || { echo "check-templates: $code"; cat "$work/out"; exit 1; }

"$binary" serve --data "$data" --listen 127.0.0.1:18090 >/dev/null 2>&1 &
server=$!
for _ in $(seq 100); do (echo >/dev/tcp/127.0.0.1/18090) 2>/dev/null && break; sleep 0.1; done
expect 12 "另一个" "$binary" round list --data "$data"
expect 14 "已被占用" "$binary" serve --data "$work/y" --listen 127.0.0.1:18090
kill "$server"; wait "$server" 2>/dev/null || true
expect 16 "数据库" "$binary" round list --data "$data" --database-url postgres://nobody@127.0.0.1:1/none
echo "not a database" >"$work/data/huiyin.db"
expect 16 "" "$binary" round list --data "$data"

if [ "$(id -u)" = 0 ] && mkdir "$work/small" && mount -t tmpfs -o size=2m tmpfs "$work/small" 2>/dev/null; then
  head -c 2000000 /dev/zero >"$work/small/filler" || true
  set +e; "$binary" migrate --data "$work/small/d" --world yunxi >"$work/out" 2>"$work/err"; code=$?; set -e
  [ "$code" = 13 ] || { echo "full disk: $code"; cat "$work/err"; exit 1; }
  ! grep -qi panicked "$work/err"
else
  echo "skipped: a small file system cannot be mounted here"
  [ -z "${CI:-}" ] || exit 1
fi
echo "bad input: every case ended as promised"
