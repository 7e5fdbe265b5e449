#!/usr/bin/env bash
# Real pages in Chromium: axe at 390 and 1440 px, scripts on and off, no sideways scroll, no error; a citizen's whole way;
# with --lighthouse (and its npm package) Lighthouse on a slow phone too.
set -euo pipefail
binary=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "${demo:-}" "${open:-}" "${link:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
wait_for() { for _ in $(seq 600); do curl -sf -o /dev/null "$1" && return 0; sleep 0.5; done; echo "no answer from $1"; exit 1; }

"$binary" demo --data "$work/demo" --listen 127.0.0.1:18100 --json >"$work/demo.json" 2>"$work/demo.log" &
demo=$!
"$here/../acceptance/open_round.sh" "$binary" "$work/open" >/dev/null
password() { "$binary" user add "$1" --role "$2" --data "$work/open" --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["password"])'; }
clerk=$(password clerk office_clerk) leader=$(password leader office_leader)
admin=$(password admin system_admin) security=$(password security security_admin) auditor=$(password auditor audit_admin)
"$binary" user confirm clerk leader admin security auditor --data "$work/open" >/dev/null
secret=$(head -c 24 /dev/urandom | base64)
(umask 077 && printf '{"issuer": "http://localhost:18109", "client_id": "huiyin", "client_secret": "%s", "name": "云溪市统一身份认证"}' "$secret" >"$work/oidc.json")
"$binary" serve --data "$work/open" --listen 127.0.0.1:18101 --oidc "$work/oidc.json" 2>/dev/null &
open=$!
{
  "$binary" migrate --data "$work/link" --world yunxi
  "$binary" round create 2026Q3 --anonymity open --data "$work/link"
  "$binary" round open 2026Q3 --data "$work/link"
} >/dev/null
"$binary" serve --data "$work/link" --listen 127.0.0.1:18102 2>/dev/null &
link=$!
wait_for http://127.0.0.1:18101/s/2026Q3
for _ in $(seq 1800); do [ -s "$work/demo.json" ] && break; kill -0 "$demo" || { cat "$work/demo.log"; exit 1; }; sleep 0.5; done
wait_for http://127.0.0.1:18100/r/2026Q3
mapfile -t codes < <(python3 - "$work/open/mail" <<'P'
import email, glob, re, sys
for path in sorted(glob.glob(sys.argv[1] + "/*.eml"))[:6]:
    text = email.message_from_binary_file(open(path, "rb")).get_payload(decode=True).decode()
    print(re.search(r"/s/2026Q3#(\S+)", text).group(1))
P
)
shots=${HUIYIN_SHOTS:-$work/shots}
cd "$here"
node pages.mjs http://127.0.0.1:18100 http://127.0.0.1:18101 "${codes[0]}" "$shots"
node journeys.mjs http://127.0.0.1:18101 "$shots/citizen" "${codes[@]:1:4}"
node open_link.mjs http://127.0.0.1:18102/s/2026Q3 "$shots/citizen"
node opinions.mjs http://127.0.0.1:18100 "$shots"
node matters.mjs http://127.0.0.1:18100 "$shots"
node indicators.mjs http://127.0.0.1:18100 "$shots"
node follow_up.mjs http://127.0.0.1:18100 "$shots/citizen" "$work/demo.json"
python3 "$here/../bench/hotline_file.py" 2000 "$work/files" >/dev/null
node uploads.mjs http://127.0.0.1:18101 "$shots" "$clerk" "$leader" "$work/files/hotline_2000.csv"
node people.mjs http://127.0.0.1:18101 "$shots"
node accounts.mjs http://127.0.0.1:18101 "$shots" "$admin" "$security" "$auditor"
order=$(python3 -c 'import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT row_key FROM hotline_order WHERE round_id=? AND unit_id=? AND counted AND resolved=0", ("2026Q3", "D12")).fetchone()[0])' "$work/demo/huiyin.db")
node publication.mjs http://127.0.0.1:18100 "$shots" D12 "$order"
node oidc.mjs http://127.0.0.1:18101 18109 "$secret" "$shots"
[ "${2:-}" != --lighthouse ] || CHROME_PATH=/usr/bin/chromium node lighthouse.mjs http://127.0.0.1:18101 "${codes[5]}" http://127.0.0.1:18100/r/2026Q3
