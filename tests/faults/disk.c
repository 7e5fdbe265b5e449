/* A disk whose power can fail: preloaded into a program, it notes every write and flush below one folder, in order, in a log
 * from which power.py makes the disk as it would be after the power failed; and it can let flushes fail.
 *
 * FAULT_FOLDER  files below are watched, except shared memory and locks, which no disk keeps
 * FAULT_LOG     where the notes go; they survive the death of the program because they are written, not buffered
 * FAULT_FAIL    while this file exists, every flush fails with EIO and what it should have kept is lost
 *
 * One note: op, length of the path, offset, length of the data, path, data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

struct note { uint8_t op; uint8_t unused; uint16_t path; uint32_t data; uint64_t offset; };

static const char *folder, *fail_file;
static int log_fd = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static ssize_t (*real_writev)(int, const struct iovec *, int);
#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
    folder = getenv("FAULT_FOLDER");
    fail_file = getenv("FAULT_FAIL");
    const char *log = getenv("FAULT_LOG");
    real_writev = (ssize_t (*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
    if (folder && log) log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int watched_path(const char *path) {
    size_t n = folder ? strlen(folder) : 0, m = strlen(path);
    if (!n || strncmp(path, folder, n) || (path[n] && path[n] != '/')) return 0;
    return !(m > 4 && !strcmp(path + m - 4, "-shm")) && !(m > 5 && !strcmp(path + m - 5, ".lock"));
}

static int watched(int fd, char path[4096]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, 4095);
    if (n <= 0) return 0;
    path[n] = 0;
    return watched_path(path);
}

static void note(uint8_t op, const char *path, uint64_t offset, const void *data, size_t bytes) {
    if (log_fd < 0) return;
    struct note head = {op, 0, (uint16_t)strlen(path), (uint32_t)bytes, offset};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)data, bytes}};
    pthread_mutex_lock(&turn);
    if (real_writev(log_fd, parts, 3) != (ssize_t)(sizeof head + head.path + bytes)) abort();
    pthread_mutex_unlock(&turn);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t offset) {
    REAL(pwrite64);
    char path[4096];
    if (watched(fd, path)) note('W', path, (uint64_t)offset, data, bytes);
    return real(fd, data, bytes, offset);
}
ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset) { return pwrite64(fd, data, bytes, offset); }

ssize_t write(int fd, const void *data, size_t bytes) {
    REAL(write);
    char path[4096];
    if (watched(fd, path)) {
        int flags = fcntl(fd, F_GETFL);
        off64_t at = lseek64(fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
        note('W', path, (uint64_t)at, data, bytes);
    }
    return real(fd, data, bytes);
}

int ftruncate64(int fd, off64_t length) {
    REAL(ftruncate64);
    char path[4096];
    if (watched(fd, path)) note('T', path, (uint64_t)length, "", 0);
    return real(fd, length);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int flush(int fd, int (*real)(int)) {
    char path[4096];
    if (!watched(fd, path)) return real(fd);
    note('B', path, 0, "", 0);
    if (fail_file && access(fail_file, F_OK) == 0) {
        note('F', path, 0, "", 0);
        errno = EIO;
        return -1;
    }
    int done = real(fd);
    if (done == 0) note('E', path, 0, "", 0);
    return done;
}
int fsync(int fd) { REAL(fsync); return flush(fd, real); }
int fdatasync(int fd) { REAL(fdatasync); return flush(fd, real); }

int unlink(const char *path) {
    REAL(unlink);
    int done = real(path);
    if (done == 0 && watched_path(path)) note('U', path, 0, "", 0);
    return done;
}
