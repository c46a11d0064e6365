/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date_words.h"

#include "base/cleanup.h"
#include "base/date_formats.h"
#include "base/utf8.h"

#include <errno.h>
#include <pthread.h>

/*
 * Names are written folded: lower case, no marks, ی and ک for their Arabic forms, ا for
 * آ أ إ, ی for ئ, ه for ة and ە. A Latin or Cyrillic name is met by any beginning of
 * three letters or more. Where two languages disagree, the commoner one stands first.
 */
/* clang-format off */
static const char *const gregorian_months[12][32] = {
	{ "january", "janvier", "januar", "enero", "gennaio", "janeiro", "januari", "jänner",
	  "stycznia", "styczeń", "ocak", "ianuarie", "ledna", "leden",
	  "января", "январь", "січня", "січень", "януари",
	  "ژانویه", "جنوری", "ینایر", "جانفی",
	  "tammikuuta", "ιανουαρίου", "gener", "január",
	  "январи", "yanvar" },
	{ "february", "fevrier", "février", "febrero", "febbraio", "fevereiro", "februar", "februari",
	  "feber", "lutego", "luty", "şubat", "februarie", "února", "únor",
	  "февраля", "февраль", "лютого", "лютий", "февруари",
	  "فوریه", "فروری", "فبرایر", "فیفری",
	  "helmikuuta", "φεβρουαρίου", "febrer", "február",
	  "феврали", "fevral", "شوباتی" },
	{ "march", "mars", "marzo", "märz", "março", "marco", "maart", "marca", "marzec", "mart",
	  "martie", "března", "březen", "maret", "marts",
	  "марта", "март", "березня", "березень",
	  "مارس", "مارچ",
	  "maaliskuuta", "μαρτίου", "març", "március",
	  "марти", "یازاری", "یاداری" },
	{ "april", "avril", "abril", "aprile", "kwietnia", "kwiecień", "nisan", "aprilie", "dubna", "duben",
	  "апреля", "апрель", "квітня", "квітень", "април",
	  "اوریل", "اپریل", "ابریل", "افریل",
	  "huhtikuuta", "απριλίου", "április",
	  "апрели", "aprel", "نیسانی" },
	{ "may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja", "mayıs", "května", "květen",
	  "мая", "май", "травня", "травень",
	  "مه", "می", "مایو", "مای",
	  "toukokuuta", "μαΐου", "maig", "május",
	  "майи", "یایاری", "مهی" },
	{ "june", "juin", "junio", "juni", "giugno", "junho", "czerwca", "czerwiec", "haziran",
	  "iunie", "června", "červen",
	  "июня", "июнь", "червня", "червень", "юни",
	  "ژوین", "جون", "یونیو", "جوان",
	  "kesäkuuta", "ιουνίου", "juny", "június",
	  "июни", "iyun", "حوزهیرانی" },
	{ "july", "juillet", "julio", "juli", "luglio", "julho", "lipca", "lipiec", "temmuz",
	  "iulie", "července",
	  "июля", "июль", "липня", "липень", "юли",
	  "ژوییه", "جولای", "جولایی", "یولیو", "جویلیه", "یولیوز",
	  "heinäkuuta", "ιουλίου", "juliol", "július",
	  "июли", "iyul", "تهمموزی", "تهموزی" },
	{ "august", "aout", "août", "agosto", "augustus", "augusti", "sierpnia", "sierpień", "ağustos",
	  "srpna", "srpen", "agustus",
	  "августа", "август", "серпня", "серпень",
	  "اوت", "اگوست", "اگست", "اغسطس", "غشت",
	  "elokuuta", "αυγούστου", "agost", "augusztus",
	  "августи", "avqust", "avgust", "یابی" },
	{ "september", "septembre", "septiembre", "settembre", "setembro", "września", "wrzesień",
	  "eylül", "septembrie", "září", "setiembre",
	  "сентября", "сентябрь", "вересня", "вересень", "септември",
	  "سپتامبر", "سپتمبر", "سبتمبر", "شتنبر",
	  "syyskuuta", "σεπτεμβρίου", "setembre", "szeptember",
	  "сентябри", "sentyabr", "sentabr", "یهیلولی", "یهیلوولی" },
	{ "october", "octobre", "oktober", "octubre", "ottobre", "outubro", "października", "październik",
	  "ekim", "octombrie", "října", "říjen",
	  "октября", "октябрь", "жовтня", "жовтень", "октомври",
	  "اکتبر", "اکتوبر",
	  "lokakuuta", "οκτωβρίου", "október",
	  "октябри", "oktyabr", "oktabr" },
	{ "november", "novembre", "noviembre", "novembro", "listopada", "listopad", "kasım",
	  "noiembrie", "listopadu",
	  "ноября", "ноябрь", "листопада", "листопад", "ноември",
	  "نوامبر", "نومبر", "نوفمبر", "نونبر",
	  "marraskuuta", "νοεμβρίου",
	  "ноябри", "noyabr" },
	{ "december", "decembre", "décembre", "dezember", "diciembre", "dicembre", "dezembro",
	  "grudnia", "grudzień", "aralık", "decembrie", "prosince", "prosinec", "desember",
	  "декабря", "декабрь", "грудня", "грудень", "декември",
	  "دسامبر", "دسمبر", "دیسمبر", "دجنبر",
	  "joulukuuta", "δεκεμβρίου", "desembre",
	  "декабри", "dekabr" },
};

/* The months of the Levant, in Arabic and Kurdish; those of two words go by both of
 * them. */
static const struct levant {
	const char *first, *second;
	int month;
} levant_months[] = {
	{ "کانون", "الثانی", 1 }, { "شباط", NULL, 2 }, { "اذار", NULL, 3 }, { "نیسان", NULL, 4 },
	{ "ایار", NULL, 5 }, { "حزیران", NULL, 6 }, { "تموز", NULL, 7 }, { "اب", NULL, 8 },
	{ "ایلول", NULL, 9 }, { "تشرین", "الاول", 10 }, { "تشرین", "الثانی", 11 },
	{ "کانون", "الاول", 12 }, { "کانونی", "دووهم", 1 }, { "تشرینی", "یهکهم", 10 },
	{ "تشرینی", "دووهم", 11 }, { "کانونی", "یهکهم", 12 }, { "کانوونی", "دووهم", 1 },
	{ "کانوونی", "یهکهم", 12 },
};

static const char *const jalali_months[][6] = {
	{ "فروردین", "حمل", "farvardin", "وری" },
	{ "اردیبهشت", "ثور", "ordibehesht", "غویی" },
	{ "خرداد", "جوزا", "khordad", "غبرگولی", "غبرګولی" },
	{ "تیر", "سرطان", "tir", "چنگاښ", "چنګاښ" },
	{ "مرداد", "امرداد", "اسد", "mordad", "زمری" },
	{ "شهریور", "سنبله", "shahrivar", "وږی" },
	{ "مهر", "میزان", "mehr", "تله" },
	{ "ابان", "عقرب", "aban", "لړم" },
	{ "اذر", "قوس", "azar", "لیندۍ", "لیندی" },
	{ "دی", "جدی", "dey", "مرغومی" },
	{ "بهمن", "دلو", "bahman", "سلواغه" },
	{ "اسفند", "حوت", "esfand", "کب" },
};

/* Days of a month in words; «بیست و یکم» is three of them. */
static const char *const ordinals[] = { "یکم", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم",
	"هشتم", "نهم", "دهم", "یازدهم", "دوازدهم", "سیزدهم", "چهاردهم", "پانزدهم", "شانزدهم",
	"هفدهم", "هجدهم", "نوزدهم", "بیستم" };

static const char *const lunar_months[] = { "محرم", "صفر", "ربیع", "ربیعالاول",
	"ربیعالثانی", "ربیعالاخر", "جمادی", "جمادیالاول", "جمادیالثانی", "جمادیالاولی",
	"جمادیالاخر", "رجب", "شعبان", "رمضان", "شوال", "ذیالقعده", "ذیقعده", "ذوالقعده",
	"ذیالحجه", "ذیحجه", "ذوالحجه", "الاول", "الاولی", "الثانی", "الثانیه", "الاخر",
	"القعده", "الحجه" };

/* Words that say nothing more: weekdays, "at", "o'clock", names of calendars. */
static const char *const passed_over[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"published", "posted", "updated", "at", "on", "the", "of", "st", "nd", "rd", "th", "t", "er", "º", "ª",
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
	"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "sonnabend",
	"lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado", "domingo",
	"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
	"segunda", "terça", "quarta", "quinta", "sexta", "feira",
	"poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela",
	"pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar",
	"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
	"понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
	"понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя",
	"le", "du", "il", "el", "del", "de", "da", "do", "den", "der", "das", "am", "um", "vom",
	"uhr", "saat", "godz", "ore", "a", "à", "às", "as", "las", "la", "alle", "kl", "om", "h",
	"в", "во", "о", "об", "на", "г", "г.", "год", "года", "року", "р", "год.", "у", "от",
	"شنبه", "یک", "دو", "سه", "چهار", "پنج", "یکشنبه", "دوشنبه", "سهشنبه",
	"چهارشنبه", "پنجشنبه", "جمعه", "ادینه", "روز", "ساعت", "ماه", "تاریخ", "انتشار",
	"به", "وقت", "بوقت", "در", "مورخ", "هش", "هجری", "شمسی", "خورشیدی", "میلادی", "م", "ام",
	"ی", "ء", "کاتژمێر", "سهعات", "بجے",
	"السبت", "الاحد", "الاثنین", "الثلاثاء", "الاربعاء", "الخمیس", "الجمعه", "الساعه", "یوم",
};

static const struct zone {
	const char *name;
	int offset_min;
} zones[] = {
	{ "z", 0 }, { "utc", 0 }, { "gmt", 0 }, { "ut", 0 }, { "wet", 0 },
	{ "تهران", PK_OFFSET_IRAN }, { "tehran", PK_OFFSET_IRAN }, { "کابل", 270 }, { "گرینویچ", 0 },
	{ "irst", 210 }, { "irdt", 270 }, { "aft", 270 }, { "pkt", 300 },
	{ "azt", 240 }, { "get", 240 }, { "tjt", 300 }, { "tmt", 300 }, { "uzt", 300 },
	{ "kgt", 360 }, { "bdt", 360 }, { "npt", 345 }, { "idt", 180 }, { "msd", 240 },
	{ "wib", 420 }, { "pht", 480 }, { "myt", 480 }, { "awst", 480 }, { "acst", 570 },
	{ "ast", -240 }, { "adt", -180 }, { "nst", -210 }, { "ndt", -150 }, { "brt", -180 },
	{ "art", -180 }, { "clt", -240 }, { "sst", -660 },
	{ "est", -300 }, { "edt", -240 }, { "cst", -360 }, { "cdt", -300 },
	{ "mst", -420 }, { "mdt", -360 }, { "pst", -480 }, { "pdt", -420 },
	{ "akst", -540 }, { "akdt", -480 }, { "hst", -600 },
	{ "et", -300 }, { "ct", -360 }, { "mt", -420 }, { "pt", -480 },
	{ "bst", 60 }, { "west", 60 }, { "cet", 60 }, { "met", 60 }, { "cest", 120 },
	{ "mest", 120 }, { "eet", 120 }, { "eest", 180 }, { "msk", 180 }, { "trt", 180 },
	{ "gst", 240 }, { "ist", 330 }, { "hkt", 480 }, { "sgt", 480 }, { "jst", 540 },
	{ "kst", 540 }, { "aest", 600 }, { "aedt", 660 }, { "nzst", 720 }, { "nzdt", 780 },
};
/* clang-format on */

/* Cities that zones of the tz database are called by, whose clocks have no summer time;
 * Iran's had one. */
static const struct zone cities[] = {
	{ "tehran", PK_OFFSET_IRAN },
	{ "kabul", 270 },
	{ "dushanbe", 300 },
	{ "baghdad", 180 },
	{ "riyadh", 180 },
	{ "kuwait", 180 },
	{ "qatar", 180 },
	{ "aden", 180 },
	{ "bahrain", 180 },
	{ "dubai", 240 },
	{ "muscat", 240 },
	{ "baku", 240 },
	{ "yerevan", 240 },
	{ "tbilisi", 240 },
	{ "karachi", 300 },
	{ "tashkent", 300 },
	{ "samarkand", 300 },
	{ "ashgabat", 300 },
	{ "istanbul", 180 },
	{ "moscow", 180 },
	{ "kolkata", 330 },
	{ "calcutta", 330 },
	{ "shanghai", 480 },
	{ "tokyo", 540 },
	{ "utc", 0 },
	{ "gmt", 0 },
};

/* What a code point becomes: 0 is dropped. */
static uint32_t
fold_point(uint32_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c + 'a' - 'A';
	if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x410 && c <= 0x42F))
		return c + 0x20; /* capitals of Latin-1 and Cyrillic */
	if (c >= 0x400 && c <= 0x40F)
		return c + 0x50;
	if (c >= 0x391 && c <= 0x3A9) /* Greek */
		return c + 0x20;
	if (c >= 0x06F0 && c <= 0x06F9) /* Persian digits */
		return '0' + c - 0x06F0;
	if (c >= 0x0660 && c <= 0x0669) /* Arabic-Indic digits */
		return '0' + c - 0x0660;
	/* ZWNJ, ZWJ, bidi marks, embeddings, isolates; BOM; tatweel; vowel signs */
	if ((c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0x061C || c == 0x0640 ||
	    (c >= 0x064B && c <= 0x0655))
		return 0;
	switch (c) {
	case 0x064A: /* ي */
	case 0x0649: /* ى */
	case 0x0626: /* ئ */
		return 0x06CC;
	case 0x0643: /* ك */
		return 0x06A9;
	case 0x0622: /* آ */
	case 0x0623: /* أ */
	case 0x0625: /* إ */
		return 0x0627;
	case 0x0629: /* ة */
	case 0x06D5: /* ە */
		return 0x0647;
	case 0x066B: /* ٫ */
		return '.';
	case 0x060C: /* ، */
		return ',';
	case 0x5E74: /* 年 */
	case 0x6708: /* 月 */
	case 0xB144: /* 년 */
	case 0xC6D4: /* 월 */
		return '-';
	case 0x6642: /* 時 */
	case 0x65F6: /* 时 */
	case 0xC2DC: /* 시 */
	case 0x5206: /* 分 */
	case 0xBD84: /* 분 */
		return ':';
	case 0x65E5: /* 日 */
	case 0xC77C: /* 일 */
	case 0x79D2: /* 秒 */
	case 0xCD08: /* 초 */
		return ' ';
	case 0x130: /* İ */
		return 'i';
	case 0x15A: /* Ś */
	case 0x15E: /* Ş */
	case 0x10C: /* Č */
	case 0x158: /* Ř */
	case 0x17D: /* Ž */
		return c + 1;
	case 0x2010: /* hyphens, dashes, minus */
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2212:
		return '-';
	case 0xA0:
	case 0x202F:
	case 0x2009:
	case '\t':
	case '\r':
	case '\n':
		return ' ';
	default:
		return c;
	}
}

int
pk_date_fold(struct pk_span text, char ret_folded[static PK_DATE_FOLDED_MAX])
{
	size_t len = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
		point = fold_point(point);
		if (point == 0)
			continue;
		if (len + 4 > PK_DATE_FOLDED_MAX)
			return -EBADMSG;
		len += pk_utf8_encode(point, ret_folded + len);
	}
	return (int)len;
}

static bool
is_name(struct pk_span word, const char *name)
{
	unsigned char first = (unsigned char)name[0];

	if (word.len > 0 && (unsigned char)word.ptr[0] != first)
		return false; /* most of a table */
	struct pk_span full = pk_span_of(name);

	/* Of two bytes a letter from U+0400 on; Latin names begin in ASCII, or just
	 * above. */
	size_t least = first >= 0xCE && first <= 0xD4 ? 6 : first < 0xCE ? 3 : SIZE_MAX;
	if (word.len >= least)
		return pk_span_starts_with(full, word);
	return pk_span_eq(full, word);
}

/* The names of months by their first byte, in the order of the tables. */
static struct month_name {
	const char *name;
	uint8_t month;
	bool is_jalali;
	uint16_t next; /* of the same first byte, plus one; 0: the last */
} month_names[12 * (PK_COUNT(gregorian_months[0]) + PK_COUNT(jalali_months[0]))];
static uint16_t month_firsts[256]; /* plus one */
static pthread_once_t months_once = PTHREAD_ONCE_INIT;

static void
add_month_name(size_t *n, const char *name, int month, bool is_jalali)
{
	if (name == NULL)
		return;
	uint16_t *link = &month_firsts[(unsigned char)name[0]];
	while (*link != 0)
		link = &month_names[*link - 1].next;
	month_names[*n] = (struct month_name){ name, (uint8_t)month, is_jalali, 0 };
	*link = (uint16_t)(*n += 1);
}

static void
init_months(void)
{
	size_t n = 0;

	for (int m = 0; m < 12; m++) {
		for (size_t i = 0; i < PK_COUNT(gregorian_months[m]); i++)
			add_month_name(&n, gregorian_months[m][i], m + 1, false);
		for (size_t i = 0; i < PK_COUNT(jalali_months[m]); i++)
			add_month_name(&n, jalali_months[m][i], m + 1, true);
	}
}

int
pk_date_word_month(struct pk_span word, bool *ret_jalali)
{
	const struct pk_span month = PK_SPAN("ماه"); /* «بهمن‌ماه» */

	if (word.len > month.len && pk_span_ends_with(word, month))
		word.len -= month.len;
	if (word.len == 0)
		return 0;
	pthread_once(&months_once, init_months);
	for (uint16_t at = month_firsts[(unsigned char)word.ptr[0]]; at != 0;
	     at = month_names[at - 1].next) {
		const struct month_name *known = &month_names[at - 1];
		if (is_name(word, known->name)) {
			*ret_jalali = known->is_jalali;
			return known->month;
		}
	}
	return 0;
}

int
pk_date_words_month(struct pk_span word, struct pk_span next, size_t *ret_words)
{
	for (size_t i = 0; i < PK_COUNT(levant_months); i++) {
		const struct levant *l = &levant_months[i];
		if (!pk_span_eq(word, pk_span_of(l->first)) ||
		    (l->second != NULL && !pk_span_eq(next, pk_span_of(l->second))))
			continue;
		*ret_words = l->second == NULL ? 1 : 2;
		return l->month;
	}
	return 0;
}

int
pk_date_word_ordinal(struct pk_span word)
{
	for (size_t i = 0; i < PK_COUNT(ordinals); i++) {
		if (pk_span_eq(word, pk_span_of(ordinals[i])))
			return (int)i + 1;
	}
	return pk_span_eq(word, PK_SPAN("اول"))    ? 1
	       : pk_span_eq(word, PK_SPAN("سیام")) ? 30
						   : 0;
}

bool
pk_date_word_is_lunar(struct pk_span word)
{
	for (size_t i = 0; i < PK_COUNT(lunar_months); i++) {
		if (pk_span_eq(word, pk_span_of(lunar_months[i])))
			return true;
	}
	return false;
}

bool
pk_date_word_is_idle(struct pk_span word)
{
	for (size_t i = 0; i < PK_COUNT(passed_over); i++) {
		if (is_name(word, passed_over[i]))
			return true;
	}
	return false;
}

static bool
find_zone(const struct zone *table, size_t n, struct pk_span word, int *ret_offset_min)
{
	for (size_t i = 0; i < n; i++) {
		if (pk_span_eq(word, pk_span_of(table[i].name))) {
			*ret_offset_min = table[i].offset_min;
			return true;
		}
	}
	return false;
}

bool
pk_date_word_zone(struct pk_span word, int *ret_offset_min)
{
	return find_zone(zones, PK_COUNT(zones), word, ret_offset_min);
}

bool
pk_date_word_city(struct pk_span word, int *ret_offset_min)
{
	return find_zone(cities, PK_COUNT(cities), word, ret_offset_min);
}
