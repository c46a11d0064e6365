/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subscriber [--cursor FILE] [--server-key FILE --key FILE] EVENTS REPLAY [PREFIX...]
 *
 * Follows peyk's stream and misses nothing: prints NUMBER TOPIC BODY, a line a message.
 * With --cursor it goes on where it was; with the keys (peyk keygen) it speaks CURVE.
 *
 *	cc -o subscriber subscriber.c $(pkg-config --cflags --libs peykclient)
 */
#include "peykclient.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t stopping;

static void
stop(int signal_number)
{
	(void)signal_number;
	stopping = 1;
}

/* The first line that is a key: 40 characters, Z85. */
static int
read_key(const char *path, char ret_key[41])
{
	char line[256];
	FILE *file = fopen(path, "r");

	ret_key[0] = '\0';
	while (file != NULL && ret_key[0] == '\0' && fgets(line, sizeof(line), file)) {
		line[strcspn(line, " \r\n")] = '\0';
		if (strlen(line) == 40)
			memcpy(ret_key, line, 41);
	}
	if (file != NULL)
		fclose(file);
	if (ret_key[0] == '\0')
		fprintf(stderr, "%s: there is no key in it\n", path);
	return ret_key[0] == '\0' ? -1 : 0;
}

/* Returns 0, or -1 when nobody reads what we print. */
static int
show(const struct peyk_message *message)
{
	static const char *const words[] = { [PEYK_RESET] =
						 "the journal is another one",
		[PEYK_UNANSWERED] = "replay does not answer",
		[PEYK_STRANGE] = "it sends what is not of this version" };

	if (message->kind == PEYK_MESSAGE) {
		printf("%" PRIu64 " %.*s %.*s\n", message->number,
		    (int)message->topic_size, message->topic, (int)message->body_size,
		    message->body);
		return fflush(stdout) == 0 ? 0 : -1;
	}
	if (message->kind == PEYK_LOST)
		fprintf(stderr, "%" PRIu64 " to %" PRIu64 " are not kept any more\n",
		    message->first, message->last);
	else if (message->kind == PEYK_REFUSED)
		fprintf(stderr, "%.*s\n", (int)message->body_size, message->body);
	else
		fprintf(stderr, "%s\n", words[message->kind]);
	return 0;
}

static int
read_options(int argc, char **argv, struct peyk_client_options *options)
{
	static const struct option known[] = { { "cursor", required_argument, 0, 'c' },
		{ "server-key", required_argument, 0, 's' },
		{ "key", required_argument, 0, 'k' }, { 0 } };
	static char server_key[41], secret_key[41];
	int option, r = 0;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0 && r == 0) {
		if (option == 'c')
			options->cursor_file = optarg;
		else if (option == 's')
			r = read_key(optarg, server_key);
		else if (option == 'k')
			r = read_key(optarg, secret_key);
		else
			r = -1;
	}
	if (r < 0 || argc - optind < 2)
		return -1;
	options->server_key = server_key[0] == '\0' ? NULL : server_key;
	options->secret_key = secret_key;
	options->events = argv[optind];
	options->replay = argv[optind + 1];
	options->prefixes = (const char *const *)&argv[optind + 2];
	options->n_prefixes = (size_t)(argc - optind - 2);
	return 0;
}

int
main(int argc, char **argv)
{
	struct peyk_client_options options = { 0 };
	struct peyk_message message;
	int r = 0;

	if (read_options(argc, argv, &options) < 0) {
		fputs("usage: subscriber [--cursor FILE] [--server-key FILE --key FILE]"
		      " EVENTS REPLAY [PREFIX...]\n",
		    stderr);
		return 2;
	}
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	struct peyk_client *client = peyk_client_open(&options);
	if (client == NULL) {
		perror(options.events);
		return 1;
	}
	for (time_t saved = 0; !stopping && r >= 0;) {
		r = peyk_client_next(client, 200, &message);
		r = r > 0 ? show(&message) : r < 0 && errno == EINTR ? 0 : r;
		if (r < 0 || time(NULL) == saved)
			continue;
		/* each second: what was shown since is shown again after a crash */
		saved = time(NULL);
		peyk_client_save(client);
	}
	/* what could not be shown is not done with */
	if (r < 0 || peyk_client_save(client) < 0)
		perror("subscriber");
	peyk_client_close(client);
	return r < 0;
}
