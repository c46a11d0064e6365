/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/own.h"
#include "extract/pack/pack_priv.h"

#include "base/calendar.h"
#include "extract/pack/grammar.h"

#include <assert.h>
#include <errno.h>

#define OFFICES_MAX 32

/* What a table's reader needs to know of the row it is at. */
struct at {
	struct pk_pack *pack;
	const struct pk_tsv *tsv;
	const struct pk_tsv_row *row;
	struct pk_diag *reterr_diag;
};

static struct pk_span
cell(const struct at *at, struct pk_span column)
{
	return pk_tsv_cell(at->tsv, at->row, column);
}

/* The spellings in the column; of names in Latin letters those that all have where the
 * language has none of its own. */
static struct pk_span
spellings(const struct pk_pack *pack, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_span column)
{
	struct pk_span own = pk_tsv_cell(tsv, row, column);

	return own.len == 0 && pk_span_eq(column, pack->lang) &&
		       pk_pack_is(pack, PK_GRAMMAR_LATIN_NAMES)
		   ? pk_tsv_cell(tsv, row, PK_SPAN("latin"))
		   : own;
}

/*
 * The first of the alternatives in the language's own column, as one would write it:
 * `_` is a ZWNJ.
 */
static struct pk_span
native(const struct at *at)
{
	static const char zwnj[] = "\u200c";
	struct pk_span all = spellings(at->pack, at->tsv, at->row, at->pack->lang);
	struct pk_span name = pk_span_trim(pk_span_split(&all, '|'));
	char *out;
	size_t len = 0;

	if (name.len == 0 || memchr(name.ptr, '_', name.len) == NULL)
		return name;
	out = pk_arena_alloc(at->pack->arena, name.len * 3);
	if (out == NULL)
		return name;
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] != '_') {
			out[len++] = name.ptr[i];
			continue;
		}
		memcpy(out + len, zwnj, sizeof(zwnj) - 1);
		len += sizeof(zwnj) - 1;
	}
	return (struct pk_span){ out, len };
}

static int
wrong(const struct at *at, const char *what, struct pk_span word)
{
	return pk_diag_at(at->reterr_diag, -EBADMSG, at->tsv->path, at->row->line,
	    "%s '%.*s'", what, PK_SPAN_ARG(word));
}

/* The cell in the column country, which may be empty. */
static int
read_country_of(const struct at *at, struct pk_span *country)
{
	*country = cell(at, PK_SPAN("country"));
	return country->len == 0 || pk_known_country_of(at->pack, *country) != NULL
		   ? 0
		   : wrong(at, "there is no country", *country);
}

static bool
is_of(struct pk_span text, const char *letters)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\0' || strchr(letters, text.ptr[i]) == NULL)
			return false;
	}
	return true;
}

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALL    "abcdefghijklmnopqrstuvwxyz"
#define DIGITS   "0123456789"

/* Sectors are published: "GOV", "GOV|MIL". */
static int
read_sector(const struct at *at, struct pk_span *sector)
{
	*sector = cell(at, PK_SPAN("sector"));
	for (struct pk_span rest = *sector; rest.len > 0;) {
		struct pk_span one = pk_span_split(&rest, '|');
		if (one.len != 3 || !is_of(one, CAPITALS))
			return wrong(at, "want a sector like GOV, not", one);
	}
	return 0;
}

static int
read_country(const struct at *at, void *out)
{
	struct pk_known_country *country = out;

	*country = (struct pk_known_country){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
	};
	return 0;
}

static int
read_place(const struct at *at, void *out)
{
	struct pk_known_place *place = out;
	struct pk_span level = cell(at, PK_SPAN("level"));

	*place = (struct pk_known_place){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
		.level = pk_place_level_of(level),
	};
	return place->level == 0 ? wrong(at, "there is no level", level)
				 : read_country_of(at, &place->country);
}

static int
read_org(const struct at *at, void *out)
{
	struct pk_known_org *org = out;
	struct pk_span kind = cell(at, PK_SPAN("kind"));

	*org = (struct pk_known_org){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
		.kind = pk_kind_of(kind),
		.code = cell(at, PK_SPAN("code")),
	};
	if (org->kind == 0)
		return wrong(at, "there is no kind", kind);
	if (!is_of(org->code, CAPITALS))
		return wrong(at, "want a code of capital letters, not", org->code);
	int r = read_sector(at, &org->sector);
	return r < 0 ? r : read_country_of(at, &org->country);
}

static int
read_agency(const struct at *at, void *out)
{
	struct pk_known_agency *agency = out;

	*agency = (struct pk_known_agency){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
		.kind = cell(at, PK_SPAN("kind")),
		.hosts = cell(at, PK_SPAN("hosts")),
	};
	return read_country_of(at, &agency->country);
}

static int
read_role(const struct at *at, void *out)
{
	struct pk_known_role *role = out;
	struct pk_span en = cell(at, PK_SPAN("en"));
	struct pk_span exclusive = cell(at, PK_SPAN("exclusive"));

	*role = (struct pk_known_role){
		.id = cell(at, PK_SPAN("id")),
		.en = pk_span_trim(pk_span_split(&en, '|')),
		.native = native(at),
		.exclusive = pk_span_eq(exclusive, PK_SPAN("yes")),
	};
	return role->exclusive || exclusive.len == 0 ||
		       pk_span_eq(exclusive, PK_SPAN("no"))
		   ? read_sector(at, &role->sector)
		   : wrong(at, "want yes or no, not", exclusive);
}

/* "2004", "2004-03" or "2004-03-09"; `-` is open. */
static int
read_day(struct pk_span text, int64_t open, int64_t *ret_day)
{
	int64_t parts[3] = { 0, 1, 1 };
	struct pk_span rest = text;

	if (pk_span_eq(text, PK_SPAN("-"))) {
		*ret_day = open;
		return 0;
	}
	for (size_t i = 0; i < 3 && rest.ptr != NULL; i++) {
		if (pk_span_to_int64(pk_span_split(&rest, '-'), &parts[i]) < 0)
			return -EBADMSG;
	}
	struct pk_date date = { (int)parts[0], (int)parts[1], (int)parts[2] };
	if (rest.ptr != NULL || parts[0] < 1000 || parts[0] > 9999 ||
	    !pk_gregorian_valid(date))
		return -EBADMSG;
	*ret_day = pk_gregorian_to_day(date);
	return 0;
}

/* `role@WHERE from until`, where WHERE is a country or an organisation. */
static int
read_office(const struct at *at, struct pk_span text, struct pk_known_office *office)
{
	struct pk_span rest = text;
	struct pk_span what = pk_span_split(&rest, ' ');
	struct pk_span from = pk_span_split(&rest, ' ');
	struct pk_span until = rest;
	struct pk_span where = what;
	struct pk_span role = pk_span_split(&where, '@');

	*office = (struct pk_known_office){
		.role = pk_known_role_of(at->pack, role),
		.org = pk_known_org_of(at->pack, where),
		.country = where,
	};
	if (office->role == NULL)
		return wrong(at, "there is no role", role);
	if (office->org != NULL)
		office->country = office->org->country;
	else if (pk_known_country_of(at->pack, where) == NULL)
		return wrong(at, "there is no country or organisation", where);
	if (read_day(from, INT64_MIN, &office->from) < 0)
		return wrong(at, "want a day or -, not", from);
	if (read_day(until, INT64_MAX, &office->until) < 0)
		return wrong(at, "want a day or -, not", until);
	return office->from < office->until
		   ? 0
		   : wrong(at, "the office ends before it begins:", text);
}

static int
read_actor(const struct at *at, void *out)
{
	struct pk_known_actor *actor = out;
	struct pk_span rest = cell(at, PK_SPAN("roles"));
	PK_ARRAY(struct pk_known_office) offices = { 0 };

	*actor = (struct pk_known_actor){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
	};
	int r = read_country_of(at, &actor->country);
	if (r < 0)
		return r;
	while (rest.ptr != NULL) {
		struct pk_span text = pk_span_trim(pk_span_split(&rest, ';'));
		if (text.len == 0)
			continue;
		struct pk_known_office *office =
		    pk_array_push(at->pack->arena, &offices);
		if (office == NULL)
			return -ENOMEM;
		r = read_office(at, text, office);
		if (r < 0)
			return r;
	}
	if (offices.len > OFFICES_MAX)
		return wrong(at, "too many offices:", actor->id);
	actor->offices = offices.items;
	actor->n_offices = offices.len;
	return 0;
}

/* Ids are published: what they may look like. */
struct id_form {
	const char *letters;
	size_t min, max;
	const char *want;
};
static const struct id_form code_form = { CAPITALS, 3, 3, "three capital letters" };
static const struct id_form role_form = { SMALL "_", 1, 64,
	"at most 64 of a to z and _" };
static const struct id_form agency_form = { SMALL DIGITS "-", 1, 32,
	"at most 32 of a to z, 0 to 9 and -" };
static const struct id_form form = { SMALL DIGITS "-", 1, 64,
	"at most 64 of a to z, 0 to 9 and -" };

/* In the order in which they refer to each other. */
static const struct table_kind {
	const char *name;
	size_t size;
	int (*read)(const struct at *at, void *out);
	const struct id_form *id;
} table_kinds[PK_KNOWN_TABLES] = {
	[PK_KNOWN_COUNTRIES] = { "countries", sizeof(struct pk_known_country),
	    read_country, &code_form },
	[PK_KNOWN_PLACES] = { "places", sizeof(struct pk_known_place), read_place,
	    &form },
	[PK_KNOWN_ORGS] = { "organisations", sizeof(struct pk_known_org), read_org,
	    &form },
	[PK_KNOWN_AGENCIES] = { "agencies", sizeof(struct pk_known_agency), read_agency,
	    &agency_form },
	[PK_KNOWN_ROLES] = { "roles", sizeof(struct pk_known_role), read_role,
	    &role_form },
	[PK_KNOWN_ACTORS] = { "actors", sizeof(struct pk_known_actor), read_actor,
	    &form },
};

static int
check_id(const struct at *at, const struct id_form *want, struct pk_span id)
{
	if (id.len == 0)
		return wrong(at, "the id is missing", id);
	if (id.len >= want->min && id.len <= want->max && is_of(id, want->letters))
		return 0;
	return pk_diag_at(at->reterr_diag, -EBADMSG, at->tsv->path, at->row->line,
	    "want an id of %s, not '%.*s'", want->want, PK_SPAN_ARG(id));
}

static int
compare_names(struct pk_span a, struct pk_span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int r = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);

	return r != 0 ? r : (a.len > b.len) - (a.len < b.len);
}

static int
compare_items(const void *left, const void *right)
{
	const struct pk_index_item *a = left, *b = right;

	return compare_names(a->name, b->name);
}

static const void *
find_row(const struct pk_index *index, struct pk_span name)
{
	const struct pk_index_item key = { name, NULL }, *found;

	if (name.len == 0 || index->len == 0)
		return NULL;
	found = bsearch(&key, index->items, index->len, sizeof(key), compare_items);
	return found == NULL ? NULL : found->row;
}

/* Who has rows of a table: the user's own come second and replace ours of that id. */
static bool
is_replaced(const struct pk_pack *pack, size_t table, size_t source, struct pk_span id)
{
	return source == 0 && find_row(&pack->making->own_ids[table], id) != NULL;
}

static int
index_own_ids(struct pk_pack *pack, size_t table)
{
	const struct pk_tsv *own = &pack->making->known[table][1];
	struct pk_index *index = &pack->making->own_ids[table];

	if (own->n_rows == 0)
		return 0;
	index->items = pk_arena_calloc(pack->arena, own->n_rows, sizeof(*index->items));
	if (index->items == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < own->n_rows; i++)
		index->items[i] = (struct pk_index_item){
			pk_tsv_cell(own, &own->rows[i], PK_SPAN("id")), &own->rows[i]
		};
	index->len = own->n_rows;
	qsort(index->items, index->len, sizeof(*index->items), compare_items);
	return 0;
}

/* Reads one file of a table; one that is missing has no rows. */
static int
read_source(struct pk_pack *pack, const char *folder, const char *name,
    struct pk_tsv *tsv, struct pk_diag *reterr_diag)
{
	struct pk_span path = pk_arena_printf(pack->arena, "%s/%s.tsv", folder, name);
	struct pk_diag diag = { .line = 0 };

	if (path.ptr == NULL)
		return -ENOMEM;
	int r = pk_tsv_read(pack->arena, pack->making->arena, path.ptr, tsv, &diag);
	if (r == -ENOENT)
		return 0;
	if (r < 0 && reterr_diag != NULL)
		*reterr_diag = diag;
	return r;
}

/* The last row of the table that has the id: the user's, if they have one. */
static int
wrong_id(const struct pk_pack *pack, size_t table, struct pk_span id, const char *what,
    struct pk_diag *reterr_diag)
{
	struct at at = { .reterr_diag = reterr_diag };

	for (size_t s = 0; s < PK_KNOWN_SOURCES; s++) {
		const struct pk_tsv *tsv = &pack->making->known[table][s];
		for (size_t i = 0; i < tsv->n_rows; i++) {
			if (!pk_span_eq(
				pk_tsv_cell(tsv, &tsv->rows[i], PK_SPAN("id")), id))
				continue;
			at.tsv = tsv;
			at.row = &tsv->rows[i];
		}
	}
	assert(at.tsv != NULL);
	return wrong(&at, what, id);
}

static int
sort_index(struct pk_pack *pack, size_t table, struct pk_diag *reterr_diag)
{
	struct pk_index *index = &pack->by_id[table];

	qsort(index->items, index->len, sizeof(*index->items), compare_items);
	for (size_t i = 1; i < index->len; i++) {
		struct pk_span id = index->items[i].name;
		if (pk_span_eq(index->items[i - 1].name, id))
			return wrong_id(
			    pack, table, id, "the id is there twice:", reterr_diag);
	}
	return 0;
}

/* Fills the rows of a table and its index. */
static int
read_rows(struct at *at, size_t table, char *rows, size_t *ret_n)
{
	const struct table_kind *kind = &table_kinds[table];
	struct pk_index *index = &at->pack->by_id[table];
	const struct pk_tsv *sources = at->pack->making->known[table];

	for (size_t s = 0; s < PK_KNOWN_SOURCES; s++) {
		at->tsv = &sources[s];
		at->pack->making->n_ours[table] = s == 0 ? 0 : index->len;
		for (size_t i = 0; i < sources[s].n_rows; i++) {
			at->row = &sources[s].rows[i];
			struct pk_span id = cell(at, PK_SPAN("id"));
			if (is_replaced(at->pack, table, s, id))
				continue;
			char *row = rows + index->len * kind->size;
			int r = check_id(at, kind->id, id);
			if (r == 0)
				r = kind->read(at, row);
			if (r < 0)
				return r;
			index->items[index->len++] = (struct pk_index_item){ id, row };
		}
	}
	*ret_n = index->len;
	return sort_index(at->pack, table, at->reterr_diag);
}

static int
check_own(struct pk_pack *pack, size_t table, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *ours = &pack->making->known[table][0];
	const struct pk_tsv *own = &pack->making->known[table][1];
	int r = own->n_columns == 0 ? 0 : pk_own_check_columns(own, ours, reterr_diag);

	return r < 0 ? r : index_own_ids(pack, table);
}

static int
load_table(struct pk_pack *pack, const char *const folders[static PK_KNOWN_SOURCES],
    size_t table, void **ret_rows, size_t *ret_n, struct pk_diag *reterr_diag)
{
	struct at at = { .pack = pack, .reterr_diag = reterr_diag };
	size_t room = 1;

	for (size_t s = 0; s < PK_KNOWN_SOURCES; s++) {
		struct pk_tsv *tsv = &pack->making->known[table][s];
		int r = folders[s] == NULL
			    ? 0
			    : read_source(pack, folders[s], table_kinds[table].name,
				  tsv, reterr_diag);
		if (r < 0)
			return r;
		room += tsv->n_rows;
	}
	int r = check_own(pack, table, reterr_diag);
	if (r < 0)
		return r;
	*ret_rows = pk_arena_calloc(pack->arena, room, table_kinds[table].size);
	pack->by_id[table].items =
	    pk_arena_calloc(pack->arena, room, sizeof(struct pk_index_item));
	if (*ret_rows == NULL || pack->by_id[table].items == NULL)
		return -ENOMEM;
	return read_rows(&at, table, *ret_rows, ret_n);
}

static struct pk_span
without_www(struct pk_span host)
{
	return pk_span_starts_with_nocase(host, PK_SPAN("www."))
		   ? pk_span_slice(host, 4, host.len)
		   : host;
}

static int
index_hosts(struct pk_pack *pack)
{
	const struct pk_knowledge *knowledge = &pack->knowledge;
	PK_ARRAY(struct pk_index_item) items = { 0 };

	for (size_t i = 0; i < knowledge->n_agencies; i++) {
		const struct pk_known_agency *agency = &knowledge->agencies[i];
		for (struct pk_span rest = agency->hosts; rest.ptr != NULL;) {
			struct pk_span host = pk_span_trim(pk_span_split(&rest, '|'));
			struct pk_index_item *item = pk_array_push(pack->arena, &items);
			if (item == NULL)
				return -ENOMEM;
			*item = (struct pk_index_item){ without_www(host), agency };
		}
	}
	if (items.len > 0)
		qsort(items.items, items.len, sizeof(*items.items), compare_items);
	pack->by_host = (struct pk_index){ items.items, items.len };
	return 0;
}

/* Who holds an office that has one holder at a time. */
struct holding {
	struct pk_known_office *office;
	const struct pk_known_actor *actor;
	bool own;
};

static int
compare_holdings(const void *left, const void *right)
{
	const struct pk_known_office *a = ((const struct holding *)left)->office;
	const struct pk_known_office *b = ((const struct holding *)right)->office;

	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	if (a->org != b->org)
		return (uintptr_t)a->org < (uintptr_t)b->org ? -1 : 1;
	int r = compare_names(a->country, b->country);
	return r != 0 ? r : (a->from > b->from) - (a->from < b->from);
}

static bool
is_same_office(const struct pk_known_office *a, const struct pk_known_office *b)
{
	return a->role == b->role && a->org == b->org &&
	       pk_span_eq(a->country, b->country);
}

/*
 * Two holders of one office on one day cannot be. Whom the user names follows whom we
 * name, whose time then ends.
 */
static int
check_pair(const struct pk_pack *pack, const struct holding *a, const struct holding *b,
    struct pk_diag *reterr_diag)
{
	if (a->actor == b->actor || !is_same_office(a->office, b->office) ||
	    a->office->until <= b->office->from)
		return 0;
	if (b->own && !a->own && a->office->from < b->office->from) {
		a->office->until = b->office->from;
		return 0;
	}
	const struct holding *at_fault = a->own && !b->own ? a : b;
	char what[192];
	snprintf(what, sizeof(what),
	    "there is another %.*s of %.*s, '%.*s', in the time of",
	    PK_SPAN_ARG(b->office->role->id),
	    PK_SPAN_ARG(
		b->office->org != NULL ? b->office->org->id : b->office->country),
	    PK_SPAN_ARG(at_fault == b ? a->actor->id : b->actor->id));
	return wrong_id(pack, PK_KNOWN_ACTORS, at_fault->actor->id, what, reterr_diag);
}

static int
check_offices(struct pk_pack *pack, struct pk_diag *reterr_diag)
{
	const struct pk_knowledge *knowledge = &pack->knowledge;
	pk_cleanup(pk_freep) struct holding *holdings = NULL;
	size_t n = 0;

	for (size_t i = 0; i < knowledge->n_actors; i++)
		n += knowledge->actors[i].n_offices;
	holdings = calloc(n + 1, sizeof(*holdings));
	if (holdings == NULL)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < knowledge->n_actors; i++) {
		const struct pk_known_actor *actor = &knowledge->actors[i];
		for (size_t o = 0; o < actor->n_offices; o++) {
			if (actor->offices[o].role->exclusive)
				holdings[n++] = (struct holding){ &actor->offices[o],
					actor,
					i >= pack->making->n_ours[PK_KNOWN_ACTORS] };
		}
	}
	qsort(holdings, n, sizeof(*holdings), compare_holdings);
	for (size_t i = 1; i < n; i++) {
		int r = check_pair(pack, &holdings[i - 1], &holdings[i], reterr_diag);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
check_own_folder(const char *own, struct pk_diag *reterr_diag)
{
	const char *names[PK_KNOWN_TABLES];

	for (size_t i = 0; i < PK_KNOWN_TABLES; i++)
		names[i] = table_kinds[i].name;
	return pk_own_check_folder(own, names, PK_KNOWN_TABLES, reterr_diag);
}

int
pk_knowledge_load(
    struct pk_pack *pack, const char *dir, const char *own, struct pk_diag *reterr_diag)
{
	struct pk_knowledge *knowledge = &pack->knowledge;
	struct pk_span ours = pk_arena_printf(pack->arena, "%s/knowledge", dir);
	void *rows[PK_KNOWN_TABLES] = { NULL };
	size_t n[PK_KNOWN_TABLES] = { 0 };

	if (ours.ptr == NULL)
		return -ENOMEM;
	int r = own == NULL ? 0 : check_own_folder(own, reterr_diag);
	if (r < 0)
		return r;
	for (size_t i = 0; i < PK_KNOWN_TABLES; i++) {
		r = load_table(pack, (const char *const[]){ ours.ptr, own }, i,
		    &rows[i], &n[i], reterr_diag);
		if (r < 0)
			return r;
	}
	*knowledge = (struct pk_knowledge){
		rows[PK_KNOWN_COUNTRIES],
		n[PK_KNOWN_COUNTRIES],
		rows[PK_KNOWN_PLACES],
		n[PK_KNOWN_PLACES],
		rows[PK_KNOWN_ORGS],
		n[PK_KNOWN_ORGS],
		rows[PK_KNOWN_AGENCIES],
		n[PK_KNOWN_AGENCIES],
		rows[PK_KNOWN_ROLES],
		n[PK_KNOWN_ROLES],
		rows[PK_KNOWN_ACTORS],
		n[PK_KNOWN_ACTORS],
	};
	r = check_offices(pack, reterr_diag);
	return r < 0 ? r : index_hosts(pack);
}

const struct pk_knowledge *
pk_pack_knowledge(const struct pk_pack *pack)
{
	return &pack->knowledge;
}

const struct pk_known_country *
pk_known_country_of(const struct pk_pack *pack, struct pk_span id)
{
	return find_row(&pack->by_id[PK_KNOWN_COUNTRIES], id);
}

const struct pk_known_org *
pk_known_org_of(const struct pk_pack *pack, struct pk_span id)
{
	return find_row(&pack->by_id[PK_KNOWN_ORGS], id);
}

const struct pk_known_role *
pk_known_role_of(const struct pk_pack *pack, struct pk_span id)
{
	return find_row(&pack->by_id[PK_KNOWN_ROLES], id);
}

const struct pk_known_agency *
pk_known_agency_of(const struct pk_pack *pack, struct pk_span id)
{
	return find_row(&pack->by_id[PK_KNOWN_AGENCIES], id);
}

const struct pk_known_agency *
pk_known_agency_of_host(const struct pk_pack *pack, struct pk_span host)
{
	return find_row(&pack->by_host, without_www(host));
}

static const struct spelling_column {
	const char *suffix;
	enum pk_spelling_kind kind;
} spelling_columns[] = {
	{ "", PK_SPELLING_NAME },
	{ "_adj", PK_SPELLING_ADJECTIVE },
	{ "_metonym", PK_SPELLING_METONYM },
	{ "_short", PK_SPELLING_SHORT },
	{ "_plural", PK_SPELLING_PLURAL },
};

/* Every spelling in one column of one file. */
static int
add_column(const struct pk_pack *pack, size_t table, size_t source,
    struct pk_span column, enum pk_spelling_kind kind, pk_spelling_add *add, void *data)
{
	const struct pk_tsv *tsv = &pack->making->known[table][source];

	for (size_t i = 0; i < tsv->n_rows; i++) {
		const struct pk_tsv_row *row = &tsv->rows[i];
		struct pk_span id = pk_tsv_cell(tsv, row, PK_SPAN("id"));
		if (is_replaced(pack, table, source, id))
			continue;
		for (struct pk_span rest = spellings(pack, tsv, row, column);
		     rest.ptr != NULL;) {
			struct pk_span spelling =
			    pk_span_trim(pk_span_split(&rest, '|'));
			int r = spelling.len == 0
				    ? 0
				    : add(data, kind, spelling,
					  find_row(&pack->by_id[table], id));
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int
pk_known_spellings(
    const struct pk_pack *pack, const char *table, pk_spelling_add *add, void *data)
{
	size_t at = 0;

	while (at < PK_KNOWN_TABLES && strcmp(table_kinds[at].name, table) != 0)
		at++;
	if (at == PK_KNOWN_TABLES)
		return -ENOENT;
	for (size_t c = 0; c < PK_COUNT(spelling_columns); c++) {
		char column[64];
		int len = snprintf(column, sizeof(column), "%.*s%s",
		    PK_SPAN_ARG(pack->lang), spelling_columns[c].suffix);
		const struct pk_span name = { column, (size_t)len };
		for (size_t s = 0; s < PK_KNOWN_SOURCES; s++) {
			int r = add_column(
			    pack, at, s, name, spelling_columns[c].kind, add, data);
			if (r < 0)
				return r;
		}
	}
	return 0;
}
