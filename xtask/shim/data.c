/* Changes of a file's bytes and length, and what makes them durable. See record.h. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Where the descriptor stands. */
#define HERE ((off_t)-1)

/* Reads from a file that may be open for writing only. */
static ssize_t read_old(int fd, char *into, size_t bytes, off_t at) {
    int from = fd;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        from = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
        if (from < 0) return -1;
    }
    size_t done = 0;
    while (done < bytes) {
        long n = syscall(SYS_pread64, from, into + done, bytes - done, at + (off_t)done);
        if (n <= 0) break;
        done += (size_t)n;
    }
    if (from != fd) syscall(SYS_close, from);
    return (ssize_t)done;
}

/* Records the bytes of [at, at + bytes) that exist now. */
static uint64_t record_old(int fd, const struct stat *st, struct record *record, off_t at, size_t bytes) {
    size_t have = at < st->st_size ? (size_t)(st->st_size - at) : 0;
    if (have > bytes) have = bytes;
    char *old = have ? malloc(have) : NULL;
    int before = errno;
    if (have && (!old || read_old(fd, old, have, at) != (ssize_t)have)) unsupported("old bytes could not be read");
    record->file = st->st_ino;
    record->length = (uint64_t)st->st_size;
    record->one_bytes = old ? (uint32_t)have : 0;
    uint64_t seq = append(record, old, NULL);
    free(old);
    errno = before;
    return seq;
}

static uint64_t before_write(int fd, struct stat *st, off_t at, size_t bytes) {
    fstat(fd, st); /* the length may have changed since the file was found to be watched */
    /* An appending descriptor appends, whatever offset the caller names. */
    if (fcntl(fd, F_GETFL) & O_APPEND) at = st->st_size;
    else if (at == HERE) at = lseek(fd, 0, SEEK_CUR);
    struct record record = {.op = OP_WRITE, .at = (uint64_t)at, .extent = bytes};
    return record_old(fd, st, &record, at, bytes);
}

static void durable(uint64_t file, uint64_t up_to) {
    struct record record = {.op = OP_SYNC, .file = file, .at = up_to};
    append(&record, NULL, NULL);
}

static ssize_t after_write(int fd, const struct stat *st, uint64_t seq, ssize_t result, int sync) {
    cancel_if(result < 0, seq);
    int before = errno;
    if (result >= 0 && (sync || (fcntl(fd, F_GETFL) & (O_SYNC | O_DSYNC)))) durable(st->st_ino, seq);
    errno = before;
    release();
    return result;
}

ssize_t write(int fd, const void *data, size_t bytes) {
    struct stat st;
    if (!watched_fd(fd, &st)) return syscall(SYS_write, fd, data, bytes);
    hold();
    uint64_t seq = before_write(fd, &st, HERE, bytes);
    return after_write(fd, &st, seq, syscall(SYS_write, fd, data, bytes), 0);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
    struct stat st;
    if (!watched_fd(fd, &st)) return syscall(SYS_pwrite64, fd, data, bytes, at);
    hold();
    uint64_t seq = before_write(fd, &st, at, bytes);
    return after_write(fd, &st, seq, syscall(SYS_pwrite64, fd, data, bytes, at), 0);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at) { return pwrite(fd, data, bytes, at); }

static size_t total(const struct iovec *parts, int count) {
    size_t bytes = 0;
    for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
    return bytes;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    struct stat st;
    if (!watched_fd(fd, &st)) return syscall(SYS_writev, fd, parts, count);
    hold();
    uint64_t seq = before_write(fd, &st, HERE, total(parts, count));
    return after_write(fd, &st, seq, syscall(SYS_writev, fd, parts, count), 0);
}

ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t at, int flags) {
    struct stat st;
    if (!watched_fd(fd, &st)) return syscall(SYS_pwritev2, fd, parts, count, at, 0, flags);
    hold();
    if (flags & RWF_APPEND) unsupported("pwritev2 with RWF_APPEND");
    uint64_t seq = before_write(fd, &st, at, total(parts, count));
    long result = syscall(SYS_pwritev2, fd, parts, count, at, 0, flags);
    return after_write(fd, &st, seq, result, flags & (RWF_SYNC | RWF_DSYNC));
}

ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t at, int flags) {
    return pwritev2(fd, parts, count, at, flags);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev2(fd, parts, count, at, 0); }

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return pwritev2(fd, parts, count, at, 0); }

int ftruncate(int fd, off_t length) {
    struct stat st;
    if (!watched_fd(fd, &st)) return (int)syscall(SYS_ftruncate, fd, length);
    hold();
    fstat(fd, &st);
    struct record record = {.op = OP_TRUNCATE, .at = (uint64_t)length};
    size_t goes = st.st_size > length ? (size_t)(st.st_size - length) : 0;
    uint64_t seq = record_old(fd, &st, &record, length, goes);
    return (int)after_write(fd, &st, seq, syscall(SYS_ftruncate, fd, length), 0);
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

int truncate(const char *path, off_t length) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return -1;
    int result = ftruncate(fd, length), why = errno;
    close(fd);
    errno = why;
    return result;
}

int truncate64(const char *path, off64_t length) { return truncate(path, length); }

int fallocate(int fd, int mode, off_t at, off_t bytes) {
    struct stat st;
    if (!watched_fd(fd, &st)) return (int)syscall(SYS_fallocate, fd, mode, at, bytes);
    hold();
    if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) unsupported("fallocate");
    /* Without a hole or zeros the bytes stay as they are; only the length may change. */
    int changes = mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE);
    fstat(fd, &st);
    struct record record = {.op = OP_WRITE, .at = (uint64_t)at, .extent = (uint64_t)bytes};
    uint64_t seq = record_old(fd, &st, &record, at, changes ? (size_t)bytes : 0);
    return (int)after_write(fd, &st, seq, syscall(SYS_fallocate, fd, mode, at, bytes), 0);
}

int fallocate64(int fd, int mode, off64_t at, off64_t bytes) { return fallocate(fd, mode, at, bytes); }

int posix_fallocate(int fd, off_t at, off_t bytes) {
    int before = errno;
    int result = fallocate(fd, 0, at, bytes) == 0 ? 0 : errno;
    errno = before;
    return result;
}

int posix_fallocate64(int fd, off64_t at, off64_t bytes) { return posix_fallocate(fd, at, bytes); }

/* What was recorded before the call is durable after it; what came during the call may not be. */
static int sync_with(long number, int fd) {
    struct stat st;
    int is_watched = watched_fd(fd, &st);
    uint64_t up_to = 0;
    if (is_watched) {
        hold();
        up_to = last_record();
        release();
    }
    int result = (int)syscall(number, fd);
    if (is_watched && result == 0) {
        hold();
        durable(st.st_ino, up_to);
        release();
    }
    return result;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }

int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

static int sync_all(long number, int fd) {
    hold();
    uint64_t up_to = last_record();
    release();
    int result = (int)syscall(number, fd);
    if (result == 0) {
        hold();
        struct record record = {.op = OP_SYNC_ALL, .at = up_to};
        append(&record, NULL, NULL);
        release();
    }
    return result;
}

int syncfs(int fd) {
    struct stat st;
    return watched_fd(fd, &st) ? sync_all(SYS_syncfs, fd) : (int)syscall(SYS_syncfs, fd);
}

void sync(void) {
    if (is_active()) sync_all(SYS_sync, 0);
    else syscall(SYS_sync);
}

/* Copies inside the kernel would pass by the log: the caller is told to copy by hand. */
static ssize_t refuse(int why) {
    errno = why;
    return -1;
}

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t bytes, unsigned flags) {
    struct stat st;
    if (watched_fd(out, &st)) return refuse(ENOSYS);
    return syscall(SYS_copy_file_range, in, in_at, out, out_at, bytes, flags);
}

ssize_t sendfile(int out, int in, off_t *at, size_t bytes) {
    struct stat st;
    if (watched_fd(out, &st)) return refuse(EINVAL);
    return syscall(SYS_sendfile, out, in, at, bytes);
}

ssize_t sendfile64(int out, int in, off64_t *at, size_t bytes) { return sendfile(out, in, at, bytes); }

ssize_t splice(int in, off64_t *in_at, int out, off64_t *out_at, size_t bytes, unsigned flags) {
    struct stat st;
    if (watched_fd(out, &st)) return refuse(EINVAL);
    return syscall(SYS_splice, in, in_at, out, out_at, bytes, flags);
}
