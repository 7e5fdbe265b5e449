#!/usr/bin/env bash
# 1,000 invitations through a mail server that fails; then the same with leases ignored, which the check must notice.
set -euo pipefail
binary=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
[ -e /usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1 ] || { echo "libfaketime is missing (package faketime)"; exit 1; }
python3 "$here/mail.py" "$binary"
if control=$(python3 "$here/mail.py" "$binary" --ignore-leases 2>&1); then
  echo "the check did not notice that leases were ignored"
  exit 1
fi
grep -q "got a letter twice that nobody counted" <<<"$control" || { echo "$control"; exit 1; }
echo "leases ignored: noticed"
