/* SPDX-License-Identifier: Apache-2.0 */
#include "base/charset_label.h"

#include "base/charset_own.h"
#include "base/cleanup.h"

#include <iconv.h>
#include <stdio.h>

/*
 * Labels that do not mean what iconv takes them for, or that it does not know, each
 * written with nothing but its letters and digits.
 */
/* clang-format off */
static const struct alias {
	const char *charset;
	const char *labels;
} aliases[] = {
	{ "utf-8", "utf8 unicode11utf8 xunicode20utf8 utf8bom" },
	{ "windows-1252", "iso88591 isoir100 latin1 l1 ascii usascii 646 us ansix341968 cp819 ibm819 csisolatin1 xuserdefined cp1252 xcp1252 1252 xansi msansi" },
	{ "windows-1250", "xcp1250 1250" },
	{ "windows-1251", "xcp1251 1251" },
	{ "windows-1253", "xcp1253 1253" },
	{ "windows-1254", "xcp1254 1254 iso88599 latin5 l5 isoir148 csisolatin5" },
	{ "windows-1255", "xcp1255 1255" },
	{ "windows-1256", "xcp1256 1256" },
	{ "windows-1257", "xcp1257 1257" },
	{ "windows-1258", "xcp1258 1258" },
	{ "windows-874", "iso885911 tis620 tis6200 tis62025290 tis62025291 isoir166 thai dos874" },
	{ "iso-8859-8", "iso88598i iso88598e logical visual" },
	{ "iso-8859-6", "iso88596i iso88596e" },
	{ "iso-8859-15", "l9 latin9 csisolatin9" },
	{ "iso-8859-7", "elot928 sungreek" },
	{ "gb18030", "gb2312 gbk xgbk gb231280 gb23121980 csgb2312 csiso58gb231280 isoir58 chinese euccn eucgb2312cn 936 cp936 ms936 gb180302000 xmacsimpchinese" },
	{ "cp949", "euckr ksc5601 ksc56011987 ksc56011989 csksc56011987 ksx1001 isoir149 korean windows949 949 ms949 uhc xmackorean" },
	{ "cp932", "shiftjis sjis xsjis csshiftjis windows31j mskanji ms932 932 cp932 xmacjapanese" },
	{ "shift_jisx0213", "shiftjisx0213 sjisx0213 shiftjis2004 sjis2004" },
	{ "euc-jp-ms", "eucjp xeucjp ujis cseucpkdfmtjapanese" },
	{ "euc-jisx0213", "eucjis2004 jisx0213 eucjisx0213" },
	{ "johab", "ms1361 cp1361" },
	{ "big5-hkscs", "big5 big5tw big5hkscs hkscs csbig5 cnbig5 xxbig5 xmactradchinese" },
	{ "cp950", "950 ms950" },
	{ "utf-16le", "utf16 unicode ucs2 iso10646ucs2 u16" },
	{ "utf-32le", "utf32 ucs4 iso10646ucs4 u32" },
	{ "macintosh", "mac macroman xmacroman csmacintosh" },
	{ "mac-centraleurope", "maclatin2 maccentraleurope maccenteuro xmacce xmaccentraleurope xmaccentralurope" },
	{ "mac-cyrillic", "xmaccyrillic" },
	{ "mac-uk", "xmacukrainian" },
	{ "mac-iceland", "maciceland macis xmaciceland xmacicelandic" },
	{ "mac-greek", "macgreek xmacgreek" },
	{ "mac-turkish", "macturkish xmacturkish" },
	{ "mac-croatian", "maccroatian xmaccroatian" },
	{ "mac-romanian", "macromanian macromania xmacromanian xmacromania" },
	{ "mac-arabic", "macarabic xmacarabic" },
	{ "mac-farsi", "macfarsi macpersian xmacfarsi" },
	{ "cp861", "cpis" },
	{ "cp1125", "cp866u ruscii" },
	{ "cp037", "ibm039 ebcdiccpus" },
	{ "hp-roman8", "cp1051 ibm1051 roman8 r8" },
	{ "pt154", "ptcp154 csptcp154 cp154 cyrillicasian" },
	{ "rk1048", "kz1048 strk10482002" },
	{ "koi8-r", "koi8 koi cskoi8r koi8r" },
	{ "koi8-u", "koi8ru" },
};
/* clang-format on */

/* UTF-7 hides markup from whoever looks at the bytes; the others turn into themselves.
 */
static const char refused[] = "utf7 utf7imap csunicode11utf7 unicode11utf7 iso2022cn "
			      "iso2022cnext";

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Is the word one of the words of a list? */
static bool
is_listed(const char *list, struct pk_span word)
{
	struct pk_span rest = pk_span_of(list);

	while (rest.ptr != NULL) {
		if (pk_span_eq(pk_span_split(&rest, ' '), word))
			return true;
	}
	return false;
}

static const char *
find_alias(struct pk_span squeezed)
{
	for (size_t i = 0; i < PK_COUNT(aliases); i++) {
		if (is_listed(aliases[i].labels, squeezed))
			return aliases[i].charset;
	}
	return NULL;
}

static bool
is_known(const char *name)
{
	iconv_t handle;

	if (pk_charset_is_own(name))
		return true;
	handle = iconv_open("UTF-8", name);
	if (handle == (iconv_t)-1)
		return false;
	iconv_close(handle);
	return true;
}

/* Writes what is left of a label without its signs; false for what can be none. */
static bool
squeeze(struct pk_span label, char out[static PK_CHARSET_NAME_MAX])
{
	size_t len = 0;

	if (label.len == 0 || label.len >= PK_CHARSET_NAME_MAX)
		return false;
	for (size_t i = 0; i < label.len; i++) {
		char c = pk_ascii_lower(label.ptr[i]);
		if (is_alnum(c))
			out[len++] = c;
		/* iconv takes "//TRANSLIT" and commas as orders */
		else if (c == '\0' || strchr("-_.:+() ", c) == NULL)
			return false;
	}
	out[len] = '\0';
	return len > 0;
}

/* "iso885921987" is iso-8859-2 with the year of its standard; the year goes. */
static struct pk_span
without_year(struct pk_span squeezed)
{
	size_t len = squeezed.len;

	if (pk_span_starts_with(squeezed, PK_SPAN("iso8859")) && len >= 12 &&
	    (squeezed.ptr[len - 4] == '1' || squeezed.ptr[len - 4] == '2'))
		squeezed.len -= 4;
	return squeezed;
}

/* Writes a name that iconv may know it by; false when there are no more. */
static bool
vary(struct pk_span label, struct pk_span squeezed, int way,
    char out[static PK_CHARSET_NAME_MAX])
{
	static const char *const families[] = { "csibm", "ibm", "windows", "cp", "ms",
		"" };
	size_t i;

	out[0] = '\0';
	if (way == 0 && pk_span_starts_with(squeezed, PK_SPAN("iso8859")))
		snprintf(out, PK_CHARSET_NAME_MAX, "iso-8859-%.*s",
		    (int)(squeezed.len - 7), squeezed.ptr + 7);
	if (way == 0)
		return true;
	if (way < 3) { /* as it is, and with hyphens */
		for (i = 0; i < label.len; i++) {
			char c = pk_ascii_lower(label.ptr[i]);
			out[i] = way == 2 && c == '_' ? '-' : c;
		}
		out[i] = '\0';
		return true;
	}
	if (way == 3) {
		snprintf(out, PK_CHARSET_NAME_MAX, "%.*s", PK_SPAN_ARG(squeezed));
		return true;
	}
	for (i = 0; i < PK_COUNT(families) && way <= 4; i++) {
		struct pk_span family = pk_span_of(families[i]);
		struct pk_span number =
		    pk_span_slice(squeezed, family.len, squeezed.len);
		if (!pk_span_starts_with(squeezed, family) || number.len < 3 ||
		    !is_digit(number.ptr[0]))
			continue;
		snprintf(out, PK_CHARSET_NAME_MAX, "cp%.*s", PK_SPAN_ARG(number));
		return true;
	}
	return way < 4;
}

const char *
pk_charset_of_label(struct pk_span label, char room[static PK_CHARSET_NAME_MAX])
{
	char text[PK_CHARSET_NAME_MAX];

	label = pk_span_trim(label);
	if (!squeeze(label, text) || is_listed(refused, pk_span_of(text)))
		return NULL;
	struct pk_span squeezed = without_year(pk_span_of(text));
	const char *charset = find_alias(squeezed);
	if (charset != NULL)
		return charset;
	for (int way = 0; vary(label, squeezed, way, room); way++) {
		if (room[0] != '\0' && is_known(room))
			return room;
	}
	return NULL;
}
