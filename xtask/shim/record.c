/* The log: what is watched, who may append, and how. See record.h. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* In LOG.state, mapped by every process. */
struct state {
    uint32_t holder; /* thread id, 0 when free */
    uint64_t seq;
    uint64_t trash;
};

static char watched[PATH_MAX];
static size_t watched_length;
static char log_path[PATH_MAX];
static struct state *state;
static int log_fd = -1;
static struct stat log_stat;

/* High enough to stand clear of what a program counts on. */
#define LOG_FD_MIN 700

static void die(const char *what) {
    char text[PATH_MAX + 100];
    int n = snprintf(text, sizeof text, "powercut: %s: %s\n", what, strerror(errno));
    if (n > 0) syscall(SYS_write, 2, text, (size_t)n);
    abort();
}

static int open_raw(const char *path, int flags) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0666);
}

static void open_log(void) {
    int fd = open_raw(log_path, O_WRONLY | O_APPEND | O_CREAT);
    if (fd < 0) die(log_path);
    log_fd = fcntl(fd, F_DUPFD_CLOEXEC, LOG_FD_MIN);
    if (log_fd < 0 || fstat(log_fd, &log_stat) != 0) die(log_path);
    syscall(SYS_close, fd);
}

__attribute__((constructor)) static void start(void) {
    const char *dir = getenv("POWERCUT_DIR");
    const char *log = getenv("POWERCUT_LOG");
    if (!dir || !log) return;
    if (!realpath(dir, watched)) die(dir);
    char path[PATH_MAX + 16];
    snprintf(log_path, sizeof log_path, "%s", log);
    snprintf(path, sizeof path, "%s.trash", log);
    syscall(SYS_mkdirat, AT_FDCWD, path, 0777);
    snprintf(path, sizeof path, "%s.state", log);
    int fd = open_raw(path, O_RDWR | O_CREAT);
    if (fd < 0 || syscall(SYS_ftruncate, fd, 4096) != 0) die(path);
    state = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (state == MAP_FAILED) die(path);
    syscall(SYS_close, fd);
    open_log();
    watched_length = strlen(watched); /* last: from here on changes are recorded */
}

int is_active(void) { return watched_length != 0; }

static int is_watched(const char *path) {
    if (!watched_length || strncmp(path, watched, watched_length) != 0) return 0;
    if (path[watched_length] != '/' && path[watched_length] != 0) return 0;
    size_t length = strlen(path);
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

int watched_fd(int fd, struct stat *st) {
    if (!watched_length || fd < 0) return 0;
    char link[40], path[PATH_MAX];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    int found = 0;
    if (n > 0) {
        path[n] = 0;
        found = is_watched(path) && fstat(fd, st) == 0 && (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode));
    }
    errno = before;
    return found;
}

/* The canonical directory and the last name; the last name itself may be new. */
static int canonical(int dirfd, const char *path, char *full) {
    char joined[2 * PATH_MAX], base[PATH_MAX] = "";
    if (path[0] != '/') {
        char link[40] = "/proc/self/cwd";
        if (dirfd != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
        ssize_t n = readlink(link, base, sizeof base - 2);
        if (n <= 0) return 0;
        base[n] = '/';
        base[n + 1] = 0;
    }
    snprintf(joined, sizeof joined, "%s%s", base, path);
    size_t end = strlen(joined);
    while (end > 1 && joined[end - 1] == '/') joined[--end] = 0;
    char *slash = strrchr(joined, '/');
    const char *name = slash + 1;
    if (!strcmp(name, ".") || !strcmp(name, "..")) return realpath(joined, full) != NULL;
    char parent[PATH_MAX];
    *slash = 0;
    if (!realpath(slash == joined ? "/" : joined, parent)) return 0;
    return snprintf(full, PATH_MAX, "%s/%s", parent, name) < PATH_MAX;
}

int watched_path(int dirfd, const char *path, char *full) {
    if (!watched_length || !path || !*path) return 0;
    int before = errno;
    int found = canonical(dirfd, path, full) && is_watched(full);
    errno = before;
    return found;
}

void hold(void) {
    uint32_t me = (uint32_t)syscall(SYS_gettid), free_ = 0;
    while (!__atomic_compare_exchange_n(&state->holder, &free_, me, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        /* A holder that was killed alone would stop everybody else. */
        int gone = free_ && kill((pid_t)free_, 0) != 0 && errno == ESRCH;
        if (gone && __atomic_compare_exchange_n(&state->holder, &free_, me, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
        free_ = 0;
        sched_yield();
    }
}

void release(void) { __atomic_store_n(&state->holder, 0, __ATOMIC_RELEASE); }

uint64_t last_record(void) { return state->seq; }

uint64_t append(struct record *record, const void *one, const void *two) {
    struct stat now;
    int before = errno;
    /* Some programs close every descriptor they do not know. */
    if (fstat(log_fd, &now) != 0 || now.st_ino != log_stat.st_ino || now.st_dev != log_stat.st_dev) open_log();
    record->magic = RECORD_MAGIC;
    record->seq = ++state->seq;
    struct iovec parts[3] = {
        {record, sizeof *record}, {(void *)one, record->one_bytes}, {(void *)two, record->two_bytes}};
    size_t total = sizeof *record + record->one_bytes + record->two_bytes;
    if (syscall(SYS_writev, log_fd, parts, 3) != (long)total) die("append");
    errno = before;
    return record->seq;
}

void cancel_if(int failed, uint64_t seq) {
    if (!failed || !seq) return;
    struct record record = {.op = OP_CANCEL, .at = seq};
    append(&record, NULL, NULL);
}

void unsupported(const char *what) {
    struct record record = {.op = OP_UNSUPPORTED, .one_bytes = (uint32_t)strlen(what)};
    append(&record, what, NULL);
}

uint64_t keep_in_trash(const char *path) {
    struct stat st;
    int before = errno;
    uint64_t number = 0;
    if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode)) {
        char to[PATH_MAX + 40];
        number = ++state->trash;
        snprintf(to, sizeof to, "%s.trash/%llu", log_path, (unsigned long long)number);
        if (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, to, 0) != 0) unsupported("no second link to a file that goes");
    }
    errno = before;
    return number;
}
