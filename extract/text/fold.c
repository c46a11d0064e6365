/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/fold.h"

#include "base/utf8.h"

#define LETTER  PK_CHAR_LETTER
#define DIGIT   PK_CHAR_DIGIT
#define BLANK   PK_CHAR_BLANK
#define BREAK   PK_CHAR_BREAK
#define IGNORED PK_CHAR_IGNORED

/* Up to the end of the Arabic block; what is not listed is punctuation. */
/* clang-format off */
static const uint8_t low_class[0x780] = {
	[0x09] = BLANK, [0x0A] = BREAK, [0x0B ... 0x0C] = BLANK, [0x0D] = BREAK,
	[0x20] = BLANK, [0x30 ... 0x39] = DIGIT,
	[0x41 ... 0x5A] = LETTER, [0x5F] = LETTER, [0x61 ... 0x7A] = LETTER,
	[0x85] = BREAK, [0xA0] = BLANK, [0xAA] = LETTER, [0xB5] = LETTER,
	[0xAC ... 0xAD] = IGNORED, /* some editors write the ZWNJ as NOT SIGN */
	[0xBA] = LETTER, [0xC0 ... 0xD6] = LETTER, [0xD8 ... 0xF6] = LETTER,
	[0xF8 ... 0x2C1] = LETTER, [0x2C6 ... 0x2D1] = LETTER,
	[0x300 ... 0x36F] = IGNORED,
	[0x370 ... 0x373] = LETTER, [0x376 ... 0x377] = LETTER,
	[0x37B ... 0x37D] = LETTER, [0x37F] = LETTER, [0x386] = LETTER,
	[0x388 ... 0x481] = LETTER, [0x48A ... 0x559] = LETTER,
	[0x560 ... 0x588] = LETTER, [0x591 ... 0x5BD] = IGNORED,
	[0x5D0 ... 0x5F2] = LETTER,
	[0x610 ... 0x61A] = IGNORED, [0x61C] = IGNORED,
	[0x620 ... 0x63F] = LETTER, [0x640] = IGNORED, [0x641 ... 0x64A] = LETTER,
	[0x64B ... 0x65F] = IGNORED, [0x660 ... 0x669] = DIGIT,
	[0x66E ... 0x66F] = LETTER, [0x670] = IGNORED, [0x671 ... 0x6D3] = LETTER,
	[0x6D5] = LETTER, [0x6D6 ... 0x6DC] = IGNORED, [0x6DF ... 0x6E4] = IGNORED,
	[0x6E5 ... 0x6E6] = LETTER, [0x6E7 ... 0x6E8] = IGNORED,
	[0x6EA ... 0x6ED] = IGNORED, [0x6EE ... 0x6EF] = LETTER,
	[0x6F0 ... 0x6F9] = DIGIT, [0x6FA ... 0x6FC] = LETTER, [0x6FF] = LETTER,
	[0x710 ... 0x72F] = LETTER, [0x750 ... 0x77F] = LETTER,
};

/* Letters of the Arabic block that fold to another; 0 stays as it is. */
static const uint16_t arabic_fold[0x700 - 0x620] = {
#define FOLD(point) [(point) - 0x620]
	FOLD(0x622) = 0x627, FOLD(0x623) = 0x627, FOLD(0x624) = 0x648,
	FOLD(0x625) = 0x627, FOLD(0x626) = 0x6CC, FOLD(0x629) = 0x647,
	FOLD(0x643) = 0x6A9, FOLD(0x649) = 0x6CC, FOLD(0x64A) = 0x6CC,
	FOLD(0x660) = '0', FOLD(0x661) = '1', FOLD(0x662) = '2', FOLD(0x663) = '3',
	FOLD(0x664) = '4', FOLD(0x665) = '5', FOLD(0x666) = '6', FOLD(0x667) = '7',
	FOLD(0x668) = '8', FOLD(0x669) = '9',
	FOLD(0x66B) = '.', FOLD(0x66C) = ',',
	FOLD(0x671) = 0x627, FOLD(0x672) = 0x627, FOLD(0x673) = 0x627,
	FOLD(0x675) = 0x627, FOLD(0x676) = 0x648, FOLD(0x678) = 0x6CC,
	FOLD(0x6AA) = 0x6A9, FOLD(0x6AB) = 0x6A9, FOLD(0x6AC) = 0x6A9,
	FOLD(0x6AD) = 0x6A9, FOLD(0x6AE) = 0x6A9,
	FOLD(0x6BE) = 0x647, FOLD(0x6C0) = 0x647, FOLD(0x6C1) = 0x647,
	FOLD(0x6C2) = 0x647, FOLD(0x6C3) = 0x647, FOLD(0x6D5) = 0x647,
	FOLD(0x6C6) = 0x648, FOLD(0x6C7) = 0x648, FOLD(0x6CB) = 0x648,
	FOLD(0x6CD) = 0x6CC, FOLD(0x6CE) = 0x6CC, FOLD(0x6D0) = 0x6CC,
	FOLD(0x6D2) = 0x6CC, FOLD(0x6D3) = 0x6CC,
	FOLD(0x6F0) = '0', FOLD(0x6F1) = '1', FOLD(0x6F2) = '2', FOLD(0x6F3) = '3',
	FOLD(0x6F4) = '4', FOLD(0x6F5) = '5', FOLD(0x6F6) = '6', FOLD(0x6F7) = '7',
	FOLD(0x6F8) = '8', FOLD(0x6F9) = '9',
#undef FOLD
};

/* Latin letters with marks, U+00C0 to U+017F, by their bare letter; «.» stays. */
static const char latin_fold[] =
	"aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
	"lllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Presentation forms that Persian text has; everything else of those blocks stays. */
static const struct form {
	uint16_t first;
	uint16_t last;
	uint16_t to[PK_FOLD_MAX];
} forms[] = {
	{ 0xFB50, 0xFB51, { 0x627 } },        { 0xFB56, 0xFB59, { 0x67E } },
	{ 0xFB6A, 0xFB6D, { 0x6A4 } },        { 0xFB7A, 0xFB7D, { 0x686 } },
	{ 0xFB8A, 0xFB8B, { 0x698 } },        { 0xFB8E, 0xFB91, { 0x6A9 } },
	{ 0xFB92, 0xFB95, { 0x6AF } },        { 0xFBA4, 0xFBAD, { 0x647 } },
	{ 0xFBD3, 0xFBD6, { 0x6A9 } },        { 0xFBE8, 0xFBE9, { 0x6CC } },
	{ 0xFBFC, 0xFBFF, { 0x6CC } },
	{ 0xFDF2, 0xFDF2, { 0x627, 0x644, 0x644, 0x647 } },
	{ 0xFE80, 0xFE80, { 0x621 } },        { 0xFE81, 0xFE84, { 0x627 } },
	{ 0xFE85, 0xFE86, { 0x648 } },        { 0xFE87, 0xFE88, { 0x627 } },
	{ 0xFE89, 0xFE8C, { 0x6CC } },        { 0xFE8D, 0xFE8E, { 0x627 } },
	{ 0xFE8F, 0xFE92, { 0x628 } },        { 0xFE93, 0xFE94, { 0x647 } },
	{ 0xFE95, 0xFE98, { 0x62A } },        { 0xFE99, 0xFE9C, { 0x62B } },
	{ 0xFE9D, 0xFEA0, { 0x62C } },        { 0xFEA1, 0xFEA4, { 0x62D } },
	{ 0xFEA5, 0xFEA8, { 0x62E } },        { 0xFEA9, 0xFEAA, { 0x62F } },
	{ 0xFEAB, 0xFEAC, { 0x630 } },        { 0xFEAD, 0xFEAE, { 0x631 } },
	{ 0xFEAF, 0xFEB0, { 0x632 } },        { 0xFEB1, 0xFEB4, { 0x633 } },
	{ 0xFEB5, 0xFEB8, { 0x634 } },        { 0xFEB9, 0xFEBC, { 0x635 } },
	{ 0xFEBD, 0xFEC0, { 0x636 } },        { 0xFEC1, 0xFEC4, { 0x637 } },
	{ 0xFEC5, 0xFEC8, { 0x638 } },        { 0xFEC9, 0xFECC, { 0x639 } },
	{ 0xFECD, 0xFED0, { 0x63A } },        { 0xFED1, 0xFED4, { 0x641 } },
	{ 0xFED5, 0xFED8, { 0x642 } },        { 0xFED9, 0xFEDC, { 0x6A9 } },
	{ 0xFEDD, 0xFEE0, { 0x644 } },        { 0xFEE1, 0xFEE4, { 0x645 } },
	{ 0xFEE5, 0xFEE8, { 0x646 } },        { 0xFEE9, 0xFEEC, { 0x647 } },
	{ 0xFEED, 0xFEEE, { 0x648 } },        { 0xFEEF, 0xFEF4, { 0x6CC } },
	{ 0xFEF5, 0xFEFC, { 0x644, 0x627 } },
};

/* Beyond the Arabic block: what is not a letter. */
static const struct class_range {
	uint32_t first;
	uint32_t last;
	enum pk_char class;
} high_classes[] = {
	{ 0x1680, 0x1680, BLANK },           { 0x180E, 0x180E, IGNORED },
	{ 0x2000, 0x200B, BLANK },           { 0x200C, 0x200F, IGNORED },
	{ 0x2010, 0x2027, PK_CHAR_PUNCT },   { 0x2028, 0x2029, BREAK },
	{ 0x202A, 0x202E, IGNORED },         { 0x202F, 0x202F, BLANK },
	{ 0x2030, 0x205E, PK_CHAR_PUNCT },   { 0x205F, 0x205F, BLANK },
	{ 0x2060, 0x206F, IGNORED },         { 0x20A0, 0x20CF, PK_CHAR_PUNCT },
	{ 0x2100, 0x2BFF, PK_CHAR_PUNCT },   { 0x2E00, 0x2E7F, PK_CHAR_PUNCT },
	{ 0x3000, 0x3000, BLANK },           { 0x3001, 0x3003, PK_CHAR_PUNCT },
	{ 0x3008, 0x3020, PK_CHAR_PUNCT },   { 0xE000, 0xF8FF, PK_CHAR_PUNCT },
	{ 0xFBB2, 0xFBC2, PK_CHAR_PUNCT },   { 0xFD3E, 0xFD4F, PK_CHAR_PUNCT },
	{ 0xFDFC, 0xFDFF, PK_CHAR_PUNCT },   { 0xFE00, 0xFE0F, IGNORED },
	{ 0xFE10, 0xFE19, PK_CHAR_PUNCT },   { 0xFE20, 0xFE2F, IGNORED },
	{ 0xFE30, 0xFE6F, PK_CHAR_PUNCT },   { 0xFEFF, 0xFEFF, IGNORED },
	{ 0xFF00, 0xFF0F, PK_CHAR_PUNCT },   { 0xFF1A, 0xFF20, PK_CHAR_PUNCT },
	{ 0xFF3B, 0xFF40, PK_CHAR_PUNCT },   { 0xFF5B, 0xFF65, PK_CHAR_PUNCT },
	{ 0xFFE0, 0xFFFF, PK_CHAR_PUNCT },   { 0x1F000, 0x1FAFF, PK_CHAR_PUNCT },
	{ 0xE0000, 0x10FFFF, PK_CHAR_PUNCT },
};
/* clang-format on */

enum pk_char
pk_char_class(uint32_t point)
{
	size_t low = 0, high = PK_COUNT(high_classes);

	if (point < PK_COUNT(low_class))
		return (enum pk_char)low_class[point];
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (point > high_classes[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < PK_COUNT(high_classes) && point >= high_classes[low].first)
		return high_classes[low].class;
	return LETTER;
}

static size_t
fold_form(uint32_t point, uint32_t *ret_points)
{
	size_t low = 0, high = PK_COUNT(forms), n = 0;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (point > forms[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == PK_COUNT(forms) || point < forms[low].first) {
		ret_points[0] = point;
		return 1;
	}
	for (; n < PK_FOLD_MAX && forms[low].to[n] != 0; n++)
		ret_points[n] = forms[low].to[n];
	return n;
}

size_t
pk_fold_point(uint32_t point, uint32_t ret_points[static PK_FOLD_MAX])
{
	ret_points[0] = point;
	if (point < 0x620) {
		if (point >= 'A' && point <= 'Z')
			ret_points[0] = point + ('a' - 'A');
		else if (point >= 0xC0 && point < 0x180 &&
			 latin_fold[point - 0xC0] != '.')
			ret_points[0] = (unsigned char)latin_fold[point - 0xC0];
		return low_class[point] != IGNORED;
	}
	if (point < 0x700) {
		if (low_class[point] == IGNORED)
			return 0;
		if (arabic_fold[point - 0x620] != 0)
			ret_points[0] = arabic_fold[point - 0x620];
		return 1;
	}
	if (point >= 0xFB50 && point <= 0xFEFC)
		return pk_char_class(point) == IGNORED ? 0
						       : fold_form(point, ret_points);
	return pk_char_class(point) != IGNORED;
}

size_t
pk_fold_key_point(uint32_t point, uint32_t ret_points[static PK_FOLD_MAX])
{
	enum pk_char class = pk_char_class(point);

	return class == BLANK || class == BREAK || point == '_'
		   ? 0
		   : pk_fold_point(point, ret_points);
}

/* No code point folds to more than three times its bytes (U+FDF2: 3 to 8; a stray byte
 * becomes U+FFFD: 1 to 3).
 */
static struct pk_span
fold(struct pk_arena *arena, struct pk_span text, bool keep_blanks)
{
	char *out =
	    text.len > SIZE_MAX / 4 ? NULL : pk_arena_alloc(arena, text.len * 3 + 1);
	size_t len = 0;
	bool blank = false;

	if (out == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < text.len;) {
		uint32_t point, points[PK_FOLD_MAX] = { 0 };
		at += pk_utf8_decode(text, at, &point, NULL);
		enum pk_char class = pk_char_class(point);
		if (class == BLANK || class == BREAK ||
		    (point == '_' && !keep_blanks)) {
			blank = keep_blanks && len > 0;
			continue;
		}
		size_t n = pk_fold_point(point, points);
		if (n > 0 && blank) {
			out[len++] = ' ';
			blank = false;
		}
		for (size_t i = 0; i < n; i++)
			len += pk_utf8_encode(points[i], out + len);
	}
	return (struct pk_span){ out, len };
}

struct pk_span
pk_fold(struct pk_arena *arena, struct pk_span text)
{
	return fold(arena, text, true);
}

struct pk_span
pk_fold_key(struct pk_arena *arena, struct pk_span text)
{
	return fold(arena, text, false);
}

bool
pk_is_capital(uint32_t point)
{
	if (point < 0x100)
		return (point >= 'A' && point <= 'Z') ||
		       (point >= 0xC0 && point <= 0xDE && point != 0xD7);
	/* pairs, but two runs of them begin at an odd number */
	bool odd = (point >= 0x139 && point <= 0x148) || point >= 0x179;
	return point == 0x178 || (point < 0x17F && (point % 2 == 1) == odd);
}

bool
pk_is_small(uint32_t point)
{
	if (point < 0x100)
		return (point >= 'a' && point <= 'z') ||
		       (point >= 0xDF && point != 0xF7);
	return point < 0x180 && !pk_is_capital(point);
}
