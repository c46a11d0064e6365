/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/cmd.h - the commands of peyk(1): COMMAND(name, where, arguments, what it does).
 * A new one is a line here and a file tool/cmd_<name>.c.
 *
 * Those that talk to a network stand in a program of their own, which peyk turns into
 * (ONLINE): the libraries that they need, and the forty that these need in turn, take
 * longer to load than most of the others take for all of their work.
 *
 * Each gets its own arguments (argv[0] is the command's name) and returns the exit
 * status: 0, 1 after a message on stderr that says which file and why, 2 for wrong
 * usage.
 */
#ifndef PEYK_TOOL_CMD_H
#define PEYK_TOOL_CMD_H

#define PK_COMMANDS(COMMAND)                                                           \
	COMMAND(feed, HERE,                                                            \
	    "[--url U] [--content-type CT] [--content-location U] [--links SELECTOR] " \
	    "[--now TIME] FILE...",                                                    \
	    "feeds as JSON")                                                           \
	COMMAND(discover, ONLINE, "[--url U] [--allow-private] FILE|URL...",           \
	    "the feeds of a site, by one of its pages")                                \
	COMMAND(opml, HERE, "import FILE... | export [CONFIG]",                        \
	    "a list of feeds as a file for feeds.d, and back")                         \
	COMMAND(article, HERE,                                                         \
	    "[--url U] [--content-type CT] [--published DATE] [--sites DIR] "          \
	    "[--explain] [--list TSV] [--join] FILE...",                               \
	    "the article on a page as JSON; with --join, one on several pages")        \
	COMMAND(text, HERE,                                                            \
	    "[--lang fa] [--published DATE] [--publisher-country ISO3] "               \
	    "[--knowledge DIR] [--list TSV] FILE...",                                  \
	    "plain text taken apart, a JSON object a sentence")                        \
	COMMAND(extract, HERE,                                                         \
	    "[--format text|html] [--url U] [--published DATE] [--publisher NAME] "    \
	    "[--publisher-country ISO3] [--knowledge DIR] [--sites DIR] [--list TSV] " \
	    "[--stories] [--explain] "                                                 \
	    "FILE...",                                                                 \
	    "articles and their events, as on the wire")                               \
	COMMAND(tail, ONLINE,                                                          \
	    "[--connect ENDPOINT]... [--replay ENDPOINT]... [--since SEQ|1h|TIME] "    \
	    "[--live] [--server-key KEY --key FILE] [--type T] [--country ISO3] "      \
	    "[--json] [--count N]",                                                    \
	    "follow the stream, a line an event")                                      \
	COMMAND(                                                                       \
	    status, HERE, "[--control PATH] [--json]", "how the running daemon fares") \
	COMMAND(feeds, HERE, "[--problems] [--json] [--control PATH] [FEED]",          \
	    "how each feed fares: last good, next due, rhythm, error")                 \
	COMMAND(                                                                       \
	    reload, HERE, "[--control PATH]", "make it read its configuration again")  \
	COMMAND(poll, HERE, "[--control PATH] FEED", "make it ask a feed now")         \
	COMMAND(backup, HERE, "[--control PATH] FILE",                                 \
	    "a copy of the running daemon's database")                                 \
	COMMAND(check, HERE, "[--dump] [FILE]",                                        \
	    "is a configuration right? its keys as YAML")                              \
	COMMAND(keygen, ONLINE, "NAME", "a pair of CURVE keys: NAME.secret, NAME.pub")

#define COMMAND_DECLARE_(name, where, arguments, help)                                 \
	int pk_cmd_##name(int argc, char **argv);
PK_COMMANDS(COMMAND_DECLARE_)
#undef COMMAND_DECLARE_

/* Prints "usage: peyk NAME ..." of the command on stderr. Returns 2. */
int pk_cmd_usage(const char *name);

#endif
