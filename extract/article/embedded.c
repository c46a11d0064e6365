/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/embedded.h"

#include "base/utf8.h"
#include "extract/article/entity.h"
#include "extract/article/line.h"

#include <errno.h>

/* Lengths in code points. */
#define TEXT_MIN  400 /* a shorter text is a teaser */
#define BLOCK_MIN 25  /* a shorter block is found anywhere */

/* So much of the text must stand on the page to be believed. */
#define SHOWN_MIN 0.75

/* More than this share behind its end is no furniture. */
#define CUT_SHARE 0.2

/* Bytes that are looked through at most: a page whose blocks are all elsewhere. */
#define WORK_MAX (size_t)(64 << 20)

struct match {
	struct pk_span key; /* the text, folded */
	bool *told;         /* of its bytes: a block of the container says it */
	size_t at;          /* blocks mostly come in order */
	size_t work;
	char *room; /* for a block's key */
};

/* Letters and digits, folded; `room` has at least as many bytes as `text`, and 4. */
static struct pk_span
fold(struct pk_span text, char *room)
{
	size_t len = 0;

	for (size_t at = 0; at < text.len && len <= text.len;) {
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
		if (!pk_line_is_word(point) || (point = pk_line_fold(point)) == 0)
			continue;
		len += pk_utf8_encode(point, room + len);
	}
	return (struct pk_span){ room, len };
}

/* Where the text says what the block says; an absent span where it does not. */
static struct pk_span
find_said(struct match *m, const struct pk_block *block)
{
	const struct pk_span absent = { NULL, 0 };

	if (block->points < BLOCK_MIN || m->work > WORK_MAX)
		return absent;
	struct pk_span key = fold(block->text, m->room);
	if (key.len == 0)
		return absent;
	size_t found = pk_span_find(m->key, key, m->at);
	m->work += (found == SIZE_MAX ? m->key.len : found) - m->at;
	if (found == SIZE_MAX && m->at > 0) {
		found = pk_span_find(m->key, key, 0);
		m->work += found == SIZE_MAX ? m->key.len : found;
	}
	if (found == SIZE_MAX)
		return absent;
	m->at = found + key.len;
	return pk_span_slice(m->key, found, m->at);
}

/*
 * What the container's blocks say of the text, then what others say of the rest: a
 * teaser or a copy for small screens says nothing new. Returns the points told.
 */
static size_t
mark_said(struct match *m, const struct pk_page *page, const bool *in, bool inside,
    bool *said)
{
	size_t points = 0;

	for (size_t b = 0; b < page->blocks.len; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		if ((in[b] && !block->out) != inside)
			continue;
		struct pk_span found = find_said(m, block);
		if (found.len == 0 || m->told[found.ptr - m->key.ptr])
			continue;
		memset(m->told + (found.ptr - m->key.ptr), true, found.len);
		said[b] = true;
		points += block->points;
	}
	return points;
}

/* The container is what the text says, and what it held between and before. */
static void
take_over(
    struct pk_page *page, const bool *said, struct pk_container *container, bool *in)
{
	uint32_t first = 0, end = (uint32_t)page->blocks.len;

	/* Leads are often left away, so what stands before may stay. */
	while (first < container->first_block && !said[first])
		first++;
	double behind = 0, all = 0;
	for (; end > first && !said[end - 1]; end--)
		behind += container->in[end - 1] ? page->blocks.items[end - 1].good : 0;
	for (uint32_t b = first; b < end; b++)
		all += said[b] ? page->blocks.items[b].points : 0;
	/* So much behind the end is the rest of a text that was cut. */
	if (behind > CUT_SHARE * all)
		end = container->end_block > end ? container->end_block : end;
	container->good = 0;
	for (uint32_t b = first; b < end; b++) {
		struct pk_block *block = &page->blocks.items[b];
		in[b] = said[b] || container->in[b];
		if (said[b] && block->out) {
			block->out = false;
			block->good = block->points;
		}
		if (in[b])
			container->good += block->good;
	}
	container->in = in;
	container->told = said;
	container->first_block = first;
	container->end_block = end;
}

int
pk_embedded_read(struct pk_page *page, struct pk_span body,
    struct pk_container *container, struct pk_embedded *ret_embedded)
{
	struct pk_embedded embedded = { .points = 0 };
	size_t n = page->blocks.len, longest = 0, held = 0;

	*ret_embedded = embedded;
	if (body.len == 0)
		return 0;
	/* Escaped twice is common. */
	embedded.text =
	    pk_markup_strip(page->arena, pk_entities_decode(page->arena, body));
	if (embedded.text.ptr == NULL)
		return -ENOMEM;
	embedded.points = pk_utf8_count(embedded.text);
	for (size_t b = 0; b < n; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		longest = block->text.len > longest ? block->text.len : longest;
		held += container->in[b] && !block->out ? block->points : 0;
	}
	char *key = pk_arena_alloc(page->arena, embedded.text.len + 8);
	struct match m = {
		.told = pk_arena_calloc(page->arena, embedded.text.len + 8, 1),
		.room = pk_arena_alloc(page->arena, longest + 8),
	};
	bool *said = pk_arena_calloc(page->arena, n + 1, sizeof(*said));
	bool *in = pk_arena_calloc(page->arena, n + 1, sizeof(*in));
	if (key == NULL || m.told == NULL || m.room == NULL || said == NULL ||
	    in == NULL)
		return -ENOMEM;
	m.key = fold(embedded.text, key);
	size_t inside = mark_said(&m, page, container->in, true, said);
	m.at = 0;
	size_t beside = mark_said(&m, page, container->in, false, said);
	embedded.shown = (double)(inside + beside) / (double)(embedded.points + 1);
	embedded.told = (double)inside / (double)(held + 1);
	if (embedded.points >= TEXT_MIN && embedded.shown >= SHOWN_MIN)
		take_over(page, said, container, in);
	*ret_embedded = embedded;
	return 0;
}
