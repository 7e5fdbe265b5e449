# Sourced: a private PostgreSQL on a Unix socket under $work, from Debian's binaries. start_postgres NAME… makes these databases.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
start_postgres() {
  [ -n "$pg_bin" ] || { echo "FAILED: PostgreSQL is not installed"; exit 1; }
  mkdir -p "$work/pg" && chmod 755 "$work"
  [ "$(id -u)" != 0 ] || chown postgres "$work/pg"
  as_owner "$pg_bin/initdb" -D "$work/pg/data" -A trust -U huiyin >/dev/null
  as_owner "$pg_bin/pg_ctl" -D "$work/pg/data" -w -o "-k $work/pg -c listen_addresses=''" -l "$work/pg/log" start >/dev/null
  for name in "$@"; do as_owner "$pg_bin/createdb" -h "$work/pg" -U huiyin "$name"; done
  database="postgres://huiyin@localhost/huiyin?host=$work/pg"
}
stop_postgres() { [ ! -d "$work/pg/data" ] || as_owner "$pg_bin/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1 || true; }
