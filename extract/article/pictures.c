/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/pictures.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "extract/article/addresses.h"
#include "extract/article/body.h"
#include "extract/article/line.h"

#include <errno.h>

#define PICTURES_MAX 24
#define CAPTION_MAX  600 /* code points; a longer text is none */
#define ALT_MAX      300

/* Pixels: what is smaller is an icon. */
#define SIDE_MIN 100

/* Blocks above the text, where no title is: captions of the pictures there. */
#define OVER 3

/* So far up from a picture is the element that holds its caption, too. */
#define UP_MAX 5

/* ---- addresses ------------------------------------------------------------------ */

static bool
is_usable(struct pk_span src)
{
	return src.len > 0 && !pk_span_starts_with(src, PK_SPAN("data:")) &&
	       !pk_span_starts_with(src, PK_SPAN("about:"));
}

/* The last and mostly largest of "a.jpg 480w, b.jpg 960w". */
static struct pk_span
last_of_set(struct pk_span set)
{
	struct pk_span last = { NULL, 0 };

	while (set.ptr != NULL) {
		struct pk_span rest = pk_span_trim(pk_span_split(&set, ','));
		struct pk_span url = pk_span_split(&rest, ' ');
		if (url.len > 4)
			last = url;
	}
	return last;
}

/* Pictures that are fetched late have their address in another attribute. */
static struct pk_span
source_of(const struct pk_page *page, uint32_t n)
{
	static const char *const names[] = { "data-src", "data-original",
		"data-lazy-src", "data-original-src", "data-lazyload", "src" };
	static const char *const sets[] = { "data-srcset", "data-lazy-srcset",
		"srcset" };

	for (size_t i = 0; i < PK_COUNT(names); i++) {
		struct pk_span src = pk_span_trim(pk_page_attribute(page, n, names[i]));
		if (is_usable(src))
			return src;
	}
	for (size_t i = 0; i < PK_COUNT(sets); i++) {
		struct pk_span src = last_of_set(pk_page_attribute(page, n, sets[i]));
		if (is_usable(src))
			return src;
	}
	return (struct pk_span){ NULL, 0 };
}

static bool
is_small(const struct pk_page *page, uint32_t n)
{
	static const char *const sides[] = { "width", "height" };

	for (size_t i = 0; i < PK_COUNT(sides); i++) {
		int64_t pixels;
		if (pk_span_to_int64(pk_page_attribute(page, n, sides[i]), &pixels) ==
			0 &&
		    pixels > 0 && pixels < SIDE_MIN)
			return true;
	}
	return false;
}

static bool
is_icon(const struct pk_page *page, uint32_t n, struct pk_span src)
{
	static const char *const words[] = { ".svg", "/emoji", "smilies", "gravatar",
		"avatar", "spacer", "pixel", "blank.gif", "/icons/", "logo", "arrow" };

	for (size_t i = 0; i < PK_COUNT(words); i++) {
		if (pk_span_find(src, pk_span_of(words[i]), 0) != SIZE_MAX)
			return true;
	}
	return is_small(page, n);
}

/* ---- captions ------------------------------------------------------------------- */

/* The first of the marked elements that stands behind `n`. */
static size_t
first_marked_behind(const struct pk_metadata *m, uint32_t n)
{
	size_t low = 0, high = m->marked.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (m->marked.items[middle] <= n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The caption in an element, or absent. */
static struct pk_span
caption_in(const struct pk_metadata *m, uint32_t n)
{
	const struct pk_node *nodes = m->page->nodes.items;

	for (size_t i = first_marked_behind(m, n);
	     i < m->marked.len && m->marked.items[i] < nodes[n].end; i++) {
		const struct pk_node *node = &nodes[m->marked.items[i]];
		if (node->tag != PK_TAG_FIGCAPTION &&
		    (node->flags & PK_HINT_CAPTION) == 0)
			continue;
		struct pk_span text = pk_page_text_of(m->page, m->marked.items[i]);
		if (text.len > 0 && pk_utf8_count(text) <= CAPTION_MAX)
			return text;
	}
	return (struct pk_span){ NULL, 0 };
}

/* The caption of a picture: in its figure, or in a small element around it. */
static struct pk_span
caption_of(const struct pk_metadata *m, uint32_t n)
{
	const struct pk_node *nodes = m->page->nodes.items;
	uint32_t up = nodes[n].parent;

	for (unsigned i = 0; i < UP_MAX && up != PK_NO_NODE; i++) {
		const struct pk_node *node = &nodes[up];
		bool own =
		    node->tag == PK_TAG_FIGURE || (node->flags & PK_HINT_CAPTION) != 0;
		/* What has more text is no longer about the picture alone. */
		if (node->end_block - node->first_block > 4)
			break;
		struct pk_span text = caption_in(m, up);
		if (text.len == 0 && own)
			text = pk_page_text_of(m->page, up);
		if (text.len > 0)
			return pk_utf8_count(text) <= CAPTION_MAX
				   ? text
				   : (struct pk_span){ NULL, 0 };
		if (own)
			break;
		up = node->parent;
	}
	return (struct pk_span){ NULL, 0 };
}

/* ---- links ----------------------------------------------------------------------- */

static bool
is_picture_address(struct pk_span href)
{
	static const char *const ends[] = { ".jpg", ".jpeg", ".png", ".webp", ".gif",
		".avif" };

	for (size_t i = 0; i < PK_COUNT(ends); i++) {
		size_t at = pk_span_find(href, pk_span_of(ends[i]), 0);
		if (at != SIZE_MAX)
			return true;
	}
	return false;
}

/* Does the picture stand for another page? One that leads to itself, larger, does not.
 */
static bool
is_of_other_page(const struct pk_metadata *m, uint32_t n)
{
	const struct pk_node *nodes = m->page->nodes.items;
	struct pk_span href, url;

	if ((nodes[n].inherited & PK_HINT_LINK) == 0)
		return false;
	while (n != PK_NO_NODE && (nodes[n].flags & PK_HINT_LINK) == 0)
		n = nodes[n].parent;
	if (n == PK_NO_NODE)
		return false;
	href = pk_page_attribute(m->page, n, "href");
	if (href.len == 0 || href.ptr[0] == '#' || is_picture_address(href) ||
	    pk_span_starts_with(href, PK_SPAN("javascript")))
		return false;
	return pk_address_resolve(m, href, &url) == 0 &&
	       !pk_span_eq(url, m->article->canonical_url);
}

/* ---- the list ------------------------------------------------------------------- */

static bool
is_of_article(const struct pk_metadata *m, const struct pk_heading_places *places,
    const struct pk_pair *image)
{
	const struct pk_node *node = &m->page->nodes.items[image->node];
	uint32_t first = places->title_block < places->body_block ? places->title_block
			 : places->body_block > OVER ? places->body_block - OVER
						     : 0;
	const unsigned banned = PK_HINT_HIDDEN | PK_HINT_FURNITURE | PK_HINT_COMMENT |
				PK_HINT_SILENT | PK_HINT_NEG | PK_HINT_NOTICE |
				PK_HINT_BYLINE;

	return (node->inherited & banned) == 0 && image->block >= first &&
	       image->block <= places->body_end &&
	       (node->inherited & PK_HINT_LEAD) == 0;
}

/* Adds a picture that is not there yet. Returns 0 or -ENOMEM. */
static int
add(struct pk_metadata *m, const struct pk_pair *image, struct pk_picture *pictures)
{
	struct pk_article *a = m->article;
	struct pk_span src = source_of(m->page, image->node), url;

	if (src.len == 0 || is_icon(m->page, image->node, src))
		return 0;
	int r = pk_address_resolve(m, src, &url);
	if (r < 0 || url.len == 0)
		return r;
	for (size_t i = 0; i < a->n_images; i++) {
		if (pk_span_eq(pictures[i].url, url))
			return 0;
	}
	struct pk_span alt =
	    pk_line_trim(pk_page_attribute(m->page, image->node, "alt"));
	struct pk_span caption = caption_of(m, image->node);
	if (caption.len == 0 && is_of_other_page(m, image->node))
		return 0;
	bool says = pk_line_has_letter(alt) && pk_utf8_count(alt) <= ALT_MAX &&
		    !pk_line_same(alt, caption);
	pictures[a->n_images++] = (struct pk_picture){
		.url = url,
		.caption = caption,
		.alt = says ? pk_arena_copy(m->page->arena, alt)
			    : (struct pk_span){ NULL, 0 },
	};
	return 0;
}

int
pk_pictures_read(struct pk_metadata *m, const struct pk_heading_places *places)
{
	struct pk_article *a = m->article;
	struct pk_picture *pictures = NULL;
	int r = 0;

	for (size_t i = 0; i < m->page->images.len && r == 0; i++) {
		const struct pk_pair *image = &m->page->images.items[i];
		if (a->n_images == PICTURES_MAX || !is_of_article(m, places, image))
			continue;
		if (pictures == NULL)
			pictures = pk_arena_calloc(
			    m->page->arena, PICTURES_MAX, sizeof(*pictures));
		if (pictures == NULL)
			return -ENOMEM;
		a->images = pictures;
		r = add(m, image, pictures);
	}
	if (r < 0 || a->n_images == 0)
		return r;
	r = pk_article_note(m->page->arena, a, "images", "body");
	return r < 0 ? r
		     : pk_metadata_set(m, &a->image, "image", a->images[0].url, "body");
}
