/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/selector.h"

#include <errno.h>
#include <libxml/tree.h>

enum operator{
	OP_CLASS,
	OP_THERE,
	OP_IS,
	OP_WORD,
	OP_BEGINS,
	OP_ENDS,
	OP_HOLDS,
};

struct test {
	enum operator op;
	const char *name; /* of the attribute */
	struct pk_span value;
};

/* What is asked of one element. */
struct part {
	struct pk_span name; /* of the element; absent: any */
	const struct test *tests;
	size_t n_tests;
	enum pk_tag tag; /* PK_TAG_OTHER where the name must be compared */
	bool child;      /* directly below the part before */
};

struct pk_selector {
	const struct part *parts;
	size_t n;
	uint64_t bits; /* of the names in the last part */
};

/* ---- reading ------------------------------------------------------------------- */

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
read_operator(struct parser *p, enum operator* ret_op)
{
	static const struct {
		char sign;
		enum operator op;
	} signs[] = { { '~', OP_WORD }, { '^', OP_BEGINS }, { '$', OP_ENDS },
		{ '*', OP_HOLDS } };

	*ret_op = OP_IS;
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
read_attribute(struct parser *p, struct test *test)
{
	struct pk_span name;

	skip_blanks(p);
	int r = read_name(p, "want the name of an attribute", &name);
	if (r < 0)
		return r;
	*test = (struct test){ .op = OP_THERE, .name = name.ptr };
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
read_test(struct parser *p, struct test *test)
{
	char sign = p->text.ptr[p->at++];

	if (sign == '[')
		return read_attribute(p, test);
	*test = (struct test){ .op = sign == '.' ? OP_CLASS : OP_IS,
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
read_element(struct parser *p, struct part *part)
{
	char lower[32];
	unsigned unused;

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
	part->tag = pk_tag_of(lower, &unused);
	part->name = pk_arena_copy(p->arena, (struct pk_span){ lower, part->name.len });
	return part->name.ptr == NULL ? -ENOMEM : 0;
}

static int
read_part(struct parser *p, struct part *part)
{
	struct test tests[PK_SELECTOR_TESTS_MAX], *copy;
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

static uint64_t
bits_of(const struct part *part)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < part->n_tests; i++) {
		const struct test *test = &part->tests[i];
		bool named = strcmp(test->name, "class") == 0 ||
			     strcmp(test->name, "id") == 0 ||
			     strcmp(test->name, "itemprop") == 0;
		bool whole =
		    test->op == OP_CLASS || test->op == OP_IS || test->op == OP_WORD;
		if (named && whole)
			bits |= pk_name_bits(test->value);
	}
	return bits;
}

static int
read_selector(struct parser *p, struct pk_selector *selector)
{
	struct part parts[PK_SELECTOR_PARTS_MAX] = { 0 }, *copy;
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
	*selector = (struct pk_selector){ copy, n, bits_of(&parts[n - 1]) };
	return 0;
}

static int
read_list(struct parser *p, struct pk_selectors *list)
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
		list->nameless |= r == 0 && items[list->n].bits == 0;
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
pk_selectors_parse(struct pk_arena *arena, struct pk_span text,
    struct pk_selectors *ret_selectors, size_t *reterr_at, const char **reterr_want)
{
	struct parser p = { .arena = arena, .text = text };
	struct pk_selectors list = { .n = 0 };
	int r = read_list(&p, &list);

	if (r == 0) {
		*ret_selectors = list;
	} else if (r != -ENOMEM) {
		*reterr_at = p.failed_at;
		*reterr_want = p.want;
	}
	return r;
}

/* ---- finding ------------------------------------------------------------------- */

/* NULL where the element has no such attribute. */
static const char *
attribute_of(const xmlNode *xml, const char *name)
{
	for (const xmlAttr *a = xml->properties; a != NULL; a = a->next) {
		if (*(const char *)a->name == *name &&
		    strcmp((const char *)a->name, name) == 0)
			return a->children == NULL || a->children->content == NULL
				   ? ""
				   : (const char *)a->children->content;
	}
	return NULL;
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

static bool
passes(const xmlNode *xml, const struct test *test)
{
	const char *value = attribute_of(xml, test->name);

	if (value == NULL || test->op == OP_THERE)
		return value != NULL;
	struct pk_span s = pk_span_of(value);
	switch (test->op) {
	case OP_THERE:
		return true;
	case OP_IS:
		return pk_span_eq(s, test->value);
	case OP_BEGINS:
		return pk_span_starts_with(s, test->value);
	case OP_ENDS:
		return pk_span_ends_with(s, test->value);
	case OP_HOLDS:
		return pk_span_find(s, test->value, 0) != SIZE_MAX;
	case OP_CLASS:
	case OP_WORD:
		break;
	}
	return has_word(s, test->value);
}

static bool
fits(const struct part *part, const struct pk_node *node)
{
	if (part->name.ptr != NULL &&
	    (part->tag != PK_TAG_OTHER
		    ? part->tag != node->tag
		    : strcmp((const char *)node->xml->name, part->name.ptr) != 0))
		return false;
	for (size_t i = 0; i < part->n_tests; i++) {
		if (!passes(node->xml, &part->tests[i]))
			return false;
	}
	return true;
}

/* The element around it; PK_NO_NODE also when the page has been climbed enough. */
static uint32_t
climb(const struct pk_page *page, uint32_t node)
{
	if (*page->climbs == 0)
		return PK_NO_NODE;
	--*page->climbs;
	return page->nodes.items[node].parent;
}

/*
 * Does the selector find the element? From the last part leftwards and from the element
 * upwards. The nearest element that fits a part leaves the most room above it, so only
 * the last step over a blank is ever taken again.
 */
static bool
finds(const struct pk_selector *selector, const struct pk_page *page, uint32_t node)
{
	const struct pk_node *nodes = page->nodes.items;
	const struct part *parts = selector->parts;
	uint32_t at = node, again_at = PK_NO_NODE;
	size_t i = selector->n - 1, again = 0;

	if (!fits(&parts[i], &nodes[node]))
		return false;
	while (i > 0) {
		at = climb(page, at);
		if (parts[i].child && at != PK_NO_NODE &&
		    fits(&parts[i - 1], &nodes[at])) {
			i--;
			continue;
		}
		if (parts[i].child) {
			if (again_at == PK_NO_NODE)
				return false;
			i = again;
			at = climb(page, again_at);
		}
		while (at != PK_NO_NODE && !fits(&parts[i - 1], &nodes[at]))
			at = climb(page, at);
		if (at == PK_NO_NODE)
			return false;
		again = i--;
		again_at = at;
	}
	return true;
}

static bool
any_finds(const struct pk_selectors *list, const struct pk_page *page, uint64_t bits,
    uint32_t node)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct pk_selector *s = &list->items[i];
		if ((bits & s->bits) == s->bits && finds(s, page, node))
			return true;
	}
	return false;
}

/* Only elements with names can be meant, unless a selector asks for none. */
uint32_t
pk_selectors_next(
    const struct pk_selectors *list, const struct pk_page *page, size_t *cursor)
{
	while (!list->nameless && *cursor < page->named.len) {
		const struct pk_named_node *named = &page->named.items[(*cursor)++];
		if (any_finds(list, page, named->bits, named->node))
			return named->node;
	}
	while (list->nameless && *cursor < page->nodes.len) {
		uint32_t node = (uint32_t)(*cursor)++;
		if (any_finds(list, page, UINT64_MAX, node))
			return node;
	}
	return PK_NO_NODE;
}
