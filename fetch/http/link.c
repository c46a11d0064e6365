/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/link.h"

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Cuts off what stands before one of these letters, or all. */
static struct pk_span
cut_before(struct pk_span *rest, const char *set)
{
	size_t at = 0;

	while (at < rest->len && !is_one_of(rest->ptr[at], set))
		at++;
	struct pk_span part = pk_span_slice(*rest, 0, at);
	*rest = pk_span_slice(*rest, at, rest->len);
	return part;
}

static void
skip(struct pk_span *rest, size_t n)
{
	*rest = pk_span_slice(*rest, n, rest->len);
}

static void
skip_all(struct pk_span *rest, const char *set)
{
	while (rest->len > 0 && is_one_of(rest->ptr[0], set))
		skip(rest, 1);
}

/* Text in quotes, without them; a backslash stays with what it protects. */
static struct pk_span
cut_quoted(struct pk_span *rest)
{
	size_t at = 1;

	while (at < rest->len && rest->ptr[at] != '"')
		at += rest->ptr[at] == '\\' ? 2 : 1;
	struct pk_span text = pk_span_slice(*rest, 1, at);
	skip(rest, at + 1);
	return text;
}

static void
read_parameter(struct pk_span *rest, struct pk_link *link)
{
	struct pk_span name = pk_span_trim(cut_before(rest, "=;,"));
	struct pk_span value = { NULL, 0 };

	if (rest->len > 0 && rest->ptr[0] == '=') {
		skip(rest, 1);
		skip_all(rest, " \t");
		value = rest->len > 0 && rest->ptr[0] == '"'
			    ? cut_quoted(rest)
			    : pk_span_trim(cut_before(rest, ";,"));
	}
	if (pk_span_eq_nocase(name, PK_SPAN("rel")) && link->rel.ptr == NULL)
		link->rel = value;
	link->anchored = link->anchored || pk_span_eq_nocase(name, PK_SPAN("anchor"));
}

/* To the comma that ends what is no link. */
static void
skip_noise(struct pk_span *rest)
{
	while (rest->len > 0 && rest->ptr[0] != ',') {
		if (rest->ptr[0] == '"')
			cut_quoted(rest);
		else
			skip(rest, 1);
	}
}

bool
pk_link_next(struct pk_span *rest, struct pk_link *ret_link)
{
	struct pk_link link = { 0 };

	for (;;) {
		skip_all(rest, " \t,");
		if (rest->len == 0)
			return false;
		if (rest->ptr[0] == '<')
			break;
		skip_noise(rest);
	}
	skip(rest, 1);
	link.target = pk_span_trim(cut_before(rest, ">"));
	if (rest->len == 0) /* and nothing behind it can be a link either */
		return false;
	skip(rest, 1);
	for (;;) {
		skip_all(rest, " \t");
		if (rest->len == 0 || rest->ptr[0] == ',')
			break;
		if (rest->ptr[0] == ';')
			skip(rest, 1);
		else
			cut_before(rest, ";,");
		skip_all(rest, " \t");
		if (rest->len > 0 && rest->ptr[0] != ',' && rest->ptr[0] != ';')
			read_parameter(rest, &link);
	}
	*ret_link = link;
	return true;
}

bool
pk_link_is(const struct pk_link *link, struct pk_span relation)
{
	struct pk_span rest = link->rel;

	while (!link->anchored && rest.ptr != NULL)
		if (pk_span_eq_nocase(
			pk_span_trim(pk_span_split(&rest, ' ')), relation))
			return true;
	return false;
}
