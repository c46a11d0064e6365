/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/outcome_priv.h"

static const struct {
	const char *name;
	const char *help;
} outcomes[] = {
#define OUTCOME(NAME, name, help) [PK_HTTP_##NAME] = { #name, help },
#include "fetch/http/outcome.def"
#undef OUTCOME
};

/* clang-format off */
static const struct {
	CURLcode code;
	enum pk_http_outcome outcome;
} outcome_of_curl[] = {
	{ CURLE_COULDNT_RESOLVE_HOST,       PK_HTTP_DNS },
	{ CURLE_COULDNT_RESOLVE_PROXY,      PK_HTTP_DNS },
	{ CURLE_COULDNT_CONNECT,            PK_HTTP_CONNECT },
	{ CURLE_SEND_ERROR,                 PK_HTTP_TRUNCATED },
	{ CURLE_GOT_NOTHING,                PK_HTTP_CONNECT },
	{ CURLE_SSL_CONNECT_ERROR,          PK_HTTP_TLS },
	{ CURLE_SSL_CERTPROBLEM,            PK_HTTP_TLS },
	{ CURLE_SSL_CIPHER,                 PK_HTTP_TLS },
	{ CURLE_SSL_CLIENTCERT,             PK_HTTP_TLS },
	{ CURLE_SSL_CACERT_BADFILE,         PK_HTTP_TLS },
	{ CURLE_SSL_CRL_BADFILE,            PK_HTTP_TLS },
	{ CURLE_SSL_ENGINE_INITFAILED,      PK_HTTP_TLS },
	{ CURLE_SSL_ENGINE_NOTFOUND,        PK_HTTP_TLS },
	{ CURLE_SSL_ENGINE_SETFAILED,       PK_HTTP_TLS },
	{ CURLE_SSL_INVALIDCERTSTATUS,      PK_HTTP_TLS },
	{ CURLE_SSL_ISSUER_ERROR,           PK_HTTP_TLS },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH,   PK_HTTP_TLS },
	{ CURLE_SSL_SHUTDOWN_FAILED,        PK_HTTP_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION,   PK_HTTP_TLS },
	{ CURLE_OPERATION_TIMEDOUT,         PK_HTTP_TIMEOUT },
	{ CURLE_FILESIZE_EXCEEDED,          PK_HTTP_TOO_BIG },
	{ CURLE_PARTIAL_FILE,               PK_HTTP_TRUNCATED },
	{ CURLE_RECV_ERROR,                 PK_HTTP_TRUNCATED },
	{ CURLE_HTTP2,                      PK_HTTP_TRUNCATED },
	{ CURLE_HTTP2_STREAM,               PK_HTTP_TRUNCATED },
	{ CURLE_TOO_MANY_REDIRECTS,         PK_HTTP_REDIRECTS },
	{ CURLE_OUT_OF_MEMORY,              PK_HTTP_MEMORY },
};

/* Where one of curl's codes stands for several things, its message tells them apart. */
static const struct {
	CURLcode code;
	enum pk_http_outcome outcome;
	const char *text;
} outcome_of_text[] = {
	{ CURLE_OPERATION_TIMEDOUT,  PK_HTTP_DNS,       "Resolving timed out" },
	{ CURLE_SSL_CONNECT_ERROR,   PK_HTTP_CONNECT,   "reset" },
	{ CURLE_SSL_CONNECT_ERROR,   PK_HTTP_CONNECT,   "SYSCALL" },
	{ CURLE_RECV_ERROR,          PK_HTTP_PROTOCOL,  "chunk" },
	{ CURLE_RECV_ERROR,          PK_HTTP_TLS,       "alert" },
	{ CURLE_SEND_ERROR,          PK_HTTP_TLS,       "alert" },
};
/* clang-format on */

const char *
pk_http_outcome_name(enum pk_http_outcome outcome)
{
	return outcomes[outcome].name;
}

const char *
pk_http_outcome_help(enum pk_http_outcome outcome)
{
	return outcomes[outcome].help;
}

enum pk_http_outcome
pk_http_outcome_of_curl(CURLcode code, const char *text, int status)
{
	for (size_t i = 0; i < PK_COUNT(outcome_of_text); i++)
		if (outcome_of_text[i].code == code &&
		    strstr(text, outcome_of_text[i].text) != NULL)
			return outcome_of_text[i].outcome;
	for (size_t i = 0; i < PK_COUNT(outcome_of_curl); i++) {
		if (outcome_of_curl[i].code != code)
			continue;
		enum pk_http_outcome outcome = outcome_of_curl[i].outcome;
		return outcome == PK_HTTP_TRUNCATED && status == 0 ? PK_HTTP_CONNECT
								   : outcome;
	}
	return PK_HTTP_PROTOCOL;
}
