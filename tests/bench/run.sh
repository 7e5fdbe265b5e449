#!/usr/bin/env bash
# Measures us and the peers in one run on this machine and prints the ratios: run.sh HUIYIN [--quick].
# --quick measures R on one item of the twelve and says so. Takes about ten minutes on an idle machine (--quick: five).
# HUIYIN is target/release/huiyin; raking and drawing alone are measured by two examples built beside it:
#   cargo build --release -p huiyin && cargo build --release -p snapshot --example rake_file
#   cargo build --release -p response-collection --example draw_million
set -euo pipefail
binary=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
cache="${HUIYIN_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/huiyin-bench}"
python=$("$here/setup.sh")
for rows in 1000000 10000000; do
  [ -f "$cache/data/wide_$rows.parquet" ] || "$python" "$here/generate.py" $rows "$cache/data" $([ $rows != 1000000 ] || echo --csv)
done
exec "$python" "$here/run.py" "$binary" "$cache/data" "${@:2}"
