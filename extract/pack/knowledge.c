/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/pack_priv.h"

#include "base/calendar.h"

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

/*
 * The first of the alternatives in the language's own column, as one would write it:
 * `_` is a ZWNJ.
 */
static struct pk_span
native(const struct at *at)
{
	static const char zwnj[] = "\u200c";
	struct pk_span all = cell(at, at->pack->lang);
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

static int
read_country(const struct at *at, void *out)
{
	struct pk_known_country *country = out;

	*country = (struct pk_known_country){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
	};
	return country->id.len == 3 ? 0 : wrong(at, "no alpha-3 code:", country->id);
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
		.country = cell(at, PK_SPAN("country")),
		.level = pk_place_level_of(level),
	};
	return place->level == 0 ? wrong(at, "there is no level", level) : 0;
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
		.country = cell(at, PK_SPAN("country")),
		.sector = cell(at, PK_SPAN("sector")),
		.code = cell(at, PK_SPAN("code")),
	};
	return org->kind == 0 ? wrong(at, "there is no kind", kind) : 0;
}

static int
read_agency(const struct at *at, void *out)
{
	*(struct pk_known_agency *)out = (struct pk_known_agency){
		.id = cell(at, PK_SPAN("id")),
		.latin = cell(at, PK_SPAN("latin")),
		.native = native(at),
		.country = cell(at, PK_SPAN("country")),
		.kind = cell(at, PK_SPAN("kind")),
		.hosts = cell(at, PK_SPAN("hosts")),
	};
	return 0;
}

static int
read_role(const struct at *at, void *out)
{
	*(struct pk_known_role *)out = (struct pk_known_role){
		.id = cell(at, PK_SPAN("id")),
		.en = cell(at, PK_SPAN("en")),
		.native = native(at),
		.sector = cell(at, PK_SPAN("sector")),
		.exclusive = pk_span_eq(cell(at, PK_SPAN("exclusive")), PK_SPAN("yes")),
	};
	return 0;
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
		.country = cell(at, PK_SPAN("country")),
	};
	while (rest.ptr != NULL) {
		struct pk_span text = pk_span_trim(pk_span_split(&rest, ';'));
		if (text.len == 0)
			continue;
		struct pk_known_office *office =
		    pk_array_push(at->pack->arena, &offices);
		if (office == NULL)
			return -ENOMEM;
		int r = read_office(at, text, office);
		if (r < 0)
			return r;
	}
	if (offices.len > OFFICES_MAX)
		return wrong(at, "too many offices:", actor->id);
	actor->offices = offices.items;
	actor->n_offices = offices.len;
	return 0;
}

/* In the order in which they refer to each other. */
static const struct table_kind {
	const char *name;
	size_t size;
	int (*read)(const struct at *at, void *out);
} table_kinds[PK_KNOWN_TABLES] = {
	[PK_KNOWN_COUNTRIES] = { "countries", sizeof(struct pk_known_country),
	    read_country },
	[PK_KNOWN_PLACES] = { "places", sizeof(struct pk_known_place), read_place },
	[PK_KNOWN_ORGS] = { "organisations", sizeof(struct pk_known_org), read_org },
	[PK_KNOWN_AGENCIES] = { "agencies", sizeof(struct pk_known_agency),
	    read_agency },
	[PK_KNOWN_ROLES] = { "roles", sizeof(struct pk_known_role), read_role },
	[PK_KNOWN_ACTORS] = { "actors", sizeof(struct pk_known_actor), read_actor },
};

static int
load_table(struct pk_pack *pack, const char *dir, size_t table, void **ret_rows,
    struct pk_diag *reterr_diag)
{
	const struct table_kind *kind = &table_kinds[table];
	struct pk_tsv *tsv = &pack->known[table];
	struct at at = { pack, tsv, NULL, reterr_diag };
	struct pk_span path =
	    pk_arena_printf(pack->arena, "%s/knowledge/%s.tsv", dir, kind->name);

	pack->by_id[table] = pk_map_new();
	if (path.ptr == NULL || pack->by_id[table] == NULL)
		return -ENOMEM;
	int r = pk_tsv_read(pack->arena, path.ptr, tsv, reterr_diag);
	if (r == -ENOENT) /* a part of the knowledge may be missing */
		return 0;
	if (r < 0)
		return r;
	char *rows = pk_arena_calloc(pack->arena, tsv->n_rows + 1, kind->size);
	if (rows == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < tsv->n_rows; i++) {
		char *row = rows + i * kind->size;
		at.row = &tsv->rows[i];
		r = kind->read(&at, row);
		if (r < 0)
			return r;
		struct pk_span id = cell(&at, PK_SPAN("id"));
		if (id.len == 0 || pk_map_get(pack->by_id[table], id) != NULL)
			return wrong(&at, "the id is missing or there twice:", id);
		if (pk_map_set(pack->by_id[table], id, row) < 0)
			return -ENOMEM;
	}
	*ret_rows = rows;
	return 0;
}

static struct pk_span
without_www(struct pk_span host)
{
	return pk_span_starts_with_nocase(host, PK_SPAN("www."))
		   ? pk_span_slice(host, 4, host.len)
		   : host;
}

static int
index_hosts(struct pk_pack *pack, struct pk_known_agency *agencies, size_t n)
{
	pack->by_host = pk_map_new();
	if (pack->by_host == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		for (struct pk_span rest = agencies[i].hosts; rest.ptr != NULL;) {
			struct pk_span host = pk_span_trim(pk_span_split(&rest, '|'));
			if (pk_map_set(pack->by_host, without_www(host), &agencies[i]) <
			    0)
				return -ENOMEM;
		}
	}
	return 0;
}

int
pk_knowledge_load(struct pk_pack *pack, const char *dir, struct pk_diag *reterr_diag)
{
	struct pk_knowledge *knowledge = &pack->knowledge;
	void *rows[PK_KNOWN_TABLES] = { NULL };

	for (size_t i = 0; i < PK_KNOWN_TABLES; i++) {
		int r = load_table(pack, dir, i, &rows[i], reterr_diag);
		if (r < 0)
			return r;
	}
	knowledge->countries = rows[PK_KNOWN_COUNTRIES];
	knowledge->n_countries = pack->known[PK_KNOWN_COUNTRIES].n_rows;
	knowledge->places = rows[PK_KNOWN_PLACES];
	knowledge->n_places = pack->known[PK_KNOWN_PLACES].n_rows;
	knowledge->orgs = rows[PK_KNOWN_ORGS];
	knowledge->n_orgs = pack->known[PK_KNOWN_ORGS].n_rows;
	knowledge->agencies = rows[PK_KNOWN_AGENCIES];
	knowledge->n_agencies = pack->known[PK_KNOWN_AGENCIES].n_rows;
	knowledge->roles = rows[PK_KNOWN_ROLES];
	knowledge->n_roles = pack->known[PK_KNOWN_ROLES].n_rows;
	knowledge->actors = rows[PK_KNOWN_ACTORS];
	knowledge->n_actors = pack->known[PK_KNOWN_ACTORS].n_rows;
	return index_hosts(pack, rows[PK_KNOWN_AGENCIES], knowledge->n_agencies);
}

const struct pk_knowledge *
pk_pack_knowledge(const struct pk_pack *pack)
{
	return &pack->knowledge;
}

const struct pk_known_country *
pk_known_country_of(const struct pk_pack *pack, struct pk_span id)
{
	return pk_map_get(pack->by_id[PK_KNOWN_COUNTRIES], id);
}

const struct pk_known_org *
pk_known_org_of(const struct pk_pack *pack, struct pk_span id)
{
	return pk_map_get(pack->by_id[PK_KNOWN_ORGS], id);
}

const struct pk_known_role *
pk_known_role_of(const struct pk_pack *pack, struct pk_span id)
{
	return pk_map_get(pack->by_id[PK_KNOWN_ROLES], id);
}

const struct pk_known_agency *
pk_known_agency_of(const struct pk_pack *pack, struct pk_span id)
{
	return pk_map_get(pack->by_id[PK_KNOWN_AGENCIES], id);
}

const struct pk_known_agency *
pk_known_agency_of_host(const struct pk_pack *pack, struct pk_span host)
{
	return pk_map_get(pack->by_host, without_www(host));
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

int
pk_known_spellings(const struct pk_pack *pack, const char *table,
    int (*add)(void *data, enum pk_spelling_kind kind, struct pk_span spelling,
	const void *row),
    void *data)
{
	size_t at = 0;

	while (at < PK_KNOWN_TABLES && strcmp(table_kinds[at].name, table) != 0)
		at++;
	if (at == PK_KNOWN_TABLES)
		return -ENOENT;
	const struct pk_tsv *tsv = &pack->known[at];
	for (size_t c = 0; c < PK_COUNT(spelling_columns); c++) {
		char column[64];
		int len = snprintf(column, sizeof(column), "%.*s%s",
		    PK_SPAN_ARG(pack->lang), spelling_columns[c].suffix);
		int number =
		    pk_tsv_column(tsv, (struct pk_span){ column, (size_t)len });
		for (size_t i = 0; number >= 0 && i < tsv->n_rows; i++) {
			const struct pk_tsv_row *row = &tsv->rows[i];
			const void *known = pk_map_get(
			    pack->by_id[at], pk_tsv_cell(tsv, row, PK_SPAN("id")));
			for (struct pk_span rest = row->cells[number];
			     rest.ptr != NULL;) {
				struct pk_span spelling =
				    pk_span_trim(pk_span_split(&rest, '|'));
				int r = spelling.len == 0
					    ? 0
					    : add(data, spelling_columns[c].kind,
						  spelling, known);
				if (r < 0)
					return r;
			}
		}
	}
	return 0;
}
