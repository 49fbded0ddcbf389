// Stands before the C library (LD_PRELOAD): one call of a kind, counted from 1, fails as a bad disk would make it fail, or ends
// the program in its middle. Only calls on ordinary files count: what is printed, and what goes over the network, passes.
//
//   FAILING_CALL   write, fsync, rename or mmap
//   FAILING_AT     which one; 0 counts only
//   FAILING_ENDS   set: the program is killed instead, a write after half of its bytes
//   FAILING_COUNT  the file that takes the number of calls when the program ends
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is_file(int fd) {
    struct stat found;
    int before = errno;
    int is = fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
    errno = before;
    return is;
}

// Whether this call is the one.
static int is_chosen(const char *kind) {
    if (strcmp(setting("FAILING_CALL"), kind) != 0) return 0;
    return atomic_fetch_add(&calls, 1) + 1 == atol(setting("FAILING_AT"));
}

static int ends(void) { return getenv("FAILING_ENDS") != NULL; }

static void end(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

static int fail(int why) { if (ends()) end(); errno = why; return -1; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *from, size_t length) {
    if (is_file(fd) && is_chosen("write")) {
        if (ends()) REAL(write)(fd, from, length / 2);
        return fail(ENOSPC);
    }
    return REAL(write)(fd, from, length);
}

ssize_t writev(int fd, const struct iovec *from, int count) {
    if (is_file(fd) && is_chosen("write")) return fail(ENOSPC);
    return REAL(writev)(fd, from, count);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t at) {
    if (is_file(fd) && is_chosen("write")) {
        if (ends()) REAL(pwrite)(fd, from, length / 2, at);
        return fail(ENOSPC);
    }
    return REAL(pwrite)(fd, from, length, at);
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) {
    if (is_file(fd) && is_chosen("write")) {
        if (ends()) REAL(pwrite64)(fd, from, length / 2, at);
        return fail(ENOSPC);
    }
    return REAL(pwrite64)(fd, from, length, at);
}

int ftruncate(int fd, off_t length) {
    if (is_file(fd) && is_chosen("write")) return fail(ENOSPC);
    return REAL(ftruncate)(fd, length);
}

int ftruncate64(int fd, off64_t length) {
    if (is_file(fd) && is_chosen("write")) return fail(ENOSPC);
    return REAL(ftruncate64)(fd, length);
}

int fsync(int fd) { return is_chosen("fsync") ? fail(EIO) : REAL(fsync)(fd); }

int fdatasync(int fd) { return is_chosen("fsync") ? fail(EIO) : REAL(fdatasync)(fd); }

int sync_file_range(int fd, off64_t from, off64_t length, unsigned int how) {
    return is_chosen("fsync") ? fail(EIO) : REAL(sync_file_range)(fd, from, length, how);
}

int rename(const char *from, const char *to) { return is_chosen("rename") ? fail(EIO) : REAL(rename)(from, to); }

int renameat(int one, const char *from, int other, const char *to) {
    return is_chosen("rename") ? fail(EIO) : REAL(renameat)(one, from, other, to);
}

int renameat2(int one, const char *from, int other, const char *to, unsigned int how) {
    return is_chosen("rename") ? fail(EIO) : REAL(renameat2)(one, from, other, to, how);
}

void *mmap(void *near, size_t length, int may, int how, int fd, off_t at) {
    if (is_chosen("mmap")) { fail(ENOMEM); return MAP_FAILED; }
    return REAL(mmap)(near, length, may, how, fd, at);
}

void *mmap64(void *near, size_t length, int may, int how, int fd, off64_t at) {
    if (is_chosen("mmap")) { fail(ENOMEM); return MAP_FAILED; }
    return REAL(mmap64)(near, length, may, how, fd, at);
}

__attribute__((destructor)) static void tell(void) {
    const char *file = getenv("FAILING_COUNT");
    if (!file) return;
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return;
    dprintf(fd, "%ld\n", atomic_load(&calls));
    close(fd);
}
