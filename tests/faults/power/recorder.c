/* Preloaded into the program: writes down what it does to the files of one folder ($RECORD_FOLDER), in the order in
 * which it was done, into one file ($RECORD_TRACE). trace.ts reads that file; a deed there is
 *
 *   op u8 | 0 u8 | path u16, bytes | data u32, bytes | inode u64 | at i64 | the path, below the folder | the data
 *
 * C a file was made | M a folder was made | W data at an offset | T cut or grown to a length | S a file synced, with what
 * the trace held when that began as `at` | D likewise a folder | L linked, R renamed: the data is the new path | U removed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(type, name, ...) static type (*real_##name)(__VA_ARGS__)
REAL(int, open, const char *, int, ...);
REAL(int, open64, const char *, int, ...);
REAL(int, mkdir, const char *, mode_t);
REAL(ssize_t, write, int, const void *, size_t);
REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
REAL(int, ftruncate, int, off_t);
REAL(int, ftruncate64, int, off64_t);
REAL(int, fsync, int);
REAL(int, fdatasync, int);
REAL(int, link, const char *, const char *);
REAL(int, rename, const char *, const char *);
REAL(int, unlink, const char *);
REAL(int, remove, const char *);

static int trace = -1;
static char folder[512];
static size_t folder_length;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void start(void) {
#define FIND(name) real_##name = dlsym(RTLD_NEXT, #name)
  FIND(open); FIND(open64); FIND(mkdir); FIND(write); FIND(pwrite); FIND(pwrite64); FIND(ftruncate); FIND(ftruncate64);
  FIND(fsync); FIND(fdatasync); FIND(link); FIND(rename); FIND(unlink); FIND(remove);
  const char *where = getenv("RECORD_FOLDER"), *to = getenv("RECORD_TRACE");
  if (!where || !to) return;
  strncpy(folder, where, sizeof folder - 1);
  folder_length = strlen(folder);
  trace = real_open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int is_inside(const char *path) {
  return trace >= 0 && strncmp(path, folder, folder_length) == 0 && (path[folder_length] == 0 || path[folder_length] == '/');
}

/* The path of a descriptor; 0 where it is none of the folder. */
static int is_ours(int fd, char *path, size_t size) {
  if (trace < 0 || fd == trace) return 0;
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(name, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_inside(path);
}

static int64_t recorded_so_far(void) {
  struct stat now;
  return fstat(trace, &now) == 0 ? now.st_size : 0;
}

/* Whoever calls has its turn; one write, so that the trace holds whole deeds. */
static void note(char op, uint64_t inode, int64_t at, const char *path, const void *data, uint32_t size) {
  const char *below = path + folder_length;
  uint16_t length = (uint16_t)strlen(below);
  size_t whole = 24 + length + size;
  char *deed = malloc(whole);
  memset(deed, 0, 24);
  deed[0] = op;
  memcpy(deed + 2, &length, 2);
  memcpy(deed + 4, &size, 4);
  memcpy(deed + 8, &inode, 8);
  memcpy(deed + 16, &at, 8);
  memcpy(deed + 24, below, length);
  if (size) memcpy(deed + 24 + length, data, size);
  if (real_write(trace, deed, whole) != (ssize_t)whole) abort();
  free(deed);
}

static uint64_t inode_of(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

#define OPEN(name)                                                                  \
  int name(const char *path, int flags, ...) {                                      \
    va_list rest;                                                                   \
    va_start(rest, flags);                                                          \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;         \
    va_end(rest);                                                                   \
    if (!is_inside(path) || !(flags & (O_CREAT | O_TRUNC))) return real_##name(path, flags, mode); \
    pthread_mutex_lock(&turn);                                                      \
    int was_there = access(path, F_OK) == 0;                                        \
    int fd = real_##name(path, flags, mode);                                        \
    if (fd >= 0 && !was_there) note('C', inode_of(fd), 0, path, 0, 0);              \
    if (fd >= 0 && was_there && (flags & O_TRUNC)) note('T', inode_of(fd), 0, path, 0, 0); \
    pthread_mutex_unlock(&turn);                                                    \
    return fd;                                                                      \
  }
OPEN(open)
OPEN(open64)

#define WRITE_AT(name, offset)                                                      \
  ssize_t name(int fd, const void *data, size_t size, offset at) {                  \
    char path[512];                                                                 \
    if (!is_ours(fd, path, sizeof path)) return real_##name(fd, data, size, at);    \
    pthread_mutex_lock(&turn);                                                      \
    ssize_t done = real_##name(fd, data, size, at);                                 \
    if (done > 0) note('W', inode_of(fd), at, path, data, (uint32_t)done);          \
    pthread_mutex_unlock(&turn);                                                    \
    return done;                                                                    \
  }
WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t size) {
  char path[512];
  if (!is_ours(fd, path, sizeof path)) return real_write(fd, data, size);
  pthread_mutex_lock(&turn);
  ssize_t done = real_write(fd, data, size);
  if (done > 0) note('W', inode_of(fd), lseek(fd, 0, SEEK_CUR) - done, path, data, (uint32_t)done);
  pthread_mutex_unlock(&turn);
  return done;
}

#define TRUNCATE(name, length)                                                      \
  int name(int fd, length to) {                                                     \
    char path[512];                                                                 \
    if (!is_ours(fd, path, sizeof path)) return real_##name(fd, to);                \
    pthread_mutex_lock(&turn);                                                      \
    int failed = real_##name(fd, to);                                               \
    if (!failed) note('T', inode_of(fd), to, path, 0, 0);                           \
    pthread_mutex_unlock(&turn);                                                    \
    return failed;                                                                  \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

/* Others go on meanwhile: what they write after the sync began is not covered by it. */
#define SYNC(name)                                                                  \
  int name(int fd) {                                                                \
    char path[512];                                                                 \
    if (!is_ours(fd, path, sizeof path)) return real_##name(fd);                    \
    pthread_mutex_lock(&turn);                                                      \
    int64_t began = recorded_so_far();                                              \
    pthread_mutex_unlock(&turn);                                                    \
    int failed = real_##name(fd);                                                   \
    struct stat what;                                                               \
    int is_folder = fstat(fd, &what) == 0 && S_ISDIR(what.st_mode);                 \
    pthread_mutex_lock(&turn);                                                      \
    if (!failed) note(is_folder ? 'D' : 'S', what.st_ino, began, path, 0, 0);       \
    pthread_mutex_unlock(&turn);                                                    \
    return failed;                                                                  \
  }
SYNC(fsync)
SYNC(fdatasync)

int mkdir(const char *path, mode_t mode) {
  int failed = real_mkdir(path, mode);
  if (!failed && is_inside(path)) {
    pthread_mutex_lock(&turn);
    note('M', 0, 0, path, 0, 0);
    pthread_mutex_unlock(&turn);
  }
  return failed;
}

#define TO_NAME(name, op)                                                           \
  int name(const char *from, const char *to) {                                      \
    if (!is_inside(from) || !is_inside(to)) return real_##name(from, to);           \
    pthread_mutex_lock(&turn);                                                      \
    int failed = real_##name(from, to);                                             \
    const char *below = to + folder_length;                                         \
    if (!failed) note(op, 0, 0, from, below, (uint32_t)strlen(below));              \
    pthread_mutex_unlock(&turn);                                                    \
    return failed;                                                                  \
  }
TO_NAME(link, 'L')
TO_NAME(rename, 'R')

#define REMOVE(name)                                                                \
  int name(const char *path) {                                                      \
    if (!is_inside(path)) return real_##name(path);                                 \
    pthread_mutex_lock(&turn);                                                      \
    int failed = real_##name(path);                                                 \
    if (!failed) note('U', 0, 0, path, 0, 0);                                       \
    pthread_mutex_unlock(&turn);                                                    \
    return failed;                                                                  \
  }
REMOVE(unlink)
REMOVE(remove)
