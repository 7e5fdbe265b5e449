#!/usr/bin/env bash
# Breaks what can break while people answer, and counts what was acknowledged: run.sh HUIYIN LOAD [--full].
# LOAD is `cargo build --release -p huiyin --example load`. The short run takes about five minutes, --full about two hours.
set -euo pipefail
binary=$(realpath "$1") load=$(realpath "$2") full=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'stop_postgres; rm -rf "$work"' EXIT
. "$here/../acceptance/postgres.sh"
failed=0
suite() {
  printf -- '-- %s\n' "$*"
  python3 "$here/$1.py" "$binary" "$load" "${@:2}" || { failed=$((failed + 1)); printf 'FAILED: %s\n' "$1"; }
}
suite sqlite_kill $full
suite power_loss $full
suite fsync_error $full
if [ "$(id -u)" = 0 ]; then
  suite disk_full
else
  printf 'SKIPPED: disk_full needs root to mount a small disk\n'
  [ -z "${CI:-}" ] || failed=$((failed + 1))
fi
suite edge
suite copies $full
start_postgres huiyin
suite copies $full "$database"
stop_postgres
suite postgres_kill $full
exit $((failed > 0))
