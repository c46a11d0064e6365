/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peyk-train: learns a language's tagger from annotated sentences. Only the build runs
 * it.
 *
 * usage: peyk-train [--hold N] [--epochs N] DIR LANGUAGE MODEL FILE...
 *
 * A structured averaged perceptron; all of it in integers and in a fixed order, so that
 * the same sentences give the same bytes. With --hold every N-th item is not learned
 * from but measured on, and the figures are printed.
 */
#include "extract/names/names_priv.h"
#include "extract/names/tagger.h"

#include <errno.h>

#define EPOCHS    8
#define ITEM_MAX  (64u << 10)
#define ARENA_MAX ((size_t)2 << 30)
#define DAY       INT64_C(19700) /* any day will do: no date is learned */

struct sentence {
	size_t n;
	const struct pk_features *features;
	enum pk_tag *gold;
	bool held;
};

/* A name in an item, in code points of its text. */
struct span {
	enum pk_tag tag; /* of its begin */
	uint32_t start;
	uint32_t end;
};

struct item {
	char text[ITEM_MAX];
	size_t len;
	uint32_t points;
	struct span spans[1024];
	size_t n_spans;
	size_t open[8]; /* spans that are not closed yet */
	size_t n_open;
};

struct row {
	int32_t now[PK_TAG_LANES];
	int64_t sum[PK_TAG_LANES]; /* of changes, each times when it was made */
};

struct trainer {
	struct pk_arena *arena;
	struct pk_pack *pack;
	PK_ARRAY(struct sentence) sentences;
	struct row *rows; /* PK_TAGGER_BUCKETS, then one for each tag's transitions */
	int64_t steps;
	size_t n_items;
	size_t hold;
	size_t epochs;
};

static enum pk_tag
tag_of(const char *type, bool inside)
{
	if (strncmp(type, "PER ", 4) == 0)
		return PK_TAG_B_PER;
	if (strncmp(type, "ORG ", 4) == 0)
		return inside ? PK_TAG_B_ORG_IN : PK_TAG_B_ORG;
	if (strncmp(type, "LOC ", 4) == 0)
		return inside ? PK_TAG_B_LOC_IN : PK_TAG_B_LOC;
	return strncmp(type, "ROLE ", 5) == 0 ? PK_TAG_B_ROLE : PK_TAG_O;
}

/* Takes one annotated line into the item. Returns 0, or -EBADMSG. */
static int
read_line(struct item *item, const char *line)
{
	for (const char *c = line; *c != '\0'; c++) {
		if (*c == '[') {
			enum pk_tag tag = tag_of(c + 1, item->n_open > 0);
			if (tag == PK_TAG_O || item->n_open == PK_COUNT(item->open) ||
			    item->n_spans == PK_COUNT(item->spans))
				return -EBADMSG;
			item->open[item->n_open++] = item->n_spans;
			item->spans[item->n_spans++] =
			    (struct span){ tag, item->points, 0 };
			c += tag == PK_TAG_B_ROLE ? 5 : 4;
		} else if (*c == ']') {
			if (item->n_open == 0)
				return -EBADMSG;
			item->spans[item->open[--item->n_open]].end = item->points;
		} else if (item->len + 1 == sizeof(item->text)) {
			return -EBADMSG;
		} else {
			item->text[item->len++] = *c;
			item->points += ((unsigned char)*c & 0xC0) != 0x80;
		}
	}
	return item->n_open == 0 ? 0 : -EBADMSG;
}

static void
set_tags(const struct item *item, const struct pk_text *text, enum pk_tag *tags)
{
	for (size_t s = 0; s < item->n_spans; s++) {
		const struct span *span = &item->spans[s];
		for (size_t t = 0; t < text->n_tokens; t++) {
			const struct pk_token *token = &text->tokens[t];
			if (token->start >= span->start && token->end <= span->end)
				tags[t] = span->tag + (token->start > span->start);
		}
	}
}

/* The item's sentences with their features. Returns 0 or -ENOMEM. */
static int
finish_item(struct trainer *t, struct item *item)
{
	const struct pk_names_context context = { .day = DAY, .has_day = true };
	struct pk_span bytes =
	    pk_arena_copy(t->arena, (struct pk_span){ item->text, item->len });
	struct pk_text text;
	struct pk_mentions mentions;
	bool held = t->hold > 0 && t->n_items % t->hold == 0;

	t->n_items++;
	if (pk_text_parse(t->arena, t->pack, bytes, NULL, 0, &text) < 0 ||
	    pk_mentions_find_by_grammar(t->arena, t->pack, &text, &context, &mentions) <
		0)
		return -ENOMEM;
	enum pk_tag *tags = pk_arena_calloc(t->arena, text.n_tokens + 1, sizeof(*tags));
	if (tags == NULL)
		return -ENOMEM;
	set_tags(item, &text, tags);
	for (size_t s = 0; s < text.n_sentences; s++) {
		struct sentence *sentence = pk_array_push(t->arena, &t->sentences);
		size_t first = text.sentences[s].first, end = text.sentences[s].end;
		if (sentence == NULL)
			return -ENOMEM;
		*sentence = (struct sentence){ end - first,
			pk_features_of(t->arena, t->pack, &text, &mentions, first, end),
			tags + first, held };
		if (sentence->features == NULL)
			return -ENOMEM;
	}
	*item = (struct item){ .len = 0 };
	return 0;
}

static int
read_file(struct trainer *t, const char *path)
{
	pk_cleanup(pk_fclosep) FILE *f = fopen(path, "re");
	pk_cleanup(pk_freep) char *line = NULL;
	pk_cleanup(pk_freep) struct item *item = calloc(1, sizeof(*item));
	size_t cap = 0;
	unsigned number = 0;
	int r = 0;

	if (f == NULL || item == NULL) {
		fprintf(stderr, "peyk-train: %s: cannot open\n", path);
		return -EIO;
	}
	while (r == 0 && getline(&line, &cap, f) > 0) {
		number++;
		if (line[0] == '#')
			continue;
		r = line[0] == '\n' ? item->len > 0 ? finish_item(t, item) : 0
				    : read_line(item, line);
	}
	if (r == 0 && item->len > 0)
		r = finish_item(t, item);
	if (r < 0)
		fprintf(stderr, "peyk-train: %s:%u: cannot be learned from\n", path,
		    number);
	return r;
}

static struct row *
transitions_of(const struct trainer *t, enum pk_tag tag)
{
	return &t->rows[PK_TAGGER_BUCKETS + tag];
}

static void
change(struct trainer *t, struct row *row, enum pk_tag tag, int by)
{
	row->now[tag] += by;
	row->sum[tag] += t->steps * by;
}

static int
decode(const struct trainer *t, struct pk_arena *arena, const struct sentence *s,
    enum pk_tag *ret_tags)
{
	int32_t(*scores)[PK_TAG_LANES] = pk_arena_calloc(arena, s->n, sizeof(*scores));
	int32_t transitions[PK_TAGS][PK_TAG_LANES];

	if (scores == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++) {
		for (size_t f = 0; f < s->features[i].n; f++) {
			const struct row *row = &t->rows[s->features[i].rows[f]];
			for (size_t tag = 0; tag < PK_TAGS; tag++)
				scores[i][tag] += row->now[tag];
		}
	}
	for (enum pk_tag tag = 0; tag < PK_TAGS; tag++)
		memcpy(transitions[tag], transitions_of(t, tag)->now,
		    sizeof(transitions[tag]));
	pk_tags_forbid(transitions);
	return pk_tags_best(arena, (const int32_t(*)[PK_TAG_LANES])scores,
	    (const int32_t(*)[PK_TAG_LANES])transitions, s->n, ret_tags);
}

static int
learn(struct trainer *t, const struct sentence *s)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_MAX);
	enum pk_tag *tags =
	    arena == NULL ? NULL : pk_arena_calloc(arena, s->n, sizeof(*tags));
	enum pk_tag left = PK_TAG_O, gold_left = PK_TAG_O;

	if (tags == NULL || decode(t, arena, s, tags) < 0)
		return -ENOMEM;
	t->steps++;
	for (size_t i = 0; i < s->n; i++) {
		enum pk_tag tag = tags[i], gold = s->gold[i];
		for (size_t f = 0; tag != gold && f < s->features[i].n; f++) {
			struct row *row = &t->rows[s->features[i].rows[f]];
			change(t, row, gold, 1);
			change(t, row, tag, -1);
		}
		if (tag != gold || left != gold_left) {
			change(t, transitions_of(t, gold_left), gold, 1);
			change(t, transitions_of(t, left), tag, -1);
		}
		left = tag;
		gold_left = gold;
	}
	return 0;
}

/* Another order each time, and the same on every machine. */
static void
shuffle(uint32_t *order, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		size_t other = (size_t)(*seed >> 33) % i;
		uint32_t moved = order[i - 1];
		order[i - 1] = order[other];
		order[other] = moved;
	}
}

static int
learn_all(struct trainer *t)
{
	size_t n = t->sentences.len;
	pk_cleanup(pk_freep) uint32_t *order = calloc(n + 1, sizeof(*order));
	uint64_t seed = 1;

	if (order == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (size_t epoch = 0; epoch < t->epochs; epoch++) {
		shuffle(order, n, &seed);
		for (size_t i = 0; i < n; i++) {
			const struct sentence *s = &t->sentences.items[order[i]];
			int r = s->held || s->n == 0 ? 0 : learn(t, s);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* The average of a weight over all steps, times the steps. */
static int64_t
average(const struct trainer *t, const struct row *row, size_t tag)
{
	return row->now[tag] * t->steps - row->sum[tag];
}

static int64_t
to_scale(int64_t value, int64_t scale)
{
	return (value * 2 + (value < 0 ? -scale : scale)) / (scale * 2);
}

static int
compare_values(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

/* What becomes 1 of 127. The largest weights must fit: they are those of what is no
 * name, and without them everything is one. */
static int64_t
find_scale(const struct trainer *t)
{
	size_t n = 0;
	pk_cleanup(pk_freep) int64_t *values =
	    calloc((size_t)PK_TAGGER_BUCKETS * PK_TAGS, sizeof(*values));

	for (size_t r = 0; values != NULL && r < PK_TAGGER_BUCKETS; r++) {
		for (size_t tag = 0; tag < PK_TAGS; tag++) {
			int64_t value = average(t, &t->rows[r], tag);
			if (value != 0)
				values[n++] = value < 0 ? -value : value;
		}
	}
	if (n == 0)
		return 1;
	qsort(values, n, sizeof(*values), compare_values);
	int64_t large = values[n - 1 - n / 100000];
	return large < 127 ? 1 : large / 127;
}

static void
make_model(const struct trainer *t, struct pk_tagger *model)
{
	int64_t scale = find_scale(t);

	for (size_t r = 0; r < PK_TAGGER_BUCKETS; r++) {
		for (size_t tag = 0; tag < PK_TAGS; tag++) {
			int64_t value = to_scale(average(t, &t->rows[r], tag), scale);
			model->weights[r][tag] = (int8_t)(value > 127    ? 127
							  : value < -127 ? -127
									 : value);
		}
	}
	for (enum pk_tag tag = 0; tag < PK_TAGS; tag++) {
		const struct row *row = transitions_of(t, tag);
		for (size_t next = 0; next < PK_TAGS; next++)
			model->transitions[tag][next] =
			    (int32_t)to_scale(average(t, row, next), scale);
	}
	pk_tags_forbid(model->transitions);
}

/* Counts of names of a type: right, told, wanted. */
struct figures {
	size_t right;
	size_t told;
	size_t wanted;
};

static int
measure(const struct pk_tagger *model, const struct sentence *s,
    struct figures figures[static PK_TAGS])
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_MAX);
	enum pk_tag *tags =
	    arena == NULL ? NULL : pk_arena_calloc(arena, s->n + 1, sizeof(*tags));

	if (tags == NULL || pk_tagger_decode(arena, model, s->features, s->n, tags) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++) {
		size_t told = pk_tags_name_end(tags, s->n, i),
		       wanted = pk_tags_name_end(s->gold, s->n, i);
		figures[tags[i]].told += told > 0;
		figures[s->gold[i]].wanted += wanted > 0;
		figures[tags[i]].right +=
		    told > 0 && told == wanted && tags[i] == s->gold[i];
	}
	return 0;
}

static void
print_figures(const char *name, const struct figures *f)
{
	printf("%-12s P %.3f R %.3f F1 %.3f of %zu\n", name,
	    f->told == 0 ? 0 : (double)f->right / (double)f->told,
	    f->wanted == 0 ? 0 : (double)f->right / (double)f->wanted,
	    f->told + f->wanted == 0
		? 0
		: 2 * (double)f->right / (double)(f->told + f->wanted),
	    f->wanted);
}

static int
report(const struct trainer *t, const struct pk_tagger *model)
{
	static const struct {
		const char *name;
		enum pk_tag tag;
	} types[] = { { "PER", PK_TAG_B_PER }, { "ORG", PK_TAG_B_ORG },
		{ "LOC", PK_TAG_B_LOC }, { "ROLE", PK_TAG_B_ROLE },
		{ "LOC in ROLE", PK_TAG_B_LOC_IN },
		{ "ORG in ROLE", PK_TAG_B_ORG_IN } };
	struct figures figures[PK_TAGS] = { { 0 } }, all = { 0 };

	for (size_t i = 0; i < t->sentences.len; i++) {
		const struct sentence *s = &t->sentences.items[i];
		if (s->held && measure(model, s, figures) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < PK_COUNT(types); i++) {
		const struct figures *f = &figures[types[i].tag];
		print_figures(types[i].name, f);
		all.right += f->right;
		all.told += f->told;
		all.wanted += f->wanted;
	}
	print_figures("all", &all);
	return 0;
}

static int
write_model(const struct pk_tagger *model, const char *path)
{
	pk_cleanup(pk_fclosep) FILE *f = fopen(path, "we");

	if (f == NULL || fputs(PK_TAGGER_MAGIC, f) < 0 ||
	    fwrite(model, sizeof(*model), 1, f) != 1 || fflush(f) != 0) {
		fprintf(stderr, "peyk-train: %s: cannot write\n", path);
		return -EIO;
	}
	return 0;
}

static int
train(struct trainer *t, char **files, const char *path)
{
	pk_cleanup(pk_freep) struct row *rows =
	    calloc(PK_TAGGER_BUCKETS + PK_TAGS, sizeof(*rows));
	pk_cleanup(pk_freep) struct pk_tagger *model = calloc(1, sizeof(*model));
	int r = 0;

	if (rows == NULL || model == NULL)
		return -ENOMEM;
	t->rows = rows;
	for (; r == 0 && *files != NULL; files++)
		r = read_file(t, *files);
	if (r == 0)
		r = learn_all(t);
	if (r == 0)
		make_model(t, model);
	if (r == 0 && t->hold > 0)
		r = report(t, model);
	return r < 0 ? r : write_model(model, path);
}

int
main(int argc, char **argv)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_MAX);
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
	struct pk_diag diag = { .where = "peyk-train", .what = "no memory" };
	struct trainer trainer = { .arena = arena, .epochs = EPOCHS };
	int first = 1;

	for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
		size_t *option = strcmp(argv[first], "--hold") == 0 ? &trainer.hold
								    : &trainer.epochs;
		*option = strtoul(argv[first + 1], NULL, 10);
	}
	if (argc - first < 4) {
		fputs("usage: peyk-train [--hold N] [--epochs N] DIR LANGUAGE MODEL "
		      "FILE...\n",
		    stderr);
		return 2;
	}
	if (arena == NULL ||
	    pk_pack_load(argv[first], argv[first + 1], NULL, &pack, &diag) < 0) {
		fprintf(stderr, "peyk-train: %s:%u: %s\n", diag.where, diag.line,
		    diag.what);
		return 1;
	}
	trainer.pack = pack;
	return train(&trainer, argv + first + 3, argv[first + 2]) < 0;
}
