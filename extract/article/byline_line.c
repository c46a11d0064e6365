/* SPDX-License-Identifier: Apache-2.0 */
/* Names in a line of text: what stands before them, and what follows. */
#include "base/cleanup.h"
#include "base/date_words.h"
#include "base/utf8.h"
#include "extract/article/byline.h"
#include "extract/article/line.h"

#include <pthread.h>

#define BYLINE_MAX 160 /* code points: several authors of a paper */
#define WORDS_MAX  14

/* So many words stand between "Posted" and "by". */
#define VERB_REACH 12
#define NOUN_REACH 2 /* "A column by" */

enum class {
	MARKER = 1,   /* the name follows: "by" */
	LABEL = 2,    /* "author": the name follows, if it looks like one */
	VERB = 4,     /* "posted": a name follows only behind a colon or a marker */
	NOUN = 8,     /* "text": so, too, or it is the beginning of a name */
	PICTURE = 16, /* "source:", before a colon: not who wrote it */
	PHOTO = 32,   /* "photo": who took the picture, whatever follows */
	TAIL = 64,    /* at the end of a line it belongs to what was cut off */
};

/* clang-format off */
static const struct word_list {
	enum class class;
	const char *words;
} lists[] = {
	{ MARKER,
	  "by von vom par por di da door av af przez od de от від yazan از شده توسط بقلم قلم بواسطة "
	  "کتب كتب نوشتۀ نوشتهٔ" },
	{ LABEL,
	  "author authors autor autorin autoren autores autora auteur auteure auteurs autore "
	  "autori autrice writer reporter verfasser contributor contributors автор авторы автори "
	  "yazar muhabir نویسنده نویسندگان خبرنگار خبرنگاران گزارشگر گزارشگران نگارنده نوشته "
	  "کاتب الكاتب الکاتب المؤلف المحرر مراسل" },
	{ VERB,
	  "written posted published reported geschrieben erstellt veröffentlicht verfasst "
	  "gespeichert eingestellt publiziert gepostet publié posté rédigé écrit proposé escrito "
	  "publicado scritto pubblicato postato geplaatst geschreven gepubliceerd submitted created "
	  "edited updated last added modified view zeige zeigt show see alle alles all more mehr "
	  "aktualisiert gönderen опубликовано опубліковано опубликовал نوشته‌شده فرستاده ارسال stand" },
	{ NOUN,
	  "story words text texts texte texto testo interview article artikel artículo beitrag blog "
	  "blogbeitrag gastbeitrag kolumne kommentar reportage report redaktion redacción "
	  "pressemitteilung gespräch текст материал گزارش تحریر تنظیم مصاحبه گفتگو گفت‌وگو تحرير تقرير "
	  "إعداد اعداد به eine ein une un una" },
	{ PICTURE,
	  "bild bilder image images credit illustration quelle source video منبع کد المصدر "
	  "источник comments share follow subscribe" },
	{ PHOTO,
	  "foto fotos photo photos photograph photographs фото снимка снимки عکس عکاس تصویر تصوير "
	  "صورة" },
	{ TAIL,
	  "am um on at in le el il la em op dnia den and und published updated posted "
	  "veröffentlicht aktualisiert publicado publié actualizado alle artikel beiträge shares "
	  "share uhr в у follow says sagt در تاریخ ساعت -" },
};
/* clang-format on */

/* ---- words -------------------------------------------------------------------- */

#define SLOTS   1024
#define KEY_MAX 32 /* bytes of a folded word */

static struct slot {
	char key[KEY_MAX];
	unsigned classes;
} slots[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The word as it counts in comparisons. Returns its length, 0 for a longer one. */
static size_t
fold_word(struct pk_span word, char ret_key[static KEY_MAX])
{
	size_t len = 0;

	for (size_t at = 0; at < word.len;) {
		uint32_t point;
		at += pk_utf8_decode(word, at, &point, NULL);
		point = pk_line_fold(point);
		if (point == 0)
			continue;
		if (len + 5 > KEY_MAX)
			return 0;
		len += pk_utf8_encode(point, ret_key + len);
	}
	ret_key[len] = '\0';
	return len;
}

static struct slot *
slot_of(const char *key, size_t len)
{
	size_t at = pk_span_hash((struct pk_span){ key, len }) % SLOTS;

	while (slots[at].classes != 0 && strcmp(slots[at].key, key) != 0)
		at = (at + 1) % SLOTS;
	return &slots[at];
}

static void
fill(void)
{
	for (size_t i = 0; i < PK_COUNT(lists); i++) {
		struct pk_span rest = pk_span_of(lists[i].words);
		while (rest.ptr != NULL) {
			char key[KEY_MAX];
			size_t len = fold_word(pk_span_split(&rest, ' '), key);
			struct slot *slot = slot_of(key, len);
			if (len > 0)
				memcpy(slot->key, key, len + 1);
			slot->classes |= len > 0 ? lists[i].class : 0;
		}
	}
}

static unsigned
classes_of(struct pk_span word)
{
	char key[KEY_MAX];

	pthread_once(&once, fill);
	size_t len = fold_word(word, key);
	return len == 0 ? 0 : slot_of(key, len)->classes;
}

/* ---- names -------------------------------------------------------------------- */

struct word {
	size_t start; /* in the line */
	size_t end;
};

/* The next run of letters, digits and what ties them, from `at` on. */
static bool
next_word(struct pk_span s, size_t at, struct word *ret_word)
{
	bool inside = false;

	while (at < s.len) {
		uint32_t point;
		size_t n = pk_utf8_decode(s, at, &point, NULL);
		bool ties = inside && (point == '\'' || point == 0x2019 ||
					  point == 0x200C || point == '.');
		if (pk_line_is_word(point) || ties) {
			if (!inside)
				ret_word->start = at;
			inside = true;
			ret_word->end = at + n;
		} else if (inside) {
			break;
		}
		at += n;
	}
	return inside;
}

static struct pk_span
span_of(struct pk_span s, struct word word)
{
	struct pk_span text = pk_span_slice(s, word.start, word.end);

	while (text.len > 0 && text.ptr[text.len - 1] == '.')
		text.len--;
	return text;
}

static bool
has_colon(struct pk_span s, size_t at)
{
	while (at < s.len && s.ptr[at] == ' ')
		at++;
	return at < s.len && s.ptr[at] == ':';
}

/*
 * Behind a verb or a noun: where the name begins, or SIZE_MAX where none follows within
 * `reach` words.
 */
static size_t
behind_verb(struct pk_span s, struct word verb, unsigned reach)
{
	struct word word = verb;

	if (has_colon(s, verb.end))
		return verb.end;
	for (unsigned i = 0; i < reach && next_word(s, word.end, &word); i++) {
		unsigned class = classes_of(span_of(s, word));
		if ((class & (MARKER | LABEL)) != 0)
			return word.end;
		if (has_colon(s, word.end) && (class & (VERB | NOUN)) != 0)
			return word.end;
	}
	return SIZE_MAX;
}

/* Does a name seem to begin there: with a capital, or in a script without them? */
static bool
looks_like_name(struct pk_span s, size_t at)
{
	struct word word = { at, at };
	uint32_t point;

	if (!next_word(s, at, &word))
		return false;
	pk_utf8_decode(s, word.start, &point, NULL);
	bool small = (point >= 'a' && point <= 'z') ||
		     (point >= 0xDF && point <= 0xFF) ||
		     (point >= 0x430 && point <= 0x45F);
	return !small || has_colon(s, at) ||
	       (classes_of(span_of(s, word)) & (MARKER | LABEL)) != 0;
}

/* Where the name begins in a line; its length where the line has none. */
static size_t
start_of_name(struct pk_span s, bool *ret_said)
{
	struct word word = { 0, 0 };
	size_t start = 0;

	*ret_said = false;
	while (next_word(s, start, &word)) {
		struct pk_span text = span_of(s, word);
		unsigned class = classes_of(text);
		if ((class & PHOTO) != 0 && start == 0)
			return s.len;
		if ((class & PICTURE) != 0 && start == 0 &&
		    (has_colon(s, word.end) || behind_verb(s, word, 1) != SIZE_MAX))
			return s.len;
		bool marker = (class & MARKER) != 0 && word.start - start < 3;
		/* "Di" and "De" are names, too, where they have a capital. */
		if (marker && text.len == 2 && text.ptr[0] == 'D' && !*ret_said)
			marker = pk_span_eq(text, PK_SPAN("Di"));
		bool label = (class & LABEL) != 0 && looks_like_name(s, word.end);
		if (marker || label) {
			start = word.end;
			*ret_said = true;
			continue;
		}
		if (start > 0 || (class & (VERB | NOUN)) == 0)
			return start;
		bool verb = (class & VERB) != 0;
		size_t behind = behind_verb(s, word, verb ? VERB_REACH : NOUN_REACH);
		if (behind == SIZE_MAX)
			return verb ? s.len : start;
		*ret_said = true;
		start = behind;
	}
	return start == 0 ? 0 : s.len;
}

/* Does a number, an address or a sign begin at `at` that no name goes over? */
static bool
ends_name(struct pk_span s, size_t at)
{
	uint32_t point;
	size_t n = pk_utf8_decode(s, at, &point, NULL);

	if (point == '|' || point == '\n' || point == 0x2022 || point == 0xB7 ||
	    point == '[' || point == '@' || point == '<' || point == 0x25CF)
		return true;
	bool first = at == 0 || s.ptr[at - 1] == ' ' || s.ptr[at - 1] == '(' ||
		     s.ptr[at - 1] == ',';
	struct pk_span rest = pk_span_slice(s, at, s.len);
	if (first && (pk_span_starts_with(rest, PK_SPAN("http")) ||
			 pk_span_starts_with(rest, PK_SPAN("www."))))
		return true;
	/* " - " and " — " part it from what the author is. */
	if ((point == '-' || point == 0x2013 || point == 0x2014) && first &&
	    at + n < s.len && s.ptr[at + n] == ' ')
		return true;
	uint32_t folded = pk_line_fold(point);
	return first && folded >= '0' && folded <= '9';
}

/* The last word, where it may not end a name; `dated`: a number was cut off. */
static bool
take_tail(struct pk_span *name, bool dated)
{
	struct word word = { 0, 0 }, last = { 0, 0 };
	char folded[PK_DATE_FOLDED_MAX];
	bool jalali;

	while (next_word(*name, word.end, &word))
		last = word;
	struct pk_span text = span_of(*name, last);
	bool tail = (classes_of(text) & TAIL) != 0 && last.start > 0;
	int n = dated && !tail ? pk_date_fold(text, folded) : -1;
	if (n > 0) {
		struct pk_span key = { folded, (size_t)n };
		tail =
		    pk_date_word_month(key, &jalali) != 0 || pk_date_word_is_idle(key);
	}
	if (!tail)
		return false;
	*name = pk_line_trim(pk_span_slice(*name, 0, last.start));
	return true;
}

static struct pk_span
without_signs(struct pk_span name)
{
	name = pk_line_trim(name);
	while (name.len > 0 && strchr(",;:-/(&", name.ptr[name.len - 1]) != NULL)
		name = pk_line_trim(pk_span_slice(name, 0, name.len - 1));
	while (name.len > 0 && strchr(",;:-/)(", name.ptr[0]) != NULL)
		name = pk_line_trim(pk_span_slice(name, 1, name.len));
	return name;
}

/* "Jane Doe, photos: John Doe", "Jane Doe   Illustration by John Doe". */
static struct pk_span
without_credits(struct pk_span name)
{
	struct word word = { 0, 0 };

	while (next_word(name, word.end, &word)) {
		if (word.start > 0 &&
		    (classes_of(span_of(name, word)) &
			(PICTURE | PHOTO | NOUN | VERB)) != 0 &&
		    behind_verb(name, word, 1) != SIZE_MAX)
			return pk_span_slice(name, 0, word.start);
	}
	return name;
}

struct pk_span
pk_byline_clean(struct pk_span line)
{
	const struct pk_span none = { NULL, 0 };
	bool said, dated = false;
	struct word word = { 0, 0 };
	unsigned words = 0;

	line = pk_line_trim(line);
	struct pk_span name =
	    without_signs(pk_span_slice(line, start_of_name(line, &said), line.len));
	for (size_t at = 0; at < name.len;) {
		uint32_t point;
		size_t n = pk_utf8_decode(name, at, &point, NULL);
		if (at > 0 && ends_name(name, at)) {
			uint32_t folded = pk_line_fold(point);
			dated = folded >= '0' && folded <= '9';
			name = pk_span_slice(name, 0, at);
		}
		/* A word with an address goes altogether. */
		if (point != ' ' && at + n < name.len && name.ptr[at + n] == '@') {
			while (at > 0 && name.ptr[at - 1] != ' ')
				at--;
			name = pk_span_slice(name, 0, at);
		}
		at += n;
	}
	name = without_credits(name);
	do {
		name = without_signs(name);
	} while (name.len > 0 && take_tail(&name, dated));
	while (next_word(name, word.end, &word))
		words++;
	bool address = pk_span_find(name, PK_SPAN("://"), 0) != SIZE_MAX ||
		       pk_span_find(name, PK_SPAN("www."), 0) != SIZE_MAX;
	if (address || pk_utf8_count(name) > BYLINE_MAX || !pk_line_has_letter(name) ||
	    words > (said ? 2 * WORDS_MAX : WORDS_MAX) || name.ptr[0] == '@' ||
	    pk_span_starts_with(name, PK_SPAN("©")) || pk_byline_is_label(name))
		return none;
	return name;
}

bool
pk_byline_is_label(struct pk_span line)
{
	struct word word = { 0, 0 }, next;

	return next_word(line, 0, &word) && !next_word(line, word.end, &next) &&
	       (classes_of(span_of(line, word)) & LABEL) != 0;
}

struct pk_span
pk_byline_of_photographer(struct pk_span line)
{
	static const char *const labels[] = { "عکاس", "عکاسان", "photographer",
		"fotograf", "fotografin", "photographe", "fotógrafo", "фотограф" };
	struct word word;

	if (!next_word(line, 0, &word) || !has_colon(line, word.end))
		return (struct pk_span){ NULL, 0 };
	for (size_t i = 0; i < PK_COUNT(labels); i++) {
		if (pk_line_same(span_of(line, word), pk_span_of(labels[i])))
			return pk_byline_clean(pk_span_slice(line, word.end, line.len));
	}
	return (struct pk_span){ NULL, 0 };
}

bool
pk_byline_is_line(struct pk_span line)
{
	bool said;

	line = pk_line_trim(line);
	size_t start = start_of_name(line, &said);
	return said && start < line.len && looks_like_name(line, start);
}
