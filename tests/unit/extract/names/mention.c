/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/mention.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/utf8.h"
#include "tests/unit/extract/pack_fixture.h"

/*
 * A line a mention: `kind text | what is known`, where what is known is id, role, org,
 * country, post= and marks: (c)ounterpart, (p)ossessive, (d)emonstrative, (g)roup of
 * holders, (m)etonym, (x) role conflict, >antecedent, [members].
 */
/* clang-format off */
static const struct mention_case {
	const char *name; const char *text; const char *mentions;
} cases[] = {
	{ "name, then title", "سرگئی لاوروف وزیر خارجه روسیه گفت.",
	  "person سرگئی لاوروف وزیر خارجه روسیه | sergey-lavrov foreign_minister RUS\n" },
	{ "name, comma, title", "سرگئی لاوروف، وزیر امور خارجه روسیه نیز گفت.",
	  "person سرگئی لاوروف، وزیر امور خارجه روسیه | sergey-lavrov foreign_minister RUS\n" },
	{ "name in quotes", "«سرگئی لاوروف» وزیر خارجه روسیه با \"آنتونی بلینکن\"، وزیر خارجه آمریکا",
	  "person «سرگئی لاوروف» وزیر خارجه روسیه | sergey-lavrov foreign_minister RUS\n"
	  "person \"آنتونی بلینکن\"، وزیر خارجه آمریکا | antony-blinken foreign_minister USA\n" },
	{ "title, then name", "رئیس‌جمهور روسیه ولادیمیر پوتین آمد.",
	  "person رئیس‌جمهور روسیه ولادیمیر پوتین | vladimir-putin president RUS\n" },
	{ "title without state, then name", "این پاسخ به رئیس جمهور ولادیمیر پوتین رسید.",
	  "person رئیس جمهور ولادیمیر پوتین | vladimir-putin president RUS\n" },
	{ "Arabic letters", "بوريس جانسون نخست وزير انگليس",
	  "person بوريس جانسون نخست وزير انگليس | boris-johnson prime_minister GBR\n" },
	{ "bare title", "وزیر خارجه روسیه به تهران رفت.",
	  "role وزیر خارجه روسیه | foreign_minister RUS\nstate تهران | IRN IRN m\n" },
	{ "the state's long name", "رئیس جمهوری اسلامی ایران گفت.",
	  "role رئیس جمهوری اسلامی ایران | president IRN\n" },
	{ "our minister", "وزیر امور خارجه کشورمان در مسکو",
	  "role وزیر امور خارجه کشورمان | foreign_minister IRN\nplace مسکو | RUS RUS m\n" },
	{ "title with an adjective of nation", "وزیر دفاع آمریکایی گفت.",
	  "role وزیر دفاع آمریکایی | defence_minister USA\n" },
	{ "then-minister", "وزیر امور خارجه وقت انگلیس سفر کرد.",
	  "role وزیر امور خارجه وقت انگلیس | foreign_minister/then GBR\n" },
	{ "former president", "رئیس جمهور سابق آمریکا", 
	  "role رئیس جمهور سابق آمریکا | president/former USA\n" },
	{ "president elect", "رئیس جمهور منتخب آمریکا",
	  "role رئیس جمهور منتخب آمریکا | president/elect USA\n" },
	{ "acting minister", "سرپرست وزارت امور خارجه افغانستان",
	  "role سرپرست وزارت امور خارجه افغانستان | head_of_organisation Ministry of Foreign Affairs AFG\n" },
	{ "deputy", "معاون وزیر انرژی روسیه",
	  "role معاون وزیر انرژی روسیه | deputy_minister RUS\n" },
	{ "head of an organisation", "دبیرکل سازمان ملل متحد از هر دو کشور خواست.",
	  "role دبیرکل سازمان ملل متحد | secretary_general United Nations\n"
	  "group هر دو کشور |  g\n" },
	{ "a known head", "ینس استولتنبرگ، دبیرکل ناتو نیز",
	  "person ینس استولتنبرگ، دبیرکل ناتو | jens-stoltenberg secretary_general NATO NOR\n" },
	{ "counterpart", "وی با همتای آمریکایی خود گفتگو کرد.",
	  "pronoun وی | \nrole همتای آمریکایی خود | USA cp\n" },
	{ "counterpart with an ending", "او با همتای روسی‌اش و همتایش دیدار کرد.",
	  "pronoun او | \nrole همتای روسی‌اش | RUS c\nrole همتایش |  cp\n" },
	{ "counterpart with a name", "با همتای روس خود، سرگئی لاوروف، دیدار کرد.",
	  "person همتای روس خود، سرگئی لاوروف | sergey-lavrov foreign_minister RUS cp\n" },
	{ "name with counterpart", "با سرگئي لاوروف همتاي روسي خود سخن گفت.",
	  "person سرگئي لاوروف همتاي روسي خود | sergey-lavrov foreign_minister RUS cp\n" },
	{ "ambassador and post", "جان سالیوان، سفیر آمریکا در مسکو آمد.",
	  "person جان سالیوان، سفیر آمریکا در مسکو | john-sullivan ambassador USA post=مسکو\n" },
	{ "a minister has no post", "وزیر خارجه آمریکا در مسکو گفت.",
	  "role وزیر خارجه آمریکا | foreign_minister USA\nplace مسکو | RUS RUS m\n" },
	{ "envoy to an organisation", "نماینده دائم ایران نزد سازمان ملل گفت.",
	  "role نماینده دائم ایران نزد سازمان ملل | permanent_representative IRN post=سازمان ملل\n" },
	{ "honorific", "ملاقات با آقای لاوروف خوب بود.",
	  "person آقای لاوروف | sergey-lavrov foreign_minister RUS\n" },
	{ "honorific with an unknown name", "خانم گلنوش پارسایان آمد.",
	  "person خانم گلنوش پارسایان | \n" },
	{ "spokesperson", "سخنگوی وزارت امور خارجه چین گفت.",
	  "role سخنگوی وزارت امور خارجه چین | foreign_ministry_spokesperson CHN\n" },
	{ "anonymous official", "یک مقام ارشد آمریکایی و یک منبع آگاه گفتند.",
	  "role یک مقام ارشد آمریکایی | official USA\nrole یک منبع آگاه | source\n" },
	{ "this official", "این مقام روس افزود.", "role این مقام روس | official RUS d\n" },
	{ "a list of ministers", "وزرای خارجه روسیه، ترکیه و ایران دیدار کردند.",
	  "group وزرای خارجه روسیه، ترکیه و ایران | foreign_minister g [RUS TUR IRN]\n" },
	{ "two presidents", "رؤسای جمهور روسیه و ترکیه",
	  "group رؤسای جمهور روسیه و ترکیه | president g [RUS TUR]\n" },
	{ "officials", "مقامات ارشد روسی گفتند.",
	  "group مقامات ارشد روسی | official RUS g\n" },
	{ "leaders of both", "رهبران دو کشور گفتند.", "group رهبران دو کشور | group_leader g\n" },
	{ "speaker of this country", "نخست‌وزیر قرقیزستان و رئیس مجلس این کشور آمدند.",
	  "role نخست‌وزیر قرقیزستان | prime_minister KGZ\n"
	  "role رئیس مجلس این کشور | speaker_of_parliament KGZ d\n" },
	{ "side", "طرف روسی پاسخ داد.", "state طرف روسی | RUS RUS\n" },
	{ "ministry", "وزارت امور خارجه روسیه و وزارت خارجه",
	  "org وزارت امور خارجه روسیه | RUS\norg وزارت خارجه | \n" },
	{ "army of a state", "ارتش ژاپن و دولت ژاپن", "org ارتش ژاپن | JPN\norg دولت ژاپن | JPN\n" },
	{ "no minister", "در دولت برای آن تلاش می‌کنیم.", "" },
	{ "organisation with its short name", "پیمان آتلانتیک شمالی (ناتو) گفت.",
	  "org پیمان آتلانتیک شمالی (ناتو) | nato\n" },
	{ "region", "غرب به مسکو نامه نوشت.", "state غرب | west\nstate مسکو | RUS RUS m\n" },
	{ "on the eve", "در آستانه برگزاری جشن", "" },
	{ "in the city of that name", "در آستانه در سال 2010", "place آستانه | KAZ KAZ m\n" },
	{ "its country", "او گفت کشورش در تلاش است.",
	  "pronoun او | \nstate کشورش |  p\n" },
	{ "this country", "چین گفت این کشور آماده است.",
	  "state چین | CHN CHN\nstate این کشور | CHN CHN\n" },
	{ "agency with its word", "به گزارش خبرگزاری مهر، باران آمد.",
	  "agency خبرگزاری مهر | mehr IRN\n" },
	{ "agency in quotes", "خبرگزاری «تاس» گزارش داد.", "agency خبرگزاری «تاس» | tass RUS\n" },
	{ "ambiguous agency after an opener", "به گزارش مهر، باران آمد.", "agency مهر | mehr IRN\n" },
	{ "the month of that name", "در مهر ماه باران آمد.", "" },
	{ "dateline", "مسکو- ایرنا- باران آمد.", "state مسکو | RUS RUS m\nagency ایرنا | irna IRN\n" },
	{ "unknown agency in quotes", "خبرگزاری «باران‌نیوز» نوشت.",
	  "agency خبرگزاری «باران‌نیوز» | \n" },
	{ "unknown name before a title", "در دیدار با کاوه رستمیان وزیر خارجه ایران",
	  "person کاوه رستمیان وزیر خارجه ایران | foreign_minister IRN\n" },
	{ "unknown name, comma, title", "هندرا ویجایا، رئیس‌جمهور اندونزی گفت.",
	  "person هندرا ویجایا، رئیس‌جمهور اندونزی | president IDN\n" },
	{ "unknown name behind a title", "نخست وزیر آلبانی آربن لکا گفت.",
	  "person نخست وزیر آلبانی آربن لکا | prime_minister ALB\n" },
	{ "what follows a title is no name", "وزیر امور خارجه آمریکا آمادگی ایالات متحده را گفت.",
	  "role وزیر امور خارجه آمریکا | foreign_minister USA\nstate ایالات متحده | USA USA\n" },
	{ "a phrase is no name", "وزیر امور خارجه روسیه ابراز امیدواری کرد.",
	  "role وزیر امور خارجه روسیه | foreign_minister RUS\n" },
	{ "conflicting title", "سرگئی لاوروف، وزیر امور خارجه ایران در تهران گفت.",
	  "person سرگئی لاوروف، وزیر امور خارجه ایران | sergey-lavrov foreign_minister RUS x\n"
	  "place تهران | IRN IRN m\n" },
	{ "two offices", "سرگئی لاوروف، معاون نخست‌وزیر و وزیر خارجه روسیه گفت.",
	  "person سرگئی لاوروف، معاون نخست‌وزیر و وزیر خارجه روسیه | sergey-lavrov deputy_prime_minister RUS\n" },
	{ "surname of a known one", "سرگئی لاوروف آمد. لاوروف گفت.",
	  "person سرگئی لاوروف | sergey-lavrov foreign_minister RUS\n"
	  "person لاوروف | sergey-lavrov foreign_minister RUS >سرگئی لاوروف\n" },
	{ "surname of an unknown one", "ویجایا گفت. هندرا ویجایا، رئیس‌جمهور اندونزی آمد.",
	  "person ویجایا | president IDN >هندرا ویجایا، رئیس‌جمهور اندونزی\n"
	  "person هندرا ویجایا، رئیس‌جمهور اندونزی | president IDN\n" },
	{ "a title before its name", "وزیر خارجه روسیه گفت. سرگئی لاوروف وزیر خارجه روسیه است.",
	  "role وزیر خارجه روسیه | foreign_minister RUS >سرگئی لاوروف وزیر خارجه روسیه\n"
	  "person سرگئی لاوروف وزیر خارجه روسیه | sergey-lavrov foreign_minister RUS\n" },
	{ "a portfolio that no list has", "«اینگرید هاوگن» وزیر توسعه روستایی نروژ گفت.",
	  "person «اینگرید هاوگن» وزیر توسعه روستایی نروژ | minister NOR\n" },
	{ "no portfolio", "وزیر تصریح کرد ایران آماده است.",
	  "role وزیر | minister\nstate ایران | IRN IRN\n" },
	{ "spokesman of this ministry", "وزارت دفاع چین خبر داد. سخنگوی این وزارتخانه گفت.",
	  "org وزارت دفاع چین | CHN\nrole سخنگوی این وزارتخانه | spokesperson CHN d\n" },
	{ "a name with a title of this country", "ژاپن گفت. «مارکوس هالر» سفیر این کشور آمد.",
	  "state ژاپن | JPN JPN\nperson «مارکوس هالر» سفیر این کشور | ambassador JPN d\n" },
	{ "a first name that is a known surname", "پوتین رستمیان سفیر کنیا آمد. لاوروف، بلینکن را دید.",
	  "person پوتین رستمیان سفیر کنیا | ambassador KEN\n"
	  "person لاوروف | sergey-lavrov foreign_minister RUS\n"
	  "person بلینکن | antony-blinken foreign_minister USA\n" },
	{ "nothing", "", "" },
};
/* clang-format on */

static const char *const named_names[] = { "person", "role", "state", "org", "place",
	"agency", "pronoun", "group" };

static void
append(struct pk_buf *out, struct pk_span word)
{
	if (word.len > 0)
		pk_buf_printf(out, " %.*s", PK_SPAN_ARG(word));
}

static void
show_marks(struct pk_buf *out, const struct pk_mention_at *mention)
{
	char marks[8] = "";
	size_t n = 0;

	if (mention->counterpart)
		marks[n++] = 'c';
	if (mention->possessive)
		marks[n++] = 'p';
	if (mention->demonstrative)
		marks[n++] = 'd';
	if (mention->plural)
		marks[n++] = 'g';
	if (mention->metonym)
		marks[n++] = 'm';
	if (mention->role_conflict)
		marks[n++] = 'x';
	if (n > 0)
		pk_buf_printf(out, " %s", marks);
}

static void
show(struct pk_buf *out, const struct pk_mention_at *mention)
{
	const struct pk_entity *entity = &mention->entity;
	const char *status = pk_role_status_name(entity->role.status);

	pk_buf_printf(
	    out, "%s %.*s |", named_names[mention->named], PK_SPAN_ARG(entity->text));
	if (entity->id.len + entity->role.id.len + entity->org.latin.len +
		entity->country.len ==
	    0)
		pk_buf_append_char(out, ' ');
	append(out, entity->id);
	append(out, entity->role.id);
	if (entity->role.status > PK_ROLE_CURRENT)
		pk_buf_printf(out, "/%s", status);
	append(out, entity->org.latin);
	append(out, entity->country);
	if (mention->post.len > 0)
		pk_buf_printf(out, " post=%.*s", PK_SPAN_ARG(mention->post));
	show_marks(out, mention);
	for (size_t i = 0; i < mention->n_members; i++)
		pk_buf_printf(out, "%s%.*s", i == 0 ? " [" : " ",
		    PK_SPAN_ARG(mention->members[i].country));
	if (mention->n_members > 0)
		pk_buf_append_char(out, ']');
	if (mention->antecedent != NULL)
		pk_buf_printf(
		    out, " >%.*s", PK_SPAN_ARG(mention->antecedent->entity.text));
	pk_buf_append_char(out, '\n');
}

static int64_t
day_of(int year, int month, int day)
{
	return pk_gregorian_to_day((struct pk_date){ year, month, day });
}

static struct pk_mentions
find(struct pk_arena *arena, struct pk_text *text, const char *string)
{
	const struct pk_names_context context = {
		.publisher = { .country = PK_SPAN("IRN") },
		.day = day_of(2022, 2, 2),
		.has_day = true,
	};
	struct pk_mentions mentions;

	*text = parse(arena, string);
	assert_int_equal(pk_mentions_find(arena, fa, text, &context, &mentions), 0);
	return mentions;
}

static void
check_case(void **state)
{
	const struct mention_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 22);
	struct pk_text text;
	struct pk_mentions mentions = find(arena, &text, c->text);
	struct pk_buf got;

	pk_buf_init(&got, 0);
	for (size_t i = 0; i < mentions.len; i++)
		show(&got, &mentions.items[i]);
	assert_span(pk_buf_span(&got), c->mentions);
	pk_buf_done(&got);
}

/* A consumer cuts the entity's text out of the article by its range. */
static void
ranges_are_of_the_text(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 22);
	struct pk_text text;
	struct pk_mentions mentions = find(arena, &text,
	    "😀 «سرگئی لاوروف» وزیر خارجه روسیه، در روزگذشته به تهران رفت.");

	(void)state;
	assert_int_equal(mentions.len, 2);
	for (size_t i = 0; i < mentions.len; i++) {
		const struct pk_entity *entity = &mentions.items[i].entity;
		size_t byte = (size_t)(entity->text.ptr - text.bytes.ptr);
		assert_int_equal(entity->range.start,
		    pk_utf8_count(pk_span_slice(text.bytes, 0, byte)));
		assert_int_equal(entity->range.end - entity->range.start,
		    pk_utf8_count(entity->text));
	}
	assert_span(text.tokens[mentions.items[0].head].key, "سرگیی");
}

/* Mentions never overlap and come in order, whatever the text. */
static void
mentions_are_in_order(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 26);
	struct pk_buf all;
	struct pk_text text;

	(void)state;
	pk_buf_init(&all, 0);
	for (size_t i = 0; i < PK_COUNT(cases); i++)
		pk_buf_printf(&all, "%s%s", cases[i].text, i % 3 == 0 ? "\n" : " ");
	struct pk_mentions mentions = find(arena, &text, all.ptr);
	assert_true(mentions.len > PK_COUNT(cases) / 2);
	for (size_t i = 0; i < mentions.len; i++) {
		const struct pk_mention_at *mention = &mentions.items[i];
		assert_true(mention->first < mention->end);
		assert_in_range(mention->head, mention->first, mention->end - 1);
		assert_true(i == 0 || mentions.items[i - 1].end <= mention->first);
	}
	pk_buf_done(&all);
}

/* clang-format off */
static const struct holder_case {
	const char *role; const char *country; int year; int r; const char *id;
} holders[] = {
	{ "foreign_minister", "RUS", 2022, 1, "sergey-lavrov" },
	{ "foreign_minister", "GBR", 2017, 1, "boris-johnson" },
	{ "prime_minister", "GBR", 2021, 1, "boris-johnson" },
	{ "president", "USA", 2018, 1, "donald-trump" },
	{ "president", "USA", 1850, 0, "" },
	{ "ambassador", "XXX", 2018, 0, "" },
	{ "no_such_role", "USA", 2018, 0, "" },
};
/* clang-format on */

/* «وزیر خارجه روسیه» is somebody at a day, and nobody when nobody is known. */
static void
roles_have_holders_at_a_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(holders); i++) {
		struct pk_entity entity = { 0 };
		entity.role.id = pk_span_of(holders[i].role);
		entity.country = pk_span_of(holders[i].country);
		assert_int_equal(
		    pk_role_holder(fa, &entity, day_of(holders[i].year, 6, 1)),
		    holders[i].r);
		assert_span(entity.id, holders[i].id);
	}
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3] = {
		[PK_COUNT(cases)] = cmocka_unit_test(ranges_are_of_the_text),
		[PK_COUNT(cases) + 1] = cmocka_unit_test(mentions_are_in_order),
		[PK_COUNT(cases) + 2] = cmocka_unit_test(roles_have_holders_at_a_day),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/names/mention", tests, load_fa, free_fa);
}
