/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keys.h"

#include "base/log.h"
#include "config/value.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>

static int
tell(int r, const char *sentence, const struct pk_diag *diag)
{
	pk_log(PK_ERROR, sentence, "file", diag->where, "line",
	    pk_log_number(diag->line), "column", pk_log_number(diag->column), "what",
	    diag->what);
	return r;
}

/* Keys must not be found in what a crash leaves behind. Both, for the kernel passes the
 * limit over where a program takes the dump. */
static void
stay_out_of_cores(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	pk_cleanup(pk_closep) int fd =
	    open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		pk_log(PK_DEBUG, "cannot keep memory out of core dumps, ignoring");
}

static int
read_secret(const struct pk_config *config, struct pk_key_pair *ret_keys)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets the environment */
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *place = config->publish.curve.secret.ptr;
	char path[PATH_MAX];
	bool is_credential;
	struct pk_diag diag = { .line = 0 };
	int r = pk_key_path(place, credentials, sizeof(path), path, &is_credential);

	if (r < 0) {
		pk_log(PK_ERROR,
		    r == -ENXIO ? "there is no credential for the secret key: "
				  "LoadCredential= in a drop-in gives one"
				: "publish.curve.secret is no place of a file",
		    "publish.curve.secret", place);
		return r;
	}
	r = pk_key_pair_read(path, is_credential, ret_keys, &diag);
	return r < 0 ? tell(r, "cannot use the secret key", &diag) : 0;
}

int
pk_keys_read_clients(const struct pk_config *config, struct pk_allow_list **ret_list)
{
	struct pk_diag diag = { .line = 0 };
	int r = pk_allow_list_load(config->publish.curve.clients.ptr, ret_list, &diag);

	return r < 0 ? tell(r, "cannot use the keys of the clients", &diag) : 0;
}

static int
open_encrypted(const struct pk_config *config, struct pk_wire **ret_wire,
    struct pk_access **ret_access)
{
	pk_cleanup(pk_key_pair_wipe) struct pk_key_pair keys = { .public_key = "" };
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *list = NULL;
	pk_cleanup(pk_access_freep) struct pk_access *access = NULL;

	stay_out_of_cores();
	int r = read_secret(config, &keys);
	if (r == 0)
		r = pk_keys_read_clients(config, &list);
	if (r < 0)
		return r;
	size_t n = pk_allow_list_count(list);
	access = pk_access_new(list);
	if (access == NULL)
		return -ENOMEM;
	list = NULL;
	r = pk_wire_new(
	    &(struct pk_wire_options){ .keys = &keys, .access = access }, ret_wire);
	if (r < 0)
		return r;
	*ret_access = pk_steal(&access);
	pk_log(n == 0 ? PK_WARN : PK_INFO, "the stream is encrypted", "public_key",
	    keys.public_key, "clients", pk_log_number(n));
	return 0;
}

int
pk_keys_open(const struct pk_config *config, struct pk_wire **ret_wire,
    struct pk_access **ret_access)
{
	return config->publish.curve.enabled
		   ? open_encrypted(config, ret_wire, ret_access)
		   : pk_wire_new(NULL, ret_wire);
}

static bool
is_local(const struct pk_config_texts *endpoints)
{
	for (size_t i = 0; i < endpoints->n; i++) {
		if (pk_span_starts_with(endpoints->items[i], PK_SPAN("tcp://")) &&
		    !pk_value_is_local_endpoint(endpoints->items[i]))
			return false;
	}
	return true;
}

int
pk_keys_check_plain(const struct pk_config *config)
{
	if (!config->publish.curve.enabled || config->publish.allow_public_plain ||
	    (is_local(&config->publish.events.bind) &&
		is_local(&config->publish.replay.bind)))
		return 0;
	pk_log(PK_ERROR,
	    "publish.curve.enabled needs a restart: until then other hosts could read "
	    "everything at the new endpoints");
	return -EPERM;
}

void
pk_keys_use(struct pk_access *access, struct pk_allow_list *list)
{
	uint64_t before = pk_access_revocations(access);
	size_t n = pk_allow_list_count(list);

	pk_access_use(access, list);
	if (pk_access_revocations(access) != before)
		pk_log(PK_NOTICE,
		    "a key was taken away or may read less, ending all connections",
		    "clients", pk_log_number(n));
}
