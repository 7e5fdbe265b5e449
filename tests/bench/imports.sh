#!/usr/bin/env bash
# Measures imports of half a million hotline orders as CSV and 160,000 as XLSX: imports.sh HUIYIN READ_FILE [CSV_ROWS XLSX_ROWS].
# READ_FILE is `cargo build --release -p rating-import --example read_file`. Takes about five minutes on an idle machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/setup.sh")
"$python" -c 'import openpyxl' 2>/dev/null || "$(dirname "$python")/pip" install -q --disable-pip-version-check openpyxl >&2
exec "$python" "$here/imports.py" "$(realpath "$1")" "$(realpath "$2")" "${@:3}"
