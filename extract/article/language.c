/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/language.h"

#include "base/cleanup.h"
#include "base/utf8.h"

#include <assert.h>
#include <pthread.h>

/* So much of a text decides: bytes. */
#define LOOK_MAX 4096

#define WORD_MAX 24

/* Slots for the words and letters of all languages; about one in four is taken. */
#define SIGNS 2048

/*
 * Points of the language that a text is in, where it is told by more than a few words,
 * and how many times those of the language that the page names: German with an English
 * template.
 */
#define SURE   120
#define OTHERS 4

/* Bytes of a text for one point at most, where the language is sure: that of words
 * which are in no language ("Lorem ipsum") has a point here and there. */
#define THIN 12

enum script {
	SCRIPT_NONE,
	SCRIPT_ARABIC,
	SCRIPT_CYRILLIC,
	SCRIPT_LATIN,
	SCRIPT_HEBREW,
	SCRIPT_GREEK,
	SCRIPT_HAN,
	SCRIPT_KANA,
	SCRIPT_HANGUL,
	SCRIPT_DEVANAGARI,
	SCRIPT_THAI,
	SCRIPTS
};

/* clang-format off */
static const struct script_range {
	uint32_t first, last;
	enum script script;
} ranges[] = {
	{ 'A', 'Z', SCRIPT_LATIN },           { 'a', 'z', SCRIPT_LATIN },
	{ 0xC0, 0x24F, SCRIPT_LATIN },        { 0x370, 0x3FF, SCRIPT_GREEK },
	{ 0x400, 0x52F, SCRIPT_CYRILLIC },    { 0x590, 0x5FF, SCRIPT_HEBREW },
	{ 0x620, 0x64A, SCRIPT_ARABIC },      { 0x66E, 0x6D3, SCRIPT_ARABIC },
	{ 0x900, 0x97F, SCRIPT_DEVANAGARI },  { 0xE00, 0xE7F, SCRIPT_THAI },
	{ 0x1E00, 0x1EFF, SCRIPT_LATIN },     { 0x3040, 0x30FF, SCRIPT_KANA },
	{ 0x4E00, 0x9FFF, SCRIPT_HAN },       { 0xAC00, 0xD7A3, SCRIPT_HANGUL },
};

/* Letters that only some languages of a script have, and their commonest words. */
static const struct language {
	const char *code;
	enum script script;
	const char *letters;
	const char *words;
} languages[] = {
	{ "fa", SCRIPT_ARABIC, "پچژگ", " از که را این به در و است با برای آن می کرد شد خود بود ما گفت " },
	{ "ar", SCRIPT_ARABIC, "ةىإ", " من في على إلى أن هذا التي الذي عن مع ما لا ذلك بعد كان " },
	{ "ur", SCRIPT_ARABIC, "ٹڈڑےںہھ", " کے کی میں ہے اور سے نے کا کو پر " },
	{ "ps", SCRIPT_ARABIC, "ښړټډځڼېۍ", " د په چې او کې ته له " },
	{ "ckb", SCRIPT_ARABIC, "ێۆڵڕە", " لە بە بۆ کە ئەو " },
	{ "ru", SCRIPT_CYRILLIC, "ыэё", " и в не на что с по как его это к из у за от для о " },
	{ "uk", SCRIPT_CYRILLIC, "іїєґ", " і в не на що з та у до за як це від про " },
	{ "bg", SCRIPT_CYRILLIC, "ъ", " и в не на че с за се от да е са като по " },
	{ "kk", SCRIPT_CYRILLIC, "әғқңөұүһ", " мен және бір үшін деп " },
	{ "sr", SCRIPT_CYRILLIC, "ђћџљњј", " и у не на да је се од за са " },
	{ "en", SCRIPT_LATIN, "", " the of and to in is that for it was on with as are by this " },
	{ "de", SCRIPT_LATIN, "äöüß", " der die und das den nicht ist ein eine mit von zu sich auf für im " },
	{ "fr", SCRIPT_LATIN, "çêœ", " le la les des et est une du que dans pour qui sur pas au en " },
	{ "es", SCRIPT_LATIN, "ñ", " el la los las de que y en un una por con para se del es " },
	{ "it", SCRIPT_LATIN, "", " il di che la e per un del della non con sono le gli una " },
	{ "pt", SCRIPT_LATIN, "ãõ", " o que de e do da em um uma para com não os as no na " },
	{ "nl", SCRIPT_LATIN, "", " de het een van en in is dat op te zijn voor met niet " },
	{ "sv", SCRIPT_LATIN, "å", " och att det i som en på är av för med till den inte " },
	{ "pl", SCRIPT_LATIN, "ąęłśżźć", " w i na z się nie to jest do że " },
	{ "tr", SCRIPT_LATIN, "ğşı", " ve bir bu da de için ile olarak olan " },
	{ "id", SCRIPT_LATIN, "", " yang dan di ini dengan untuk dari pada dalam tidak " },
	{ "he", SCRIPT_HEBREW, "", "" },
	{ "el", SCRIPT_GREEK, "", "" },
	{ "zh", SCRIPT_HAN, "", "" },
	{ "ja", SCRIPT_KANA, "", "" },
	{ "ko", SCRIPT_HANGUL, "", "" },
	{ "hi", SCRIPT_DEVANAGARI, "", "" },
	{ "th", SCRIPT_THAI, "", "" },
};
/* clang-format on */

static enum script
script_of(uint32_t point)
{
	/* Most pages are in Latin letters, and most of all are blanks and signs. */
	if (point < 0x80)
		return (point | 32) >= 'a' && (point | 32) <= 'z' ? SCRIPT_LATIN
								  : SCRIPT_NONE;
	for (size_t i = 2; i < PK_COUNT(ranges); i++) {
		if (point >= ranges[i].first && point <= ranges[i].last)
			return ranges[i].script;
	}
	return SCRIPT_NONE;
}

/* The script of most letters. A little kana makes Japanese of many Han characters. */
static enum script
main_script(struct pk_span text)
{
	size_t counts[SCRIPTS] = { 0 };
	enum script most = SCRIPT_NONE;

	for (size_t at = 0; at < text.len;) {
		uint32_t point = (unsigned char)text.ptr[at];
		at += point < 0x80 ? 1 : pk_utf8_decode(text, at, &point, NULL);
		counts[script_of(point)]++;
	}
	counts[SCRIPT_NONE] = 0;
	if (counts[SCRIPT_KANA] * 10 > counts[SCRIPT_HAN])
		counts[SCRIPT_KANA] += counts[SCRIPT_HAN];
	for (enum script s = SCRIPT_ARABIC; s < SCRIPTS; s++) {
		if (counts[s] > counts[most])
			most = s;
	}
	return most;
}

/* ---- words and letters ---------------------------------------------------------- */

/* A word or a letter, and whose it is: bit i is languages[i]. */
struct sign {
	char text[WORD_MAX];
	unsigned char len; /* 0: a free slot */
	uint32_t whose;
};

static struct sign signs[SIGNS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t
slot_of(struct pk_span s)
{
	size_t hash = s.len;

	for (size_t i = 0; i < s.len; i++)
		hash = hash * 31 + (unsigned char)s.ptr[i];
	hash %= SIGNS;
	while (signs[hash].len > 0 && (signs[hash].len != s.len ||
					  memcmp(signs[hash].text, s.ptr, s.len) != 0))
		hash = (hash + 1) % SIGNS;
	return hash;
}

static void
learn(struct pk_span s, size_t language)
{
	struct sign *sign = &signs[slot_of(s)];

	assert(s.len < WORD_MAX);
	memcpy(sign->text, s.ptr, s.len);
	sign->len = (unsigned char)s.len;
	sign->whose |= UINT32_C(1) << language;
}

/* Letters go under a name that no word has: with a full stop before them. */
static struct pk_span
name_of_letter(struct pk_span letter, char buffer[static 8])
{
	buffer[0] = '.';
	memcpy(buffer + 1, letter.ptr, letter.len);
	return (struct pk_span){ buffer, letter.len + 1 };
}

static void
fill(void)
{
	static_assert(PK_COUNT(languages) <= 32, "a bit for every language");
	for (size_t i = 0; i < PK_COUNT(languages); i++) {
		struct pk_span words = pk_span_of(languages[i].words);
		struct pk_span letters = pk_span_of(languages[i].letters);
		while (words.ptr != NULL) {
			struct pk_span word = pk_span_split(&words, ' ');
			if (word.len > 0)
				learn(word, i);
		}
		for (size_t at = 0, n; at < letters.len; at += n) {
			char buffer[8];
			uint32_t point;
			n = pk_utf8_decode(letters, at, &point, NULL);
			learn(
			    name_of_letter(pk_span_slice(letters, at, at + n), buffer),
			    i);
		}
	}
}

static void
score(struct pk_span s, size_t points, size_t *scores)
{
	uint32_t whose = signs[slot_of(s)].whose;

	for (; whose != 0; whose &= whose - 1)
		scores[__builtin_ctz(whose)] += points;
}

static void
score_word(struct pk_span word, size_t *scores)
{
	char lower[WORD_MAX];

	if (word.len == 0 || word.len >= WORD_MAX)
		return;
	for (size_t i = 0; i < word.len; i++)
		lower[i] = pk_ascii_lower(word.ptr[i]);
	score((struct pk_span){ lower, word.len }, 3, scores);
}

static void
score_text(struct pk_span text, size_t *scores)
{
	size_t word = 0, at = 0;

	pthread_once(&once, fill);
	while (at < text.len) {
		uint32_t point = (unsigned char)text.ptr[at];
		size_t n = point < 0x80 ? 1 : pk_utf8_decode(text, at, &point, NULL);
		if (script_of(point) == SCRIPT_NONE) {
			score_word(pk_span_slice(text, word, at), scores);
			word = at + n;
		} else if (point >= 0x80) {
			char buffer[8];
			score(name_of_letter(pk_span_slice(text, at, at + n), buffer),
			    2, scores);
		}
		at += n;
	}
	score_word(pk_span_slice(text, word, text.len), scores);
}

/* ---- questions ------------------------------------------------------------------- */

/* The language of the script with the most points; the first one where none has any. */
static size_t
best_of(enum script script, const size_t *scores)
{
	size_t best = PK_COUNT(languages);

	for (size_t i = 0; i < PK_COUNT(languages); i++) {
		if (script == SCRIPT_NONE || languages[i].script != script)
			continue;
		if (best == PK_COUNT(languages) || scores[i] > scores[best])
			best = i;
	}
	return best;
}

const char *
pk_language_of(struct pk_span text)
{
	size_t scores[PK_COUNT(languages)] = { 0 };

	text = pk_utf8_prefix(text, LOOK_MAX);
	score_text(text, scores);
	size_t best = best_of(main_script(text), scores);
	return best == PK_COUNT(languages) ? NULL : languages[best].code;
}

bool
pk_language_fits(struct pk_span code, struct pk_span text)
{
	size_t scores[PK_COUNT(languages)] = { 0 };

	text = pk_utf8_prefix(text, LOOK_MAX);
	enum script script = main_script(text);
	for (size_t i = 0; i < PK_COUNT(languages) && script != SCRIPT_NONE; i++) {
		if (!pk_span_eq(pk_span_of(languages[i].code), code))
			continue;
		if (languages[i].script != script)
			return false;
		score_text(text, scores);
		size_t most = scores[best_of(script, scores)];
		return most < SURE || most * THIN < text.len ||
		       scores[i] * OTHERS >= most;
	}
	return true;
}
