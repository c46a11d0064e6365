/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/key_file.h"

#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* RFC 32: five characters of 85 stand for four bytes, the first for the most. */
static const char z85[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			  "YZ.-:+=^!/*?&<>()[]{}@%$#";

/* libzmq's own reader takes bytes beyond ASCII for granted. */
int
pk_key_decode(struct pk_span text, unsigned char ret_key[static PK_KEY_BYTES])
{
	unsigned char key[PK_KEY_BYTES];
	int r = text.len == PK_KEY_TEXT ? 0 : -EBADMSG;

	for (size_t i = 0; i < PK_KEY_TEXT && r == 0; i += 5) {
		uint64_t value = 0;
		for (size_t k = 0; k < 5 && r == 0; k++) {
			const char *at = memchr(z85, text.ptr[i + k], sizeof(z85) - 1);
			if (at == NULL)
				r = -EBADMSG;
			else
				value = value * 85 + (uint64_t)(at - z85);
		}
		if (value > UINT32_MAX)
			r = -EBADMSG;
		for (size_t k = 0; k < 4; k++)
			key[i / 5 * 4 + k] = (unsigned char)(value >> (24 - 8 * k));
	}
	if (r == 0)
		memcpy(ret_key, key, sizeof(key));
	pk_secret_wipe(key, sizeof(key));
	return r;
}

void
pk_key_encode(
    const unsigned char key[static PK_KEY_BYTES], char ret_text[static PK_KEY_TEXT + 1])
{
	for (size_t i = 0; i < PK_KEY_BYTES / 4; i++) {
		uint64_t value = 0;
		for (size_t k = 0; k < 4; k++)
			value = value << 8 | key[i * 4 + k];
		for (size_t k = 5; k-- > 0; value /= 85)
			ret_text[i * 5 + k] = z85[value % 85];
	}
	ret_text[PK_KEY_TEXT] = '\0';
}

int
pk_key_path(const char *place, const char *credentials, size_t size, char *ret_path,
    bool *ret_is_credential)
{
	struct pk_span name = pk_span_of(place);
	bool is_credential = pk_span_starts_with(name, PK_SPAN("credential:"));
	int n;

	if (is_credential) {
		name = pk_span_slice(name, strlen("credential:"), name.len);
		if (name.len == 0 || memchr(name.ptr, '/', name.len) != NULL ||
		    name.ptr[0] == '.')
			return -EINVAL;
		if (credentials == NULL || credentials[0] == '\0')
			return -ENXIO;
		n = snprintf(ret_path, size, "%s/%s", credentials, name.ptr);
	} else {
		n = snprintf(ret_path, size, "%s", place);
	}
	if (n < 0 || (size_t)n >= size)
		return -ENAMETOOLONG;
	*ret_is_credential = is_credential;
	return 0;
}

/* '#' is a letter of Z85, too: one key of 85 begins with it. */
static bool
is_comment(struct pk_span text)
{
	unsigned char key[PK_KEY_BYTES];

	return text.ptr[0] == '#' && pk_key_decode(text, key) != 0;
}

struct pk_span
pk_key_file_line(struct pk_span *rest, unsigned *line)
{
	while (rest->ptr != NULL) {
		struct pk_span text = pk_span_trim(pk_span_split(rest, '\n'));
		++*line;
		if (text.len > 0 && !is_comment(text))
			return text;
	}
	return (struct pk_span){ NULL, 0 };
}

static int
read_all(int fd, char *buf)
{
	size_t len = 0;

	while (len < PK_KEY_FILE_MAX) {
		ssize_t n = read(fd, buf + len, PK_KEY_FILE_MAX - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return (int)len;
		len += (size_t)n;
	}
	char one_more;
	return read(fd, &one_more, 1) > 0 ? -E2BIG : (int)len;
}

int
pk_key_file_read(const char *path, char buf[static PK_KEY_FILE_MAX], unsigned *ret_mode,
    struct pk_diag *reterr_diag)
{
	/* not blocking: it might be a FIFO that nobody writes to */
	pk_cleanup(pk_closep) int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		int error = errno;
		return pk_diag_at(reterr_diag, -error, path, 0, "cannot be opened: %s",
		    strerrordesc_np(error));
	}
	if (!S_ISREG(st.st_mode))
		return pk_diag_at(reterr_diag, -EINVAL, path, 0, "is no regular file");
	int len = read_all(fd, buf);
	if (len == -E2BIG)
		return pk_diag_at(reterr_diag, len, path, 0,
		    "is longer than the %d bytes that such a file may have",
		    PK_KEY_FILE_MAX);
	if (len < 0)
		return pk_diag_at(reterr_diag, len, path, 0, "cannot be read: %s",
		    strerrordesc_np(-len));
	if (ret_mode != NULL)
		*ret_mode = st.st_mode & 07777;
	return len;
}

static int
refuse_open_file(
    const char *path, unsigned mode, bool is_credential, struct pk_diag *reterr_diag)
{
	if ((mode & (is_credential ? 007U : 077U)) == 0)
		return 0;
	return pk_diag_at(reterr_diag, -EACCES, path, 0,
	    "others can read or change this secret key (mode %04o); chmod 600 it",
	    mode);
}

/* What is wrong is told without a word of what stands there. */
static int
find_secret(
    const char *path, struct pk_span text, char *ret_key, struct pk_diag *reterr_diag)
{
	unsigned line = 0;
	struct pk_span key = pk_key_file_line(&text, &line);
	unsigned char bytes[PK_KEY_BYTES];

	if (key.ptr == NULL)
		return pk_diag_at(
		    reterr_diag, -EBADMSG, path, 0, "there is no key in it");
	int r = pk_key_decode(key, bytes);
	pk_secret_wipe(bytes, sizeof(bytes));
	if (r < 0)
		return pk_diag_at(reterr_diag, r, path, line,
		    "this is no key: want 40 characters of Z85, as peyk keygen "
		    "writes them");
	if (pk_key_file_line(&text, &line).ptr != NULL)
		return pk_diag_at(reterr_diag, -EBADMSG, path, line,
		    "nothing may stand behind a secret key");
	memcpy(ret_key, key.ptr, PK_KEY_TEXT);
	ret_key[PK_KEY_TEXT] = '\0';
	return 0;
}

int
pk_key_file_secret(const char *path, bool is_credential,
    char ret_key[static PK_KEY_TEXT + 1], struct pk_diag *reterr_diag)
{
	char buf[PK_KEY_FILE_MAX];
	unsigned mode = 0;
	int r = pk_key_file_read(path, buf, &mode, reterr_diag);

	if (r < 0)
		return r;
	struct pk_span text = { buf, (size_t)r };
	r = refuse_open_file(path, mode, is_credential, reterr_diag);
	if (r == 0)
		r = find_secret(path, text, ret_key, reterr_diag);
	pk_secret_wipe(buf, sizeof(buf));
	return r;
}
