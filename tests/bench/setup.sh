#!/usr/bin/env bash
# Installs the peers we measure against: R survey and sampling from Debian, the Python ones from PyPI into a
# cache directory. Prints that directory's Python. `--duckdb` installs DuckDB alone, for the test that compares digits.
set -euo pipefail
cache="${HUIYIN_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/huiyin-bench}"
mkdir -p "$cache"

if [ "${1:-}" != --duckdb ] && ! Rscript -e 'library(survey); library(sampling); library(data.table)' >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || { echo "R survey is missing; install r-cran-survey r-cran-sampling r-cran-data.table time as root" >&2; exit 1; }
  {
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      r-base-core r-cran-survey r-cran-sampling r-cran-data.table
  } >&2
fi

venv="$cache/venv"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
needed=(duckdb)
[ "${1:-}" = --duckdb ] || needed+=(polars pyarrow 'svy==0.35.*' ipfn numpy pandas)
"$venv/bin/python" -c "import $(printf '%s\n' "${needed[@]%%=*}" | paste -sd,)" 2>/dev/null ||
  "$venv/bin/pip" install -q --disable-pip-version-check "${needed[@]}" >&2
echo "$venv/bin/python"
