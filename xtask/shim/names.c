/* Changes of directories: names that come, go and move. See record.h. */
#undef _FORTIFY_SOURCE
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t parent_of(const char *path) {
    char parent[PATH_MAX];
    struct stat st;
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash) *slash = 0;
    return stat(parent, &st) == 0 ? st.st_ino : 0;
}

static int exists(const char *path, struct stat *st) { return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW) == 0; }

static uint64_t name_record(enum op op, const char *path, uint64_t trash) {
    struct record record = {.op = op, .file = trash, .parent = parent_of(path), .one_bytes = (uint32_t)strlen(path)};
    return append(&record, path, NULL);
}

/* Ends a change of names: keeps errno of the call itself. */
static int done(long result, uint64_t seq) {
    cancel_if(result < 0, seq);
    int why = errno;
    release();
    errno = why;
    return (int)result;
}

static int open_any(int dirfd, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    int creates = (flags & O_CREAT) != 0, empties = (flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY;
    if (!(creates || empties) || !watched_path(dirfd, path, full))
        return (int)syscall(SYS_openat, dirfd, path, flags, mode);
    hold();
    struct stat st;
    int before = errno;
    uint64_t seq = creates && !exists(full, &st) ? name_record(OP_CREATE, full, 0) : 0;
    errno = before;
    /* Emptied by a call of its own, which writes the old bytes down. */
    int keep = empties && !seq ? flags & ~O_TRUNC : flags;
    int fd = done(syscall(SYS_openat, dirfd, path, keep, mode), seq);
    if (fd >= 0 && keep != flags && ftruncate(fd, 0) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

#define MODE(flags, mode)                              \
    mode_t mode = 0;                                   \
    if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
        va_list rest;                                  \
        va_start(rest, flags);                         \
        mode = va_arg(rest, mode_t);                   \
        va_end(rest);                                  \
    }

int open(const char *path, int flags, ...) {
    MODE(flags, mode)
    return open_any(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags, mode)
    return open_any(AT_FDCWD, path, flags, mode);
}

int openat(int dirfd, const char *path, int flags, ...) {
    MODE(flags, mode)
    return open_any(dirfd, path, flags, mode);
}

int openat64(int dirfd, const char *path, int flags, ...) {
    MODE(flags, mode)
    return open_any(dirfd, path, flags, mode);
}

/* What programs built with _FORTIFY_SOURCE call. */
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __openat_2(int dirfd, const char *path, int flags) { return open_any(dirfd, path, flags, 0); }
int __openat64_2(int dirfd, const char *path, int flags) { return open_any(dirfd, path, flags, 0); }

int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    char full_from[PATH_MAX], full_to[PATH_MAX];
    int a = watched_path(from_dir, from, full_from), b = watched_path(to_dir, to, full_to);
    if (!a && !b) return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    hold();
    if (!a || !b) unsupported("rename into or out of the watched directory");
    if (flags & ~RENAME_NOREPLACE) unsupported("renameat2 with exchange or whiteout");
    uint64_t trash = flags & RENAME_NOREPLACE ? 0 : keep_in_trash(full_to);
    struct record record = {
        .op = OP_RENAME, .file = trash, .parent = parent_of(full_from), .parent_to = parent_of(full_to),
        .one_bytes = (uint32_t)strlen(full_from), .two_bytes = (uint32_t)strlen(full_to)};
    uint64_t seq = append(&record, full_from, full_to);
    return done(syscall(SYS_renameat2, from_dir, from, to_dir, to, flags), seq);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to) { return renameat2(from_dir, from, to_dir, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int dirfd, const char *path, int flags) {
    char full[PATH_MAX];
    if (!watched_path(dirfd, path, full)) return (int)syscall(SYS_unlinkat, dirfd, path, flags);
    hold();
    uint64_t seq = flags & AT_REMOVEDIR ? name_record(OP_RMDIR, full, 0) : name_record(OP_UNLINK, full, keep_in_trash(full));
    return done(syscall(SYS_unlinkat, dirfd, path, flags), seq);
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int remove(const char *path) {
    struct stat st;
    if (!exists(path, &st)) return -1;
    return S_ISDIR(st.st_mode) ? rmdir(path) : unlink(path);
}

int mkdirat(int dirfd, const char *path, mode_t mode) {
    char full[PATH_MAX];
    if (!watched_path(dirfd, path, full)) return (int)syscall(SYS_mkdirat, dirfd, path, mode);
    hold();
    uint64_t seq = name_record(OP_MKDIR, full, 0);
    return done(syscall(SYS_mkdirat, dirfd, path, mode), seq);
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags) {
    char full[PATH_MAX];
    if (!watched_path(to_dir, to, full)) return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
    hold();
    uint64_t seq = name_record(OP_CREATE, full, 0);
    return done(syscall(SYS_linkat, from_dir, from, to_dir, to, flags), seq);
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int symlinkat(const char *target, int dirfd, const char *path) {
    char full[PATH_MAX];
    if (!watched_path(dirfd, path, full)) return (int)syscall(SYS_symlinkat, target, dirfd, path);
    hold();
    uint64_t seq = name_record(OP_CREATE, full, 0);
    return done(syscall(SYS_symlinkat, target, dirfd, path), seq);
}

int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }
