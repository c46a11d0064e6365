/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/language.h"

#include "base/cleanup.h"
#include "base/utf8.h"

/* So much of a text decides: bytes. */
#define LOOK_MAX 4096

#define WORD_MAX 24

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
	for (size_t i = 0; i < PK_COUNT(ranges); i++) {
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
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
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

/* Gives each language of the script its points for one word of the text. */
static void
score_word(struct pk_span word, enum script script, size_t *scores)
{
	char padded[WORD_MAX + 3];

	if (word.len == 0 || word.len > WORD_MAX)
		return;
	padded[0] = ' ';
	for (size_t i = 0; i < word.len; i++)
		padded[i + 1] = pk_ascii_lower(word.ptr[i]);
	padded[word.len + 1] = ' ';
	padded[word.len + 2] = '\0';
	for (size_t i = 0; i < PK_COUNT(languages); i++) {
		if (languages[i].script == script &&
		    strstr(languages[i].words, padded) != NULL)
			scores[i] += 3;
	}
}

static void
score_letter(struct pk_span letter, enum script script, size_t *scores)
{
	char copy[5] = { 0 };

	memcpy(copy, letter.ptr, letter.len);
	for (size_t i = 0; i < PK_COUNT(languages); i++) {
		if (languages[i].script == script && languages[i].letters[0] != '\0' &&
		    strstr(languages[i].letters, copy) != NULL)
			scores[i] += 2;
	}
}

const char *
pk_language_of(struct pk_span text)
{
	size_t scores[PK_COUNT(languages)] = { 0 };
	size_t best = PK_COUNT(languages), word = 0, at = 0;

	text = pk_utf8_prefix(text, LOOK_MAX);
	enum script script = main_script(text);
	while (at < text.len) {
		uint32_t point;
		size_t n = pk_utf8_decode(text, at, &point, NULL);
		if (script_of(point) == SCRIPT_NONE) {
			score_word(pk_span_slice(text, word, at), script, scores);
			word = at + n;
		} else if (point >= 0x80) {
			score_letter(pk_span_slice(text, at, at + n), script, scores);
		}
		at += n;
	}
	score_word(pk_span_slice(text, word, text.len), script, scores);
	for (size_t i = 0; i < PK_COUNT(languages); i++) {
		if (script == SCRIPT_NONE || languages[i].script != script)
			continue;
		if (best == PK_COUNT(languages) || scores[i] > scores[best])
			best = i;
	}
	return best == PK_COUNT(languages) ? NULL : languages[best].code;
}

bool
pk_language_fits(struct pk_span code, struct pk_span text)
{
	enum script script = main_script(pk_utf8_prefix(text, LOOK_MAX));

	for (size_t i = 0; i < PK_COUNT(languages) && script != SCRIPT_NONE; i++) {
		if (pk_span_eq(pk_span_of(languages[i].code), code))
			return languages[i].script == script;
	}
	return true;
}
