/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/names.h"

#include "base/cleanup.h"

#include <assert.h>
#include <pthread.h>

#define SLOTS 2048 /* of each table: a power of two, much more than entries */

/* A name longer than this is none of ours. */
#define NAME_MAX_BYTES 32

/* Classes of one attribute that are looked at. */
#define WORDS_MAX 64

struct name {
	const char *name;
	unsigned value; /* flags, or the tag */
	unsigned properties;
};

enum {
	B = PK_TAG_BLOCK,
	S = PK_TAG_SILENT,
	W = PK_TAG_FURNITURE,
	G = PK_TAG_GUARDED,
	N = PK_TAG_NOTICE
};
static const struct name tag_names[] = {
#define TAG(NAME, name, properties) { name, PK_TAG_##NAME, properties },
#define ALIAS                       TAG
#include "extract/article/tags.def"
#undef ALIAS
#undef TAG
};

#define NEG     PK_HINT_NEG
#define COMMENT PK_HINT_COMMENT
#define SOFT    PK_HINT_SOFT
#define POS     PK_HINT_POS
#define WEAK    PK_HINT_WEAK
#define KICKER  PK_HINT_KICKER
#define LEAD    PK_HINT_LEAD
#define BYLINE  PK_HINT_BYLINE
#define DATE    PK_HINT_DATE
#define TAGS    PK_HINT_TAGS
#define CRUMB   PK_HINT_CRUMB
#define TITLE   PK_HINT_TITLE
#define CLOCK   PK_HINT_CLOCK
#define CAPTION PK_HINT_CAPTION
#define PAYWALL PK_HINT_PAYWALL
#define NOTICE  PK_HINT_NOTICE
#define GALLERY PK_HINT_GALLERY
#define WHOLE   PK_HINT_WHOLE
static const struct name flag_names[] = {
#define FLAG(name, flags) { name, flags, 0 },
#include "extract/article/flags.def"
#undef FLAG
};

struct table {
	const struct name *slots[SLOTS];
};

static struct table tags, flags;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t
hash_of(const char *s, size_t len)
{
	size_t h = 5381;

	for (size_t i = 0; i < len; i++)
		h = h * 33 ^ (unsigned char)s[i];
	return (h ^ h >> 11) % SLOTS;
}

static void
fill(struct table *table, const struct name *names, size_t n)
{
	assert(n * 3 < SLOTS);
	for (size_t i = 0; i < n; i++) {
		size_t at = hash_of(names[i].name, strlen(names[i].name));
		while (table->slots[at] != NULL)
			at = (at + 1) % SLOTS;
		table->slots[at] = &names[i];
	}
}

static void
fill_tables(void)
{
	fill(&tags, tag_names, PK_COUNT(tag_names));
	fill(&flags, flag_names, PK_COUNT(flag_names));
}

static const struct name *
look_up(const struct table *table, const char *s, size_t len)
{
	for (size_t at = hash_of(s, len); table->slots[at] != NULL;
	     at = (at + 1) % SLOTS) {
		const char *name = table->slots[at]->name;
		if (strncmp(name, s, len) == 0 && name[len] == '\0')
			return table->slots[at];
	}
	return NULL;
}

enum pk_tag
pk_tag_of(const char *name, unsigned *ret_properties)
{
	pthread_once(&once, fill_tables);
	size_t len = strnlen(name, NAME_MAX_BYTES);
	const struct name *found = look_up(&tags, name, len);
	if (found != NULL) {
		*ret_properties = found->properties;
		return (enum pk_tag)found->value;
	}
	/* Elements that a site made up (story-body) are displayed as it likes; mostly
	 * they hold blocks. */
	*ret_properties = memchr(name, '-', len) != NULL ? PK_TAG_BLOCK : 0;
	return PK_TAG_OTHER;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || is_upper(c) || (c >= '0' && c <= '9');
}

/* The end of the word that begins at `at`; "storyBody" has a border before the B. */
static size_t
word_end(struct pk_span s, size_t at)
{
	size_t end = at + 1;

	while (end < s.len && is_name_char(s.ptr[end]) &&
	       !(is_upper(s.ptr[end]) && !is_upper(s.ptr[end - 1])))
		end++;
	return end;
}

static unsigned
hints_at(const char *s, size_t len, bool whole)
{
	const struct name *found = look_up(&flags, s, len);

	if (found == NULL || ((found->value & WHOLE) != 0 && !whole))
		return 0;
	return found->value & ~(unsigned)WHOLE;
}

/* One class: its words, neighbouring words together, and all of it together. */
static unsigned
hints_of_class(struct pk_span name)
{
	char joined[NAME_MAX_BYTES];
	size_t len = 0, word = 0, last = 0;
	unsigned found = 0, before = 0;
	bool cut = false; /* the beginning of a long one is gone */

	for (size_t at = 0; at < name.len;) {
		if (!is_name_char(name.ptr[at])) {
			at++;
			continue;
		}
		size_t end = word_end(name, at);
		if (end - at > sizeof(joined) - len) {
			/* "ctl00_ContentPlaceHolder1_lblRoTitr": the last word. */
			before = cut ? before : found;
			cut = true;
			len -= word;
			memmove(joined, joined + word, len);
			last = word = 0;
		}
		if (end - at > sizeof(joined) - len) {
			len = 0;
			at = end;
			continue;
		}
		last = word;
		word = len;
		for (; at < end; at++)
			joined[len++] = pk_ascii_lower(name.ptr[at]);
		found |= hints_at(
		    joined + word, len - word, !cut && word == 0 && at == name.len);
		if (last < word)
			found |= hints_at(joined + last, len - last,
			    !cut && last == 0 && at == name.len);
	}
	/* The end of a program's long name tells of the kicker, and else too little. */
	if (cut)
		return before | (found & PK_HINT_KICKER);
	return found | (last > 0 ? hints_at(joined, len, true) : 0);
}

/*
 * Classes that do not say what an element is: WordPress writes what an article is about
 * into them (category-comments), programs their hooks (js-share), styles what is beside
 * (has-sidebar).
 */
static bool
is_about(struct pk_span name)
{
	static const char *const prefixes[] = { "category-", "tag-", "author-",
		"postid-", "post-tag-", "js-", "has-", "no-", "with-", "without-" };

	for (size_t i = 0; i < PK_COUNT(prefixes); i++) {
		if (pk_span_starts_with(name, pk_span_of(prefixes[i])))
			return true;
	}
	return false;
}

unsigned
pk_hints_of(struct pk_span value)
{
	unsigned found = 0;

	pthread_once(&once, fill_tables);
	for (size_t words = 0; value.ptr != NULL && words < WORDS_MAX; words++) {
		struct pk_span name = pk_span_split(&value, ' ');
		if (name.len > 0 && !is_about(name))
			found |= hints_of_class(name);
	}
	/* «rutitr» is over the title («titr»), not the title. */
	return (found & PK_HINT_KICKER) != 0 ? found & ~(unsigned)PK_HINT_TITLE : found;
}

/* The first and the last bytes of a name tell nearly all names of a page apart. */
static uint64_t
bits_of_name(struct pk_span name)
{
	uint64_t first = 0, last = 0, h;

	if (name.len >= 8) {
		memcpy(&first, name.ptr, 8);
		memcpy(&last, name.ptr + name.len - 8, 8);
	} else {
		for (size_t i = 0; i < name.len; i++)
			first = first << 8 | (unsigned char)name.ptr[i];
	}
	h = (first ^ (last << 32 | last >> 32) ^ name.len) *
	    UINT64_C(0x9E3779B97F4A7C15);
	h ^= h >> 29;
	h *= UINT64_C(0xBF58476D1CE4E5B9);
	return UINT64_C(1) << (h >> 58) | UINT64_C(1) << (h >> 52 & 63) |
	       UINT64_C(1) << (h >> 46 & 63);
}

uint64_t
pk_name_bits(struct pk_span value)
{
	uint64_t bits = 0;

	for (size_t at = 0; at < value.len;) {
		size_t from = at;
		/* Blanks are the only bytes up to ' ' in a page. */
		while (at < value.len && (unsigned char)value.ptr[at] > ' ')
			at++;
		if (at > from)
			bits |= bits_of_name(pk_span_slice(value, from, at));
		while (at < value.len && (unsigned char)value.ptr[at] <= ' ')
			at++;
	}
	return bits;
}
