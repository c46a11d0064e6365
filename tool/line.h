/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/line.h - one line for a terminal, out of text that strangers wrote.
 *
 * Width is counted in columns, not bytes. Text from outside cannot move the cursor,
 * break the line or turn it round: control characters become U+FFFD, blanks one space,
 * bidi controls nothing, and what runs from right to left stands between U+2068 and
 * U+2069 (Unicode Bidirectional Algorithm, UAX #9, FSI and PDI).
 */
#ifndef PEYK_TOOL_LINE_H
#define PEYK_TOOL_LINE_H

#include "base/buf.h"

enum pk_paint {
	PK_PAINT_PLAIN,
	PK_PAINT_BOLD,
	PK_PAINT_DIM,
	PK_PAINT_RED,
	PK_PAINT_GREEN,
	PK_PAINT_YELLOW,
	PK_PAINT_CYAN,
};

/* What it is written for. */
struct pk_style {
	unsigned width; /* columns; 0: no limit */
	bool colour;
};

struct pk_line {
	struct pk_buf *out; /* borrowed */
	struct pk_style style;
	unsigned column; /* used so far */
	bool failed;     /* no memory: sticks */
	enum pk_paint paint;
};

/* Begins a line at the end of the buffer. */
void pk_line_init(
    struct pk_line *line, const struct pk_style *style, struct pk_buf *out);

/* Ends it, with colours reset and without a line break. Returns 0 or -ENOMEM. */
int pk_line_end(struct pk_line *line);

/* Ends it, writes it to the standard output as a line, and begins the next one. What
 * there was no memory for is left out. */
void pk_line_print(struct pk_line *line);

/* The colour of what follows. */
void pk_line_paint(struct pk_line *line, enum pk_paint paint);

/* Our own words, ASCII, as they are. Cut at the line's width. */
void pk_line_put(struct pk_line *line, const char *ascii);

/* "3 d 4 h", "2 h 13 min", "40 s": two units are enough for a person. */
void pk_line_duration(struct pk_line *line, int64_t s);

/* Text from outside, made harmless and cut, with an ellipsis, at `max` columns (0: as
 * many as the line has left). Never cut between a letter and its marks. */
void pk_line_text(struct pk_line *line, struct pk_span text, unsigned max);

/* Blanks up to a column; at least one where something stands there already. */
void pk_line_pad(struct pk_line *line, unsigned column);

/* Columns left; UINT_MAX without limit. */
unsigned pk_line_room(const struct pk_line *line);

/* Columns that the text takes once it is harmless. */
unsigned pk_text_columns(struct pk_span text);

/* The style for a stream: width and colour only for a terminal, and no colour where
 * NO_COLOR is set (no-color.org). */
struct pk_style pk_style_of(int fd);

#endif
