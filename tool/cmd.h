/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/cmd.h - the commands of peyk(1): COMMAND(name, arguments, what it does). A new
 * one is a line here and a file tool/cmd_<name>.c.
 *
 * Each gets its own arguments (argv[0] is the command's name) and returns the exit
 * status: 0, 1 after a message on stderr that says which file and why, 2 for wrong
 * usage.
 */
#ifndef PEYK_TOOL_CMD_H
#define PEYK_TOOL_CMD_H

#define PK_COMMANDS(COMMAND)                                                           \
	COMMAND(feed, "[--url U] [--content-type CT] FILE...", "feeds as JSON")        \
	COMMAND(discover, "[--url U] [--allow-private] FILE|URL...",                   \
	    "the feeds of a site, by one of its pages")                                \
	COMMAND(opml, "import FILE... | export [CONFIG]",                              \
	    "a list of feeds as a file for feeds.d, and back")                         \
	COMMAND(article,                                                               \
	    "[--url U] [--content-type CT] [--published DATE] [--sites DIR] "          \
	    "[--explain] [--list TSV] [--join] FILE...",                               \
	    "the article on a page as JSON; with --join, one on several pages")        \
	COMMAND(text,                                                                  \
	    "[--lang fa] [--published DATE] [--publisher-country ISO3] "               \
	    "[--knowledge DIR] [--list TSV] FILE...",                                  \
	    "plain text taken apart, a JSON object a sentence")                        \
	COMMAND(extract,                                                               \
	    "[--format text|html] [--url U] [--published DATE] [--publisher NAME] "    \
	    "[--publisher-country ISO3] [--knowledge DIR] [--sites DIR] [--list TSV] " \
	    "[--stories] [--explain] "                                                 \
	    "FILE...",                                                                 \
	    "articles and their events, as on the wire")                               \
	COMMAND(tail,                                                                  \
	    "[--connect ENDPOINT]... [--since SEQ|1h] [--type T] [--country ISO3] "    \
	    "[--json] [--count N]",                                                    \
	    "follow the stream, a line an event")                                      \
	COMMAND(status, "[--control PATH] [--json]", "how the running daemon fares")   \
	COMMAND(feeds, "[--problems] [--json] [--control PATH] [FEED]",                \
	    "how each feed fares: last good, next due, rhythm, error")                 \
	COMMAND(reload, "[--control PATH]", "make it read its configuration again")    \
	COMMAND(poll, "[--control PATH] FEED", "make it ask a feed now")               \
	COMMAND(check, "[--dump] [FILE]", "is a configuration right? its keys as YAML")

#define COMMAND_DECLARE_(name, arguments, help)                                        \
	int pk_cmd_##name(int argc, char **argv);
PK_COMMANDS(COMMAND_DECLARE_)
#undef COMMAND_DECLARE_

/* Prints "usage: peyk NAME ..." of the command on stderr. Returns 2. */
int pk_cmd_usage(const char *name);

#endif
