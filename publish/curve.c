/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/curve.h"

#include "base/secret.h"

#include <errno.h>
#include <zmq.h>

int
pk_key_pair_make(struct pk_key_pair *ret_pair)
{
	return zmq_curve_keypair(ret_pair->public_key, ret_pair->secret_key) == 0
		   ? 0
		   : -zmq_errno();
}

void
pk_key_pair_wipe(struct pk_key_pair *pair)
{
	pk_secret_wipe(pair, sizeof(*pair));
}

int
pk_key_pair_read(const char *path, bool is_credential, struct pk_key_pair *ret_pair,
    struct pk_diag *reterr_diag)
{
	struct pk_key_pair pair;
	int r = pk_key_file_secret(path, is_credential, pair.secret_key, reterr_diag);

	if (r == 0 && zmq_curve_public(pair.public_key, pair.secret_key) != 0)
		r = pk_diag_at(reterr_diag, -EBADMSG, path, 0,
		    "no public key belongs to this one");
	if (r == 0)
		*ret_pair = pair;
	pk_key_pair_wipe(&pair);
	return r;
}
