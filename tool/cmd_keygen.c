/* SPDX-License-Identifier: Apache-2.0 */
/* peyk keygen - a pair of CURVE keys: for the daemon, or for a client of it. */
#include "base/buf.h"
#include "base/secret.h"
#include "publish/curve.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0 ? 0 : -errno;
}

/* Replaces nothing: a key that is overwritten is lost. What could not be written whole
 * is no file at all. */
static int
write_key(const char *path, mode_t mode, const char *comment, const char *key)
{
	char text[256];
	pk_cleanup(pk_closep) int fd =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	if (fd < 0)
		return pk_input_failed(path, errno == EEXIST
						 ? "exists already, not overwriting it"
						 : strerrordesc_np(errno));
	int n = snprintf(text, sizeof(text), "# %s\n%s\n", comment, key);
	int r = write_all(fd, text, (size_t)n);
	pk_secret_wipe(text, sizeof(text));
	if (r == 0)
		return 0;
	unlink(path);
	return pk_input_failed(path, strerrordesc_np(-r));
}

static void
print_what_to_do(const char *name)
{
	printf(
	    "%s.secret  the secret key: whoever has it is taken for its owner\n"
	    "%s.pub     the public key\n"
	    "\n"
	    "for the daemon:  keep %s.secret where publish.curve.secret says, and\n"
	    "                 give %s.pub to the clients\n"
	    "for a client:    move %s.pub into the folder publish.curve.clients and\n"
	    "                 `peyk reload`; %s.secret and the daemon's .pub are the\n"
	    "                 client's\n",
	    name, name, name, name, name, name);
}

/* The last part of the path is a client's name where the pair is one's. */
static bool
is_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	size_t len = strlen(name);

	return len > 0 && len <= 64 && name[0] != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789._-") == len;
}

static int
make(const char *name)
{
	char secret_path[PATH_MAX], public_path[PATH_MAX];
	pk_cleanup(pk_key_pair_wipe) struct pk_key_pair pair = { .public_key = "" };

	if (!is_name(name) || strlen(name) > sizeof(secret_path) - 16)
		return pk_input_failed(name,
		    "a name is 1 to 64 of the characters A-Z a-z 0-9 . _ - and begins "
		    "with no dot");
	snprintf(secret_path, sizeof(secret_path), "%s.secret", name);
	snprintf(public_path, sizeof(public_path), "%s.pub", name);
	int r = pk_key_pair_make(&pair);
	if (r < 0)
		return pk_input_failed(name, strerrordesc_np(-r));
	if (write_key(secret_path, 0600, "secret key of CURVE, keep it to yourself",
		pair.secret_key) != 0)
		return 1;
	if (write_key(public_path, 0644, "public key of CURVE", pair.public_key) != 0) {
		unlink(secret_path);
		return 1;
	}
	print_what_to_do(name);
	return pk_output_finish(0);
}

int
pk_cmd_keygen(int argc, char **argv)
{
	int first, r = pk_options_read(argc, argv, NULL, 0, &first);

	if (r != 0)
		return r;
	return argc - first == 1 ? make(argv[first]) : pk_cmd_usage(argv[0]);
}
