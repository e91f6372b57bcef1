/*
 * Makes SIGKILL behave like a power cut.
 *
 * A killed process leaves everything it wrote in the kernel's cache; a power cut leaves only what was synced. This
 * library, loaded with LD_PRELOAD, writes down before each change of a file how to take it back, and after each sync
 * what has become durable. When the processes are dead, `cargo xtask crash undo` takes the rest back.
 *
 * Environment
 *   POWERCUT_DIR   the directory that is watched, with all below it
 *   POWERCUT_LOG   the log; beside it stand LOG.state (lock, counter) and LOG.trash (removed files). Outside of
 *                  POWERCUT_DIR, on the same file system. A new log begins with everything durable.
 *
 * Modelled, for every process of the tree and every thread
 *   - write, pwrite, writev, pwritev, pwritev2, ftruncate, truncate, fallocate, O_TRUNC: lost until fsync or fdatasync
 *     of the file (by any descriptor), sync, syncfs, or at once with O_SYNC, O_DSYNC, RWF_SYNC, RWF_DSYNC;
 *   - creating, renaming, linking, removing of files and directories: lost until fsync of a directory concerned. This
 *     is POSIX to the letter; ext4 and XFS would often keep more;
 *   - sync_file_range makes nothing durable: it flushes neither the file's length nor the drive's cache.
 * Not modelled, counted as durable at once
 *   - writes through mmap: SQLite must run with mmap_size=0 or its usual read-only mapping. Its -shm file is left out
 *     (it is only mapped, and rebuilt after a crash);
 *   - writes by stdio (fopen, fwrite) and by raw system calls that do not pass the C library;
 *   - owners, permissions and times.
 * copy_file_range, sendfile and splice into a watched file are refused, so that callers copy with write. What cannot
 * be taken back is logged as OP_UNSUPPORTED, and the undo refuses the log.
 */
#ifndef RECORD_H
#define RECORD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The second word of a record. The Rust side (crash/log.rs) knows the same letters. */
enum op {
    OP_WRITE = 'W',       /* file, at, extent = bytes to come, length = old length, one = old bytes */
    OP_TRUNCATE = 'T',    /* file, at = new length, length = old length, one = old bytes that go */
    OP_SYNC = 'S',        /* file or directory, at = last record that is durable */
    OP_SYNC_ALL = 'A',    /* at = last record that is durable */
    OP_CREATE = 'C',      /* parent, one = path */
    OP_RENAME = 'R',      /* parent, parent_to, one = from, two = to, file = trash number of what was there */
    OP_UNLINK = 'U',      /* parent, one = path, file = trash number */
    OP_MKDIR = 'M',       /* parent, one = path */
    OP_RMDIR = 'D',       /* parent, one = path */
    OP_CANCEL = 'X',      /* at = the record whose change failed */
    OP_UNSUPPORTED = '!', /* one = what */
};

#define RECORD_MAGIC 0x54554350u

/* In the log as it is in memory, followed by the bytes of one and of two. */
struct record {
    uint32_t magic;
    uint32_t op;
    uint64_t seq;
    uint64_t file; /* inode, or trash number */
    uint64_t at;
    uint64_t extent;
    uint64_t length;
    uint64_t parent; /* inode of the directory */
    uint64_t parent_to;
    uint32_t one_bytes;
    uint32_t two_bytes;
};

/* Whether anything is watched at all. */
int is_active(void);
/* Whether fd is a watched file or directory; fills st. */
int watched_fd(int fd, struct stat *st);
/* Whether the path, seen from dirfd, lies in the watched directory; fills full (PATH_MAX) with its canonical form. */
int watched_path(int dirfd, const char *path, char *full);

/* One change at a time, over all processes. Between them the log has the order in which things happened. */
void hold(void);
void release(void);

/* Appends a record and returns its number. Under hold. */
uint64_t append(struct record *record, const void *one, const void *two);
/* The number of the last record. Under hold. */
uint64_t last_record(void);
/* Takes a record back when its change failed. Under hold; keeps errno. */
void cancel_if(int failed, uint64_t seq);
/* Under hold. */
void unsupported(const char *what);
/* Keeps a second link to a file that is about to go; 0 when there is none. Under hold. */
uint64_t keep_in_trash(const char *path);

#endif
