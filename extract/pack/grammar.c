/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/grammar.h"

#include "extract/pack/pack_priv.h"

#include <errno.h>

static const char *const switch_names[PK_GRAMMAR_SWITCH_COUNT] = {
#define SWITCH(NAME, name) [PK_GRAMMAR_##NAME] = name,
	PK_GRAMMAR_SWITCHES(SWITCH)
#undef SWITCH
};

int
pk_grammar_load(struct pk_pack *pack, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "grammar");

	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		const struct pk_tsv_row *row = &tsv->rows[i];
		struct pk_span name = pk_tsv_cell(tsv, row, PK_SPAN("switch"));
		size_t at = 0;
		if (pk_span_eq(name, PK_SPAN("article"))) {
			pack->article = pk_tsv_cell(tsv, row, PK_SPAN("value"));
			if (pack->article.len > PK_ARTICLE_MAX)
				return pk_diag_at(reterr_diag, -EBADMSG, tsv->path,
				    row->line, "the article is too long");
			continue;
		}
		if (pk_span_eq(name, PK_SPAN("contracted"))) {
			pack->contracted = pk_tsv_cell(tsv, row, PK_SPAN("value"));
			continue;
		}
		while (at < PK_GRAMMAR_SWITCH_COUNT &&
		       !pk_span_eq(name, pk_span_of(switch_names[at])))
			at++;
		if (at == PK_GRAMMAR_SWITCH_COUNT)
			return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
			    "there is no switch '%.*s'", PK_SPAN_ARG(name));
		pack->grammar |= 1U << at;
	}
	return 0;
}

bool
pk_pack_is(const struct pk_pack *pack, enum pk_grammar_switch which)
{
	return (pack->grammar & 1U << which) != 0;
}

struct pk_span
pk_pack_article(const struct pk_pack *pack)
{
	return pack->article;
}

struct pk_span
pk_pack_with_article(
    const struct pk_pack *pack, struct pk_arena *arena, struct pk_span word)
{
	struct pk_span article = pack->article;

	if (article.len == 0 || word.len == 0)
		return (struct pk_span){ NULL, 0 };
	if (word.len > article.len * 2 && pk_span_starts_with(word, article))
		return pk_span_slice(word, article.len, word.len);
	return pk_arena_printf(
	    arena, "%.*s%.*s", PK_SPAN_ARG(article), PK_SPAN_ARG(word));
}

struct pk_span
pk_pack_uncontracted(
    const struct pk_pack *pack, struct pk_arena *arena, struct pk_span phrase)
{
	const struct pk_span none = { NULL, 0 };
	struct pk_span out = none;

	if (pack->contracted.len == 0)
		return none;
	for (struct pk_span rest = phrase; rest.ptr != NULL;) {
		struct pk_span word = pk_span_split(&rest, ' ');
		if (out.len == 0 || !pk_span_starts_with(word, pack->contracted)) {
			out = pk_arena_printf(
			    arena, "%.*s %.*s", PK_SPAN_ARG(out), PK_SPAN_ARG(word));
			continue;
		}
		struct pk_span stem =
		    pk_span_slice(word, pack->contracted.len, word.len);
		out = pk_arena_printf(arena, "%.*s %.*s%.*s%.*s", PK_SPAN_ARG(out),
		    PK_SPAN_ARG(pack->contracted), PK_SPAN_ARG(pack->article),
		    PK_SPAN_ARG(stem));
	}
	return out.len > phrase.len + 1 ? out : none;
}
