/* SPDX-License-Identifier: Apache-2.0 */
#include "base/selector.h"

#include <errno.h>

struct parser {
	struct pk_arena *arena;
	struct pk_span text;
	size_t at;
	size_t failed_at;
	const char *want;
};

static int
fail(struct parser *p, int error, const char *want)
{
	p->failed_at = p->at;
	p->want = want;
	return error;
}

static char
peek(const struct parser *p)
{
	return p->at < p->text.len ? p->text.ptr[p->at] : '\0';
}

static bool
skip_blanks(struct parser *p)
{
	size_t from = p->at;

	while (pk_ascii_is_blank(peek(p)))
		p->at++;
	return p->at > from;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* Reads a name into the arena, followed by a NUL. */
static int
read_name(struct parser *p, const char *want, struct pk_span *ret_name)
{
	size_t from = p->at;

	while (is_name_char(peek(p)))
		p->at++;
	if (p->at == from)
		return fail(p, -EBADMSG, want);
	*ret_name = pk_arena_copy(p->arena, pk_span_slice(p->text, from, p->at));
	return ret_name->ptr == NULL ? -ENOMEM : 0;
}

/* After the sign before '=', if there is one. */
static int
read_operator(struct parser *p, enum pk_selector_op *ret_op)
{
	static const struct {
		char sign;
		enum pk_selector_op op;
	} signs[] = { { '~', PK_SELECTOR_WORD }, { '^', PK_SELECTOR_BEGINS },
		{ '$', PK_SELECTOR_ENDS }, { '*', PK_SELECTOR_HOLDS } };

	*ret_op = PK_SELECTOR_IS;
	for (size_t i = 0; i < PK_COUNT(signs); i++) {
		if (peek(p) == signs[i].sign) {
			*ret_op = signs[i].op;
			p->at++;
			break;
		}
	}
	if (peek(p) != '=')
		return fail(p, -EBADMSG, "want ], =, ~=, ^=, $= or *=");
	p->at++;
	return 0;
}

static int
read_value(struct parser *p, struct pk_span *ret_value)
{
	char quote = peek(p);
	size_t from = p->at;

	if (quote == '"' || quote == '\'') {
		from = ++p->at;
		while (p->at < p->text.len && peek(p) != quote)
			p->at++;
		if (p->at == p->text.len)
			return fail(p, -EBADMSG, "want the quote that ends the value");
		*ret_value = pk_span_slice(p->text, from, p->at++);
	} else {
		while (p->at < p->text.len && peek(p) != ']' &&
		       !pk_ascii_is_blank(peek(p)))
			p->at++;
		*ret_value = pk_span_slice(p->text, from, p->at);
	}
	if (ret_value->len == 0) {
		p->at = from;
		return fail(p, -EBADMSG, "want a value");
	}
	*ret_value = pk_arena_copy(p->arena, *ret_value);
	return ret_value->ptr == NULL ? -ENOMEM : 0;
}

/* [name], [name=value]; behind the bracket. */
static int
read_attribute(struct parser *p, struct pk_selector_test *test)
{
	struct pk_span name;

	skip_blanks(p);
	int r = read_name(p, "want the name of an attribute", &name);
	if (r < 0)
		return r;
	*test = (struct pk_selector_test){ .op = PK_SELECTOR_THERE, .name = name.ptr };
	skip_blanks(p);
	if (peek(p) != ']') {
		r = read_operator(p, &test->op);
		skip_blanks(p);
		if (r == 0)
			r = read_value(p, &test->value);
		skip_blanks(p);
		if (r < 0)
			return r;
	}
	if (peek(p) != ']')
		return fail(p, -EBADMSG, "want ]");
	p->at++;
	return 0;
}

/* One of .class, #id, [attribute]. */
static int
read_test(struct parser *p, struct pk_selector_test *test)
{
	char sign = p->text.ptr[p->at++];

	if (sign == '[')
		return read_attribute(p, test);
	*test = (struct pk_selector_test){ .op = sign == '.' ? PK_SELECTOR_CLASS
							     : PK_SELECTOR_IS,
		.name = sign == '.' ? "class" : "id" };
	return read_name(p,
	    sign == '.' ? "want the name of a class after '.'" : "want an id after '#'",
	    &test->value);
}

static bool
begins_test(char c)
{
	return c == '.' || c == '#' || c == '[';
}

static int
read_element(struct parser *p, struct pk_selector_part *part)
{
	char lower[32];

	if (peek(p) == '*') {
		p->at++;
		return 0;
	}
	int r = read_name(
	    p, "want the name of an element, .class, #id or [attribute]", &part->name);
	if (r < 0)
		return r;
	if (part->name.len >= sizeof(lower))
		return fail(p, -E2BIG, "the name of an element has at most 31 letters");
	for (size_t i = 0; i <= part->name.len; i++)
		lower[i] = pk_ascii_lower(part->name.ptr[i]);
	part->name = pk_arena_copy(p->arena, (struct pk_span){ lower, part->name.len });
	return part->name.ptr == NULL ? -ENOMEM : 0;
}

static int
read_part(struct parser *p, struct pk_selector_part *part)
{
	struct pk_selector_test tests[PK_SELECTOR_TESTS_MAX], *copy;
	int r = begins_test(peek(p)) ? 0 : read_element(p, part);

	while (r == 0 && begins_test(peek(p))) {
		if (part->n_tests == PK_COUNT(tests))
			return fail(p, -E2BIG,
			    "too many classes and attributes of one element");
		r = read_test(p, &tests[part->n_tests++]);
	}
	if (r < 0 || part->n_tests == 0)
		return r;
	copy = pk_arena_calloc(p->arena, part->n_tests, sizeof(*copy));
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, tests, part->n_tests * sizeof(*copy));
	part->tests = copy;
	return 0;
}

/* What stands between two elements of a selector; *ret_more: another one follows. */
static int
read_border(struct parser *p, bool *ret_child, bool *ret_more)
{
	bool blank = skip_blanks(p);
	char c = peek(p);

	*ret_child = c == '>';
	*ret_more = true;
	if (c == '>') {
		p->at++;
		skip_blanks(p);
		return 0;
	}
	if (p->at == p->text.len || c == ',') {
		*ret_more = false;
		return 0;
	}
	if (c == ':')
		return fail(p, -EBADMSG,
		    "there are no pseudo-classes; want a tag, .class, "
		    "#id, [attribute], blank, > or comma");
	if (c == '+' || c == '~')
		return fail(p, -EBADMSG,
		    "there are no neighbours; want a blank (somewhere "
		    "below) or > (directly below)");
	return blank ? 0
		     : fail(p, -EBADMSG,
			   "want .class, #id, [attribute], blank, > or comma");
}

static int
read_selector(struct parser *p, struct pk_selector *selector)
{
	struct pk_selector_part parts[PK_SELECTOR_PARTS_MAX] = { 0 }, *copy;
	bool more = true, child = false;
	size_t n = 0;
	int r = 0;

	while (r == 0 && more) {
		if (n == PK_COUNT(parts))
			return fail(p, -E2BIG, "too many elements in one selector");
		parts[n].child = child;
		r = read_part(p, &parts[n++]);
		if (r == 0)
			r = read_border(p, &child, &more);
	}
	if (r < 0)
		return r;
	copy = pk_arena_calloc(p->arena, n, sizeof(*copy));
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, parts, n * sizeof(*copy));
	*selector = (struct pk_selector){ copy, n };
	return 0;
}

static int
read_list(struct parser *p, struct pk_selector_list *list)
{
	struct pk_selector items[PK_SELECTORS_MAX], *copy;
	bool more = true;
	int r = 0;

	if (p->text.len > PK_SELECTOR_BYTES_MAX) {
		p->at = PK_SELECTOR_BYTES_MAX;
		return fail(p, -E2BIG, "more than 500 bytes of selectors");
	}
	while (r == 0 && more) {
		if (list->n == PK_COUNT(items))
			return fail(p, -E2BIG, "too many selectors");
		skip_blanks(p);
		r = read_selector(p, &items[list->n]);
		list->n++;
		more = peek(p) == ',';
		p->at += more;
	}
	if (r < 0)
		return r;
	copy = pk_arena_calloc(p->arena, list->n, sizeof(*copy));
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, items, list->n * sizeof(*copy));
	list->items = copy;
	return 0;
}

int
pk_selector_parse(struct pk_arena *arena, struct pk_span text,
    struct pk_selector_list *ret_list, size_t *reterr_at, const char **reterr_want)
{
	struct parser p = { .arena = arena, .text = text };
	struct pk_selector_list list = { .n = 0 };
	int r = read_list(&p, &list);

	if (r == 0) {
		*ret_list = list;
	} else if (r != -ENOMEM) {
		*reterr_at = p.failed_at;
		*reterr_want = p.want;
	}
	return r;
}

static bool
has_word(struct pk_span list, struct pk_span word)
{
	size_t at = pk_span_find(list, word, 0);

	for (; at != SIZE_MAX; at = pk_span_find(list, word, at + 1)) {
		size_t end = at + word.len;
		if ((at == 0 || pk_ascii_is_blank(list.ptr[at - 1])) &&
		    (end == list.len || pk_ascii_is_blank(list.ptr[end])))
			return true;
	}
	return false;
}

bool
pk_selector_passes(const struct pk_selector_test *test, struct pk_span value)
{
	switch (test->op) {
	case PK_SELECTOR_THERE:
		return true;
	case PK_SELECTOR_IS:
		return pk_span_eq(value, test->value);
	case PK_SELECTOR_BEGINS:
		return pk_span_starts_with(value, test->value);
	case PK_SELECTOR_ENDS:
		return pk_span_ends_with(value, test->value);
	case PK_SELECTOR_HOLDS:
		return pk_span_find(value, test->value, 0) != SIZE_MAX;
	case PK_SELECTOR_CLASS:
	case PK_SELECTOR_WORD:
		break;
	}
	return has_word(value, test->value);
}
