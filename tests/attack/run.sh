#!/usr/bin/env bash
# Scanners others wrote, against a city with an open round: run.sh HUIYIN [CASES]      CASES for the interface of programs (10000)
# schemathesis against its own OpenAPI document, sqlmap on every parameter of addresses and on the main forms, wapiti signed in.
# Installed into a virtual environment; what cannot be installed is said aloud, and fails when CI is set.
set -euo pipefail
binary=$(realpath "$1") cases=${2:-10000}
here=$(cd "$(dirname "$0")" && pwd)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/huiyin-attack
work=$(mktemp -d)
trap 'kill "${city:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1
failed=0
wrong() { printf 'FAILED: %s\n' "$*"; failed=1; }
skipped() {
  printf 'SKIPPED: %s\n' "$*"
  [ -z "${CI:-}" ] || wrong "a suite may not be skipped in CI"
}
installed() {
  [ -x "$venv/bin/$1" ] || "$venv/bin/pip" install -q --disable-pip-version-check "${@:2}" || true
  [ -x "$venv/bin/$1" ] || { skipped "$2 cannot be installed"; return 1; }
}

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://127.0.0.1:$port
"$here/../acceptance/open_round.sh" "$binary" "$work/city" >/dev/null
python3 "$here/prepare.py" "$binary" "$work/city" "$port" 40 "$work/city.json" &
city=$!
for _ in $(seq 600); do
  [ -s "$work/city.json" ] && break
  kill -0 "$city" || { echo "the city could not be prepared"; exit 1; }
  sleep 0.5
done
cookie() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["cookies"][sys.argv[2]])' "$work/city.json" "$1"; }
alive() { python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30)' "$base/healthz" || wrong "$1 took the server with it"; }

if installed st schemathesis==4.32.5; then
  # Left out: addresses answer 404, not 405, to methods they do not know; a row of nulls fits the schema and is refused as empty.
  (cd "$here" && HUIYIN_KEYS=$work/city.json SCHEMATHESIS_HOOKS=hooks "$venv/bin/st" run "$base/api/v1/openapi.json" --checks all \
    --exclude-checks unsupported_method,positive_data_acceptance -n "$((cases / 2))" --seed 20261123 --phases examples,coverage,fuzzing \
    --continue-on-failure --generation-database none --suppress-health-check all --warnings off --no-color) >"$work/schemathesis.txt" || { wrong schemathesis; tail -n 150 "$work/schemathesis.txt"; }
  grep -A 2 "^Test cases:" "$work/schemathesis.txt" || wrong "schemathesis told nothing"
  alive schemathesis
fi

if installed sqlmap sqlmap==1.10.10; then
  try() { # name, account or -, address, [fields]
    local jar=()
    [ "$2" = - ] || jar=(--cookie "$(cookie "$2")")
    "$venv/bin/sqlmap" -u "$base$3" ${4:+--data "$4"} "${jar[@]}" --headers "Origin: $base" --batch --level 2 --risk 1 --threads 2 --flush-session --fresh-queries \
      --answers "redirect=N,set new=N" --output-dir "$work/sqlmap" --disable-coloring --skip user-agent,referer,cookie >"$work/sqlmap-$1.txt" 2>&1 || true
    if grep -q "identified the following injection point" "$work/sqlmap-$1.txt"; then
      wrong "sqlmap finds a hole at $3"
      tail -n 40 "$work/sqlmap-$1.txt"
    elif grep -q "do not appear to be injectable" "$work/sqlmap-$1.txt"; then
      echo "sqlmap: $3 ${4:+[$4] }holds"
    else
      wrong "sqlmap could not try $3"
      tail -n 20 "$work/sqlmap-$1.txt"
    fi
  }
  try audit auditor "/audit?who=clerk&on=x&from=2026-01-01&to=2026-12-31&before=900&check=0"
  try audit-what auditor "/audit?what=sign_in"
  try audit-csv auditor "/audit.csv?who=clerk&on=x"
  try matters clerk "/office/matters?t=all&act=x&done=x"
  try problems clerk "/office/problems?unit=D01&stage=x&light=x&act=x"
  try opinions clerk "/office/opinions?kind=x"
  try quality clerk "/office/quality?r=2026Q3&signs=x"
  try names clerk "/office/names?name=1&end=x"
  try letters clerk "/office/letters?r=2026Q3"
  try monitor clerk "/office/monitor?r=2026Q3"
  try prove clerk "/account/prove?to=/office/publish"
  try home - "/?v=x&c=x&m=x"
  try my - /my "code=00Z7-79RR-5F3M-SYHH-HJ0E-96YF-R9"
  try verify - /verify "code=e2956d055dc5a290"
  try receipt - /verify/receipt "receipt=00Z7-79RR-5F3M-SYHH-HJ0E-96YF-R9"
  try enter - /s/2026Q3/enter "code=ABCD-EFGH-JKMN"
  try sign-in - /sign-in "account=clerk&password=x"
  try accounts admin /accounts "account=ab12&name=x&role=office_clerk"
  try name clerk /office/names "spelling=x&unit=D01"
  alive sqlmap
fi

if installed wapiti wapiti3==3.1.8 greenlet humanize; then
  # Without the modules that talk to a machine elsewhere.
  for account in clerk leader admin auditor; do
    "$venv/bin/wapiti" -u "$base/work" --scope domain -H "Cookie: $(cookie $account)" -H "Origin: $base" -x "$base/sign-out*" -x "$base/account*" \
      -m sql,timesql,xss,permanentxss,exec,file,crlf,redirect,csp,cookieflags,http_headers,upload,methods,backup,htaccess --flush-session --no-bugreport --store-session "$work/wapiti" \
      --max-scan-time "${HUIYIN_WAPITI_SECONDS:-600}" -f json -o "$work/wapiti-$account.json" >"$work/wapiti-$account.txt" 2>&1 || wrong "wapiti as $account: $(tail -n 5 "$work/wapiti-$account.txt")"
    python3 - "$work/wapiti-$account.json" "$account" <<'P' || wrong "wapiti as $account"
import json, sys
report = json.load(open(sys.argv[1]))
found = [(kind, one["level"], one["method"], one["path"], one["info"]) for kind, ones in report["vulnerabilities"].items() for one in ones]
found += [(kind, one["level"], one["method"], one["path"], one["info"]) for kind, ones in report["anomalies"].items() for one in ones if "500" in one["info"] or kind.startswith("Internal")]
pages = report["infos"].get("crawled_pages_nbr")
print(f"wapiti as {sys.argv[2]}: {pages} pages, {len(found)} told, {sum(one[1] >= 3 for one in found)} high")
for one in found[:20]:
    print("  ", *one)
sys.exit(any(one[1] >= 3 for one in found))
P
  done
  alive wapiti
fi
[ "$failed" = 0 ] && echo "attacks: nothing got in"
exit "$failed"
