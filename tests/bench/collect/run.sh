#!/usr/bin/env bash
# Measures collecting: run.sh HUIYIN LOAD [--quick]. LOAD is `cargo build --release -p huiyin --example load`.
set -euo pipefail
binary=$(realpath "$1") load=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'stop_postgres; rm -rf "$work"' EXIT
. "$here/../../acceptance/postgres.sh"
start_postgres huiyin
ulimit -n 65536 2>/dev/null || true
python3 "$here/run.py" "$binary" "$load" "${@:3}" "$database"
