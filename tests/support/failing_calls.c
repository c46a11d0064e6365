/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that fail, for LD_PRELOAD: PEYK_FAILING_CALLS="KIND K MS ERRNO" lets the Kth
 * call of a kind fail with that errno, and those of the next MS milliseconds (0: that
 * one alone). A kind is one of "alloc", "write", "sync", "open", "truncate", "rename";
 * with a K of 0 nothing fails. PEYK_FAILING_REPORT names a file that gets a line for
 * what failed first, where a crash was, and, at the end, how many calls there were of
 * each kind; with a K of 0 also the number of each call that is the first to come the
 * way that it does.
 *
 * Only calls of peyk itself and of libraries that promise to live with it count, told
 * by the address that they come from. libzmq and libstdc++ do not: they abort() when
 * memory is out, by design; libfyaml 0.7 falls into a NULL, and xmlGetGlobalState() of
 * libxml2 calls itself until the stack ends. Writes are those to files,
 * beyond standard error.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define RANGES_MAX 64
#define FRAMES_MAX 40
#define WAY_FRAMES 20 /* of a way; deeper ones are the same */
#define WAYS       65536

enum kind { ALLOC, WRITE, SYNC, OPEN, TRUNCATE, RENAME, KINDS };

static const char *const kind_names[KINDS] = { "alloc", "write", "sync", "open",
	"truncate", "rename" };

/* Those whose calls count; "" is the program itself. */
static const char *const objects[] = { "", "libsqlite3.", "libjansson.", "libxml2.",
	"libcurl.", "liburiparser.", "libpsl.", "libmicrohttpd." };

struct range {
	uintptr_t begin, end;
};

static struct range ranges[RANGES_MAX];
static size_t n_ranges;
static struct range hopeless; /* xmlGetGlobalState() */
static enum kind fails = KINDS;
static unsigned long fails_at;
static long fails_ms;
static int fails_with;
static atomic_ulong calls[KINDS];
static atomic_llong failing_until_ms;
static int report = -1;

/* Of the C library, beneath these. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *memory, size_t size);

static long long
mono_ms(void)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* ---- who calls ---- */

static bool
counts(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (objects[i][0] == '\0'
			? name[0] == '\0'
			: strncmp(name, objects[i], strlen(objects[i])) == 0)
			return true;
	}
	return false;
}

static int
note_object(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	(void)context;
	for (size_t i = 0; i < info->dlpi_phnum && counts(info->dlpi_name); i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0 ||
		    n_ranges == RANGES_MAX)
			continue;
		uintptr_t begin = info->dlpi_addr + part->p_vaddr;
		ranges[n_ranges++] = (struct range){ begin, begin + part->p_memsz };
	}
	return 0;
}

static bool
is_ours(const void *caller)
{
	if ((uintptr_t)caller >= hopeless.begin && (uintptr_t)caller < hopeless.end)
		return false;
	for (size_t i = 0; i < n_ranges; i++) {
		if ((uintptr_t)caller >= ranges[i].begin &&
		    (uintptr_t)caller < ranges[i].end)
			return true;
	}
	return false;
}

/* ---- does it fail? ---- */

static void
tell(const char *what)
{
	void *frames[FRAMES_MAX];

	if (report < 0)
		return;
	syscall(SYS_write, report, what, strlen(what));
	backtrace_symbols_fd(frames, backtrace(frames, FRAMES_MAX), report);
}

static void
tell_of_first(enum kind kind)
{
	static atomic_bool told;
	char line[80];

	if (atomic_exchange(&told, true))
		return;
	snprintf(line, sizeof(line), "failed: %s %lu\n", kind_names[kind], fails_at);
	tell(line);
}

/* Notes which call is the first to come this way, through the same callers. */
static void
note_way(unsigned long n)
{
	static atomic_ullong ways[WAYS];
	void *frames[WAY_FRAMES];
	unsigned long long way = 0, none = 0;
	char line[40];

	for (int i = 0, len = backtrace(frames, WAY_FRAMES); i < len; i++)
		way = (way ^ (uintptr_t)frames[i]) * 0x100000001B3ULL + 1;
	for (size_t i = 0; i < WAYS; i++, none = 0) {
		atomic_ullong *place = &ways[(way + i) % WAYS];
		if (atomic_compare_exchange_strong(place, &none, way)) {
			int len = snprintf(line, sizeof(line), "way: %lu\n", n);
			syscall(SYS_write, report, line, len);
			return;
		}
		if (none == way)
			return;
	}
}

static bool
has_to_fail(enum kind kind, const void *caller)
{
	if (n_ranges == 0 || !is_ours(caller))
		return false;
	unsigned long n = atomic_fetch_add(&calls[kind], 1) + 1;
	if (kind == fails && fails_at == 0)
		note_way(n);
	if (fails_at == 0)
		return false;
	if (kind != fails || n < fails_at)
		return false;
	if (n == fails_at) {
		atomic_store(&failing_until_ms, mono_ms() + fails_ms);
		tell_of_first(kind);
	} else if (mono_ms() >= atomic_load(&failing_until_ms)) {
		return false;
	}
	errno = fails_with;
	return true;
}

#define FAILS(kind) has_to_fail(kind, __builtin_return_address(0))

/* ---- memory ---- */

void *
malloc(size_t size)
{
	return FAILS(ALLOC) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return FAILS(ALLOC) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *memory, size_t size)
{
	return FAILS(ALLOC) ? NULL : __libc_realloc(memory, size);
}

/* ---- files ---- */

static bool
is_file(int fd)
{
	struct stat status;

	return fd > STDERR_FILENO && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	return is_file(fd) && FAILS(WRITE) ? -1 : syscall(SYS_write, fd, bytes, len);
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return FAILS(WRITE) ? -1 : syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	return FAILS(WRITE) ? -1 : syscall(SYS_pwrite64, fd, bytes, len, at);
}

int
fsync(int fd)
{
	return FAILS(SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return FAILS(SYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t size)
{
	return FAILS(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
	return FAILS(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int
rename(const char *from, const char *to)
{
	return FAILS(RENAME) ? -1 : (int)syscall(SYS_rename, from, to);
}

int
renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	return FAILS(RENAME)
		   ? -1
		   : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

static mode_t
mode_of(int flags, va_list arguments)
{
	return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

/* All forms of open(2), with and without checks and large files. */
#define OPEN_LIKE(name)                                                                \
	int name(const char *path, int flags, ...);                                    \
	int name(const char *path, int flags, ...)                                     \
	{                                                                              \
		va_list arguments;                                                     \
                                                                                       \
		va_start(arguments, flags);                                            \
		mode_t mode = mode_of(flags, arguments);                               \
		va_end(arguments);                                                     \
		return FAILS(OPEN)                                                     \
			   ? -1                                                        \
			   : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);    \
	}

OPEN_LIKE(open)
OPEN_LIKE(open64)
OPEN_LIKE(__open_2)
OPEN_LIKE(__open64_2)

#define FOPEN_LIKE(name)                                                               \
	FILE *name(const char *restrict path, const char *restrict mode)               \
	{                                                                              \
		static FILE *(*real)(const char *, const char *);                      \
                                                                                       \
		if (real == NULL)                                                      \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                     \
		return FAILS(OPEN) ? NULL : real(path, mode);                          \
	}

FOPEN_LIKE(fopen)
FOPEN_LIKE(fopen64)

/* ---- beginning and end ---- */

static void
tell_of_crash(int number)
{
	char line[40];

	snprintf(line, sizeof(line), "crashed: signal %d\n", number);
	tell(line);
	signal(number, SIG_DFL);
	raise(number);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *plan = getenv("PEYK_FAILING_CALLS");
	const char *path = getenv("PEYK_FAILING_REPORT");
	void *frame;
	char name[16];

	if (plan == NULL || sscanf(plan, "%15s %lu %ld %d", name, &fails_at, &fails_ms,
				&fails_with) != 4)
		return;
	backtrace(&frame, 1); /* loads what it needs */
	if (path != NULL)
		report = (int)syscall(SYS_openat, AT_FDCWD, path,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (int kind = 0; kind < KINDS; kind++) {
		if (strcmp(kind_names[kind], name) == 0)
			fails = (enum kind)kind;
	}
	signal(SIGSEGV, tell_of_crash);
	signal(SIGBUS, tell_of_crash);
	signal(SIGABRT, tell_of_crash);
	hopeless.begin = (uintptr_t)dlsym(RTLD_DEFAULT, "xmlGetGlobalState");
	hopeless.end = hopeless.begin == 0 ? 0 : hopeless.begin + 128;
	dl_iterate_phdr(note_object, NULL);
}

__attribute__((destructor)) static void
end(void)
{
	char line[80];

	for (int kind = 0; kind < KINDS && report >= 0; kind++) {
		int n = snprintf(line, sizeof(line), "calls: %s %lu\n",
		    kind_names[kind], atomic_load(&calls[kind]));
		syscall(SYS_write, report, line, n);
	}
}
