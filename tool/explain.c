/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/explain.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* Columns of what is cut. */
#define TEXT_COLUMNS 60
#define PATH_COLUMNS 70

struct out {
	struct pk_line line;
	const struct pk_style *style;
	struct pk_buf *text;
	int r;
};

static void
begin(struct out *out)
{
	pk_line_init(&out->line, out->style, out->text);
}

static void
end(struct out *out)
{
	if (pk_line_end(&out->line) < 0 || pk_buf_append(out->text, PK_SPAN("\n")) < 0)
		out->r = -ENOMEM;
}

/* Our own words, with numbers. */
static void __attribute__((format(printf, 2, 3)))
put(struct out *out, const char *format, ...)
{
	char words[160];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	pk_line_put(&out->line, words);
}

static void
put_text(struct out *out, struct pk_span text, unsigned columns)
{
	put(out, "  \"");
	pk_line_text(&out->line, text, columns);
	put(out, "\"");
}

static void
put_rule(struct out *out, const struct pk_explained_rule *rule)
{
	begin(out);
	if (rule->key == NULL) {
		put(out, "  rule %s%s holds by its %s", rule->rule,
		    rule->own ? " (yours)" : "", rule->by);
	} else {
		pk_line_paint(
		    &out->line, rule->found == 0 ? PK_PAINT_DIM : PK_PAINT_PLAIN);
		put(out, "    %-9s %4zu found  ", rule->key, rule->found);
		pk_line_text(&out->line, rule->selectors, 0);
	}
	end(out);
}

/* The value of a field by its name in the records. */
static struct pk_span
value_of(const struct pk_article *a, const char *name)
{
	const struct {
		const char *name;
		struct pk_span value;
	} values[] = {
		{ "title", a->title },
		{ "kicker", a->kicker },
		{ "lead", a->lead },
		{ "byline", a->byline },
		{ "published", a->published },
		{ "modified", a->modified },
		{ "language", a->language },
		{ "site", a->site },
		{ "section", a->section },
		{ "image", a->image },
		{ "canonical_url", a->canonical_url },
		{ "tags", a->n_tags > 0 ? a->tags[0] : (struct pk_span){ NULL, 0 } },
	};

	for (size_t i = 0; i < PK_COUNT(values); i++) {
		if (strcmp(values[i].name, name) == 0)
			return values[i].value;
	}
	return (struct pk_span){ NULL, 0 };
}

static void
put_fields(struct out *out, const struct pk_article *article)
{
	for (size_t i = 0; i < article->n_found; i++) {
		const struct pk_found *found = &article->found[i];
		begin(out);
		put(out, "  %-13s by %s", found->field, found->where);
		pk_line_pad(&out->line, 45);
		put_text(out, value_of(article, found->field), TEXT_COLUMNS);
		end(out);
	}
}

static void
put_container(struct out *out, const char *reason, const struct pk_explained *x)
{
	if (x->rule_why_not != NULL) {
		begin(out);
		put(out, "  the rule's body is not used: %s", x->rule_why_not);
		end(out);
	}
	begin(out);
	put(out, "  text          ");
	if (x->path.ptr == NULL) {
		put(out, "nowhere");
	} else {
		put(out, "by %s: %.0f good code points, %.0f %% of the page's, in ",
		    x->method, x->good, 100 * x->share);
		pk_line_text(&out->line, x->path, PATH_COLUMNS);
	}
	end(out);
	begin(out);
	if (reason != NULL)
		put(out, "  no article    %s", reason);
	else
		put(out, "  an article    confidence %.2f", x->confidence);
	end(out);
}

static void
put_block(struct out *out, const struct pk_explained_block *block)
{
	begin(out);
	pk_line_paint(&out->line, block->taken ? PK_PAINT_PLAIN : PK_PAINT_DIM);
	put(out, "  %c %5.0f of %-5u %-9s %s", block->taken ? '+' : '-', block->good,
	    block->points, block->kind, block->why);
	pk_line_pad(&out->line, 62);
	pk_line_text(&out->line, block->path, PATH_COLUMNS);
	put_text(out, block->text, TEXT_COLUMNS);
	end(out);
}

int
pk_explain_render(const char *path, const char *reason, const struct pk_explained *x,
    const struct pk_style *style, struct pk_buf *ret_text)
{
	struct out out = { .style = style, .text = ret_text };

	begin(&out);
	pk_line_text(&out.line, pk_span_of(path), 0);
	end(&out);
	for (size_t i = 0; i < x->n_rules; i++)
		put_rule(&out, &x->rules[i]);
	put_fields(&out, &x->article);
	put_container(&out, reason, x);
	if (x->n_blocks > 0) {
		begin(&out);
		put(&out,
		    "  the blocks of the page, + those in the text: how good, of how "
		    "many code points; kind; why; where; what");
		end(&out);
	}
	for (size_t i = 0; i < x->n_blocks; i++)
		put_block(&out, &x->blocks[i]);
	return out.r;
}
