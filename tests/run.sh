#!/usr/bin/env bash
# Installs what is missing and runs every test. A suite that cannot run says so aloud and fails when CI is set.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/huiyin-target}"
export CARGO_TERM_COLOR=never
step() { printf '\n=== %s (%s s)\n' "$1" "$SECONDS"; }
skipped() {
  printf 'SKIPPED: %s\n' "$1"
  [ -z "${CI:-}" ] || { printf 'a suite may not be skipped in CI\n'; exit 1; }
}

step "packages"
wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
[ -n "$(fc-list :lang=zh 2>/dev/null | head -1)" ] || wanted+=(fontconfig fonts-noto-cjk)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
command -v cc >/dev/null || wanted+=(gcc libc6-dev)
command -v node >/dev/null || wanted+=(nodejs npm)
python3 -c 'import ensurepip' 2>/dev/null || wanted+=(python3 python3-venv)
if [ ${#wanted[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${wanted[@]}"
  else
    skipped "missing packages: ${wanted[*]} (install them as root)"
  fi
fi

step "format"
cargo fmt --all --check

step "clippy"
cargo clippy --workspace --all-targets --quiet -- -D warnings
cargo clippy --manifest-path fuzz/Cargo.toml --bins --quiet -- -D warnings

step "tests"
cargo test --workspace --quiet

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

step "how often intervals and rank sets hold"
cargo test --release -p analytics --test simulation --quiet

step "the quarter on both databases, the independent checks, the faults"
cargo build --release --quiet
tests/acceptance/run.sh "$CARGO_TARGET_DIR/release/huiyin"

step "browser"
if command -v npm >/dev/null && command -v chromium >/dev/null; then
  (cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --silent)
  tests/browser/run.sh "$CARGO_TARGET_DIR/release/huiyin"
else
  skipped "browser tests: npm or chromium is missing"
fi

step "done"
