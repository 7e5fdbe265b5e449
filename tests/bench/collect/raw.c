/* What the disk and SQLite alone can take: the same rows as a handed-in ballot, in groups, each committed to the disk, no web
 * server, one thread. usage: raw DATABASE GROUP BLOB_BYTES SECONDS PEOPLE; prints submissions per second. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;
static void run(const char *sql) {
    char *why = 0;
    if (sqlite3_exec(db, sql, 0, 0, &why)) { fprintf(stderr, "%s: %s\n", sql, why); exit(1); }
}
static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, 0)) { fprintf(stderr, "%s\n", sqlite3_errmsg(db)); exit(1); }
    return statement;
}
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (double)t.tv_sec + (double)t.tv_nsec * 1e-9; }
static unsigned long long seed = 88172645463325252ULL;
static void hex(char *to, int digits) {
    for (int i = 0; i < digits; i++) {
        if (i % 16 == 0) { seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17; }
        to[i] = "0123456789abcdef"[(seed >> (i % 16 * 4)) & 15];
    }
}
static void step(sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) { fprintf(stderr, "%s\n", sqlite3_errmsg(db)); exit(1); }
    sqlite3_reset(statement);
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    const int group = atoi(argv[2]), blob = atoi(argv[3]), most = atoi(argv[5]);
    const double seconds = atof(argv[4]);
    if (sqlite3_open(argv[1], &db)) return 1;
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32000");
    run("CREATE TABLE token (token_hash TEXT PRIMARY KEY, round_id TEXT, kind TEXT, rater_group TEXT, stratum TEXT, weight_micro INTEGER, state TEXT) WITHOUT ROWID;"
        "CREATE INDEX token_round ON token (round_id, rater_group, state);"
        "CREATE TABLE draft (id_hash TEXT PRIMARY KEY, round_id TEXT, sealed BLOB) WITHOUT ROWID;"
        "CREATE TABLE submission (submission_hmac TEXT PRIMARY KEY, round_id TEXT, digest TEXT) WITHOUT ROWID;"
        "CREATE TABLE sealed_ballot (id TEXT PRIMARY KEY, round_id TEXT, batch TEXT, blob BLOB) WITHOUT ROWID;"
        "CREATE INDEX sealed_ballot_round ON sealed_ballot (round_id, batch);"
        "CREATE TABLE receipt (receipt_hash TEXT PRIMARY KEY, round_id TEXT, ballot_digest TEXT, leaf TEXT) WITHOUT ROWID;"
        "CREATE INDEX receipt_leaf ON receipt (round_id, leaf)");
    char *keys = malloc((size_t)most * 64), text[64], leaf[64], *body = calloc(1, (size_t)blob);
    sqlite3_stmt *token = prepare("INSERT INTO token VALUES (?, '2026Q3', 'overall', 'citizens', 'a', 1000000, 'issued')");
    sqlite3_stmt *draft = prepare("INSERT INTO draft VALUES (?, '2026Q3', ?)");
    run("BEGIN IMMEDIATE");
    for (int i = 0; i < most; i++) {
        hex(keys + i * 64, 64);
        sqlite3_bind_text(token, 1, keys + i * 64, 64, SQLITE_STATIC);
        step(token);
        sqlite3_bind_text(draft, 1, keys + i * 64, 64, SQLITE_STATIC);
        sqlite3_bind_blob(draft, 2, body, blob, SQLITE_STATIC);
        step(draft);
    }
    run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_stmt *use = prepare("UPDATE token SET state = 'answered' WHERE token_hash = ? AND state = 'issued'");
    sqlite3_stmt *id = prepare("INSERT INTO submission VALUES (?, '2026Q3', ?)");
    sqlite3_stmt *ballot = prepare("INSERT INTO sealed_ballot VALUES (?, '2026Q3', '1', ?)");
    sqlite3_stmt *receipt = prepare("INSERT INTO receipt VALUES (?, '2026Q3', ?, ?)");
    sqlite3_stmt *done = prepare("DELETE FROM draft WHERE id_hash = ?");
    int sent = 0;
    double began = now(), until = began + seconds;
    while (now() < until && sent + group <= most) {
        run("BEGIN IMMEDIATE");
        for (int i = 0; i < group; i++, sent++) {
            char *key = keys + sent * 64;
            sqlite3_bind_text(use, 1, key, 64, SQLITE_STATIC);
            step(use);
            hex(text, 64);
            sqlite3_bind_text(id, 1, text, 64, SQLITE_STATIC);
            sqlite3_bind_text(id, 2, key, 64, SQLITE_STATIC);
            step(id);
            sqlite3_bind_text(ballot, 1, text, 32, SQLITE_STATIC);
            sqlite3_bind_blob(ballot, 2, body, blob, SQLITE_STATIC);
            step(ballot);
            sqlite3_bind_text(receipt, 1, text, 64, SQLITE_STATIC);
            sqlite3_bind_text(receipt, 2, key, 64, SQLITE_STATIC);
            hex(leaf, 64);
            sqlite3_bind_text(receipt, 3, leaf, 64, SQLITE_STATIC);
            step(receipt);
            sqlite3_bind_text(done, 1, key, 64, SQLITE_STATIC);
            step(done);
        }
        run("COMMIT");
    }
    printf("%.0f\n", sent / (now() - began));
    return 0;
}
