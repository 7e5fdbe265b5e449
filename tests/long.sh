#!/usr/bin/env bash
# What takes hours and is run before a release, on a quiet machine: principles on 100,000 worlds each, faults under load,
# a thousand invitations through a mail server that fails, speed beside other programs. Debian: faketime, openssl.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/huiyin-target}"
release=$CARGO_TARGET_DIR/release
step() { printf '\n=== %s (%s s)\n' "$1" "$SECONDS"; }

step "principles that hold in every world, on 100,000 of them each"
cargo test --release -p analytics --quiet --test properties --test properties_of_comparisons \
  --test properties_of_estimates --test properties_of_weights --test disclosure

step "10,000 people answer, and nobody can tell who said what"
HUIYIN_LINKAGE_PAIRS=10000 cargo test --release -p workflows --quiet --test anonymity

cargo build --release --quiet -p huiyin --bin huiyin --example load
step "a thousand invitations through a mail server that fails"
tests/faults/mail.sh "$release/huiyin"

step "scanners others wrote, and every payload in every field"
tests/attack/run.sh "$release/huiyin"
(cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --silent)
work=$(mktemp -d)
"$release/huiyin" demo --once --json --data "$work/demo" --listen 127.0.0.1:18081 >"$work/demo.json"
python3 tests/acceptance/canary_pages.py "$release/huiyin" "$work/demo" 14 20261123 chromium
rm -rf "$work"

step "Lighthouse"
(cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --silent && npm install --no-save --no-audit --no-fund --silent lighthouse@12.8.2)
tests/browser/run.sh "$release/huiyin" --lighthouse

step "faults under load"
tests/faults/run.sh "$release/huiyin" "$release/examples/load" --full

step "imports killed at 200 random points"
work=$(mktemp -d)
tests/acceptance/open_round.sh "$release/huiyin" "$work/uploads" >/dev/null
python3 tests/acceptance/uploads.py "$release/huiyin" "$work/uploads" 2026Q3 200
rm -rf "$work"

step "speed of collecting"
tests/bench/collect/run.sh "$release/huiyin" "$release/examples/load"

step "speed of measuring"
cargo build --release --quiet -p snapshot --example rake_file
cargo build --release --quiet -p response-collection --example draw_million
tests/bench/run.sh "$release/huiyin"
step "done"
