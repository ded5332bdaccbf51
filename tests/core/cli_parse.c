/* SPDX-License-Identifier: ISC */
/* Options as docker users type them: what the parser makes of words. */
/* links: base cli sys */
#include "cli/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static struct args {
	bool interactive, tty, rm, init, detach, bundle;
	char *name, *network, *cpu, *cpuset, *hostname, *workdir;
	struct words env, volumes;
	struct number memory, memory_swap, pids, timeout;
	uint64_t shm;
	struct pairs labels;
	struct part {
		char *user;
	} part;
} args;

#undef OPT_STRUCT
#define OPT_STRUCT struct part

static const struct opt part_options[] = {
	{ 'u', "user", "USER", TEXT(user), "be USER" },
	OPT_END
};

#undef OPT_STRUCT
#define OPT_STRUCT struct args

static const struct opt options[] = {
	{ 'i', "interactive", NULL, FLAG(interactive), "keep stdin" },
	{ 't', "tty", NULL, FLAG(tty), "a terminal" },
	{ 'd', "detach", NULL, FLAG(detach), "leave" },
	{ 0, "rm", NULL, FLAG(rm), "remove" },
	{ 0, "init", NULL, FLAG(init), "reap" },
	{ 0, "name", "NAME", TEXT(name), "be called NAME" },
	{ 0, "network|net", "MODE", TEXT(network), "a network" },
	{ 'c', "cpu-percent|cpu", "N", TEXT(cpu), "of a core" },
	{ 0, "cpuset-cpus|cpuset", "LIST", TEXT(cpuset), "those" },
	{ 'h', "hostname", "NAME", TEXT(hostname), "a host's name" },
	{ 'w', "workdir", "DIR", TEXT(workdir), "there" },
	{ 'e', "env", "NAME[=VALUE]", LIST(env), "a variable" },
	{ 'v', "volume", "FROM:TO", LIST(volumes), "a volume" },
	{ 'm', "memory|mem", "SIZE", SIZE(memory), "most memory" },
	{ 0, "memory-swap", "SIZE", SIZE(memory_swap), "with swap" },
	{ 0, "pids-limit", "N", NUMBER(pids), "most processes" },
	{ 0, "stop-timeout", "SECONDS", SECONDS(timeout), "patience" },
	{ 0, "shm-size", "SIZE", BYTES(shm), "of /dev/shm" },
	{ 'l', "label", "KEY=VALUE", PAIRS(labels), "a label" },
	{ 0, "hidden", "X", TEXT(workdir), NULL },
	{ 0, "tid", NULL, FLAG(bundle), "is also flags" },
	{ 0, "tie", "X", TEXT(name), "is flags and a letter with a value" },
	OPT_MORE(part_options, part),
	OPT_END
};

static const struct applet stops = {
	.group = "container", .verb = "run", .alias = "run",
	.args = "COMMAND [ARG...]", .options = options, .into = &args,
	.stops = true,
};
static const struct applet mixes = {
	.group = "container", .verb = "rm", .args = "[CONTAINER...]",
	.options = options, .into = &args,
};

/* What the parser made of a command line, as text. */
static char *
parsed(const struct applet *applet, const char *line, struct arena *a)
{
	AUTO(buf) struct buf out = { 0 };
	struct words words = { 0 };
	struct err e;
	char *copy = arena_text(a, line), **operands;

	args = (struct args){ 0 };
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		words_add(a, &words, w);
	words_add(a, &words, "");
	words.v[words.n - 1] = NULL;
	switch (opt_parse(applet, words.v, a, &operands, &e)) {
	case 0:
		break;
	case 1:
		return arena_text(a, "help");
	default:
		assert_int_equal(e.status, STATUS_OURS);
		return arena_text(a, e.text);
	}
	buf_text(&out, "");
#define SHOW_FLAG(m) if (args.m) buf_text(&out, #m " ")
#define SHOW_TEXT(m) if (args.m) buf_format(&out, #m "=%s ", args.m)
#define SHOW_NUMBER(m) \
	if (args.m.set) buf_format(&out, #m "=%lld ", (long long)args.m.value)
	SHOW_FLAG(interactive);
	SHOW_FLAG(tty);
	SHOW_FLAG(detach);
	SHOW_FLAG(rm);
	SHOW_FLAG(init);
	SHOW_FLAG(bundle);
	SHOW_TEXT(name);
	SHOW_TEXT(network);
	SHOW_TEXT(cpu);
	SHOW_TEXT(cpuset);
	SHOW_TEXT(hostname);
	SHOW_TEXT(workdir);
	SHOW_TEXT(part.user);
	for (size_t i = 0; i < args.env.n; i++)
		buf_format(&out, "env=%s ", args.env.v[i]);
	for (size_t i = 0; i < args.volumes.n; i++)
		buf_format(&out, "volume=%s ", args.volumes.v[i]);
	for (size_t i = 0; i < args.labels.n; i++)
		buf_format(&out, "label=%s:%s ", args.labels.v[i].key,
		           args.labels.v[i].value);
	SHOW_NUMBER(memory);
	SHOW_NUMBER(memory_swap);
	SHOW_NUMBER(pids);
	SHOW_NUMBER(timeout);
	if (args.shm)
		buf_format(&out, "shm=%llu ", (unsigned long long)args.shm);
	buf_text(&out, "|");
	for (; *operands; operands++)
		buf_format(&out, " %s", *operands);
	return arena_bytes(a, out.data, out.n);
}

static const struct line {
	const char *typed, *meant;
} running[] = {
	/* bundles */
	{ "-it sh", "interactive tty | sh" },
	{ "-i -t sh", "interactive tty | sh" },
	{ "-itd sh", "interactive tty detach | sh" },
	{ "-ite A=1 sh", "interactive tty env=A=1 | sh" },
	{ "-iteA=1 sh", "interactive tty env=A=1 | sh" },
	{ "-it=false sh", "interactive | sh" },
	{ "-itm 5m sh", "interactive tty memory=5242880 | sh" },
	/* values */
	{ "-e A=B sh", "env=A=B | sh" },
	{ "-eA=B sh", "env=A=B | sh" },
	{ "-e=A=B sh", "env=A=B | sh" },
	{ "-e -it sh", "env=-it | sh" },
	{ "--name x sh", "name=x | sh" },
	{ "--name=x sh", "name=x | sh" },
	{ "--name= sh", "name= | sh" },
	{ "--name -x sh", "name=-x | sh" },
	{ "--name -- sh", "name=-- | sh" },
	{ "--name a --name b sh", "name=b | sh" },
	{ "--env A --env B=2 sh", "env=A env=B=2 | sh" },
	{ "-l a=b --label c -l d=e=f sh",
	  "label=a:b label=c: label=d:e=f | sh" },
	{ "--memory-swap -1 sh", "memory_swap=-1 | sh" },
	{ "--memory-swap=-1 sh", "memory_swap=-1 | sh" },
	{ "--pids-limit -1 sh", "pids=-1 | sh" },
	{ "--stop-timeout -1 sh", "timeout=-1 | sh" },
	{ "--shm-size 1.5g sh", "shm=1610612736 | sh" },
	{ "-u 1:2 sh", "part.user=1:2 | sh" },
	/* flags with a value */
	{ "--rm=true sh", "rm | sh" },
	{ "--rm=1 sh", "rm | sh" },
	{ "--rm=false sh", "| sh" },
	{ "--rm=0 sh", "| sh" },
	{ "--rm --rm=false sh", "| sh" },
	{ "-t=true sh", "tty | sh" },
	/* a second spelling */
	{ "--net host sh", "network=host | sh" },
	{ "--mem 1k sh", "memory=1024 | sh" },
	/* one dash in front of a long name */
	{ "-name x sh", "name=x | sh" },
	{ "-name=x sh", "name=x | sh" },
	{ "-mem 5m sh", "memory=5242880 | sh" },
	{ "-mem=5m sh", "memory=5242880 | sh" },
	{ "-memory 5m sh", "memory=5242880 | sh" },
	{ "-cpu 50 sh", "cpu=50 | sh" },
	{ "-cpuset 0,1 sh", "cpuset=0,1 | sh" },
	{ "-cpuset-cpus 0 sh", "cpuset=0 | sh" },
	{ "-net none sh", "network=none | sh" },
	{ "-network=none sh", "network=none | sh" },
	{ "-rm sh", "rm | sh" },
	{ "-init sh", "init | sh" },
	{ "-tty sh", "tty | sh" },
	{ "-detach sh", "detach | sh" },
	{ "-env A=1 sh", "env=A=1 | sh" },
	{ "-volume a:b sh", "volume=a:b | sh" },
	{ "-user 1 sh", "part.user=1 | sh" },
	/* … and where it is none */
	{ "-m5m sh", "memory=5242880 | sh" },
	{ "-cpux sh", "cpu=pux | sh" },
	{ "-va:b sh", "volume=a:b | sh" },
	{ "-h web sh", "hostname=web | sh" },
	{ "-tid sh", "interactive tty detach | sh" },
	{ "--tid sh", "bundle | sh" },
	{ "-tie A sh", "interactive tty env=A | sh" },
	{ "-tie=A sh", "interactive tty env=A | sh" },
	{ "--tie=A sh", "name=A | sh" },
	/* options end at the first operand, or at -- */
	{ "sh -c ls --rm", "| sh -c ls --rm" },
	{ "-- --rm", "| --rm" },
	{ "-i -- sh -- x", "interactive | sh -- x" },
	{ "sh --", "| sh --" },
	{ "-", "| -" },
	/* help */
	{ "--help", "help" },
	{ "-i --help --bogus", "help" },
	{ "-help", "help" },
	{ "sh --help", "| sh --help" },
	/* global options stand among the applet's */
	{ "-i --log-level warn -t sh", "interactive tty | sh" },
	/* errors */
	{ "--naem x sh", "unknown option '--naem'; did you mean '--name'?" },
	{ "--naem=x sh", "unknown option '--naem'; did you mean '--name'?" },
	{ "-naem x sh", "unknown option '-naem'; did you mean '--name'?" },
	{ "--zzzzzz", "unknown option '--zzzzzz'" },
	{ "--hiden x", "unknown option '--hiden'" },
	{ "-z", "unknown option '-z'" },
	{ "-itz sh", "unknown option '-z' in '-itz'" },
	{ "--rm=maybe sh", "--rm: 'maybe' is neither true nor false" },
	{ "--name", "--name: its value is missing: NAME" },
	{ "-ie", "-e: its value is missing: NAME[=VALUE]" },
	{ "-name", "-name: its value is missing: NAME" },
	{ "--memory 10gg sh",
	  "--memory: '10gg' is not a size, such as 512m or 2g" },
	{ "--memory=10gg sh",
	  "--memory: '10gg' is not a size, such as 512m or 2g" },
	{ "-m x sh", "-m: 'x' is not a size, such as 512m or 2g" },
	{ "-mem x sh", "-mem: 'x' is not a size, such as 512m or 2g" },
	{ "--memory -2 sh", "--memory: '-2' is not a size, such as 512m or 2g" },
	{ "--pids-limit 1x sh", "--pids-limit: '1x' is not a whole number" },
	{ "--pids-limit 9223372036854775808 sh",
	  "--pids-limit: '9223372036854775808' is too large" },
	{ "--stop-timeout -2 sh", "--stop-timeout: '-2' is not a number of "
	  "seconds, or -1 for ever" },
	{ "-l =x sh", "-l: '=x' has no name in front of the '='" },
	{ "--log-level loud sh",
	  "--log-level: 'loud' is not a level: error, warn, info or debug" },
	{ "--log-format xml sh", "--log-format: 'xml' is neither text nor json" },
	{ "--root= sh", "--root: the directory's name is empty" },
	{ "-i", "COMMAND is missing; see 'mydocker run --help'" },
}, mixing[] = {
	{ "a -i b --name x c", "interactive name=x | a b c" },
	{ "a -- -i b", "| a -i b" },
	{ "a - b", "| a - b" },
	{ "a --help", "help" },
	{ "", "|" },
};

static void
check(const struct applet *applet, const struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		AUTO(arena) struct arena a = { 0 };
		char *got = parsed(applet, lines[i].typed, &a);

		if (strcmp(got, lines[i].meant) != 0)
			fail_msg("'%s' is read as '%s', not '%s'",
			         lines[i].typed, got, lines[i].meant);
	}
}

static void
options_end_at_the_first_operand(void **state)
{
	check(&stops, running, sizeof(running) / sizeof(*running));
}

static void
options_may_stand_among_operands(void **state)
{
	check(&mixes, mixing, sizeof(mixing) / sizeof(*mixing));
}

static void
raw_words_are_operands(void **state)
{
	static const struct line lines[] = {
		{ "-i --name x", "| -i --name x" },
		{ "--", "| --" },
		{ "--help", "help" },
		{ "--help x", "| --help x" },
		{ "", "|" },
	};
	struct applet raw = mixes;

	raw.raw = true;
	check(&raw, lines, sizeof(lines) / sizeof(*lines));
}

static void
the_synopsis_is_the_arity(void **state)
{
	static const struct {
		const char *args, *typed, *meant;
	} rows[] = {
		{ NULL, "", "|" },
		{ NULL, "x", "'x' is one word too many; see "
		  "'mydocker container rm --help'" },
		{ "NAME", "", "NAME is missing; see "
		  "'mydocker container rm --help'" },
		{ "NAME", "a b", "'b' is one word too many; see "
		  "'mydocker container rm --help'" },
		{ "NAME...", "", "NAME is missing; see "
		  "'mydocker container rm --help'" },
		{ "NAME...", "a b c", "| a b c" },
		{ "[NAME]", "", "|" },
		{ "[NAME]", "a", "| a" },
		{ "[NAME]", "a b", "'b' is one word too many; see "
		  "'mydocker container rm --help'" },
		{ "FROM TO", "a", "TO is missing; see "
		  "'mydocker container rm --help'" },
		{ "NAME COMMAND [ARG...]", "a", "COMMAND is missing; see "
		  "'mydocker container rm --help'" },
		{ "NAME COMMAND [ARG...]", "a b c d", "| a b c d" },
		{ "A [B [C]]", "a b c", "| a b c" },
		{ "A [B [C]]", "a b c d", "'d' is one word too many; see "
		  "'mydocker container rm --help'" },
	};
	struct applet applet = mixes;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct line line = { rows[i].typed, rows[i].meant };

		applet.args = rows[i].args;
		check(&applet, &line, 1);
	}
}

static void
global_options_take_effect(void **state)
{
	AUTO(arena) struct arena a = { 0 };

	parsed(&stops, "--root /some/where --log-level=info sh", &a);
	assert_string_equal(getenv("MYDOCKER_ROOT"), "/some/where");
	assert_int_equal(log_level(), LOG_INFO);
	parsed(&stops, "-D sh", &a);
	assert_int_equal(log_level(), LOG_DEBUG);
	/* even what follows and is wrong is already told as JSON */
	parsed(&stops, "--log-format json --bogus", &a);
	assert_true(log_is_json());
	parsed(&stops, "--root there sh", &a);
	assert_int_equal(getenv("MYDOCKER_ROOT")[0], '/');
}

static void
sizes_are_dockers(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
		int code;
	} rows[] = {
		{ "0", 0, 0 },
		{ "1", 1, 0 },
		{ "512", 512, 0 },
		{ "512b", 512, 0 },
		{ "1k", 1024, 0 },
		{ "1K", 1024, 0 },
		{ "1kb", 1024, 0 },
		{ "1KiB", 1024, 0 },
		{ "2m", 2 << 20, 0 },
		{ "1.5g", 3ull << 29, 0 },
		{ "1.1g", 1181116006, 0 },
		{ "0.5", 0, 0 },
		{ "3t", 3ull << 40, 0 },
		{ "1p", 1ull << 50, 0 },
		{ "8191p", 8191ull << 50, 0 },
		{ "9223372036854775807", INT64_MAX, 0 },
		{ "9223372036854775808", 0, ERANGE },
		{ "18446744073709551616", 0, ERANGE },
		{ "99999999999999999999999", 0, ERANGE },
		{ "8192p", 0, ERANGE },
		{ "", 0, EINVAL },
		{ "1e9", 0, EINVAL },
		{ "-1", 0, EINVAL },
		{ "+1", 0, EINVAL },
		{ "0x10", 0, EINVAL },
		{ "10gg", 0, EINVAL },
		{ "10bb", 0, EINVAL },
		{ "10ib", 0, EINVAL },
		{ "10kib1", 0, EINVAL },
		{ "1.", 0, EINVAL },
		{ ".5g", 0, EINVAL },
		{ "1.5.5g", 0, EINVAL },
		{ " 1", 0, EINVAL },
		{ "1 ", 0, EINVAL },
		{ "1,5g", 0, EINVAL },
		{ "m", 0, EINVAL },
		{ "nan", 0, EINVAL },
		{ "inf", 0, EINVAL },
		{ "1e", 0, EINVAL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t bytes = 77;
		struct err e = { 0 };
		int done = opt_parse_size(rows[i].text, &bytes, &e);

		if (done != (rows[i].code ? -1 : 0) || e.code != rows[i].code ||
		    bytes != (done < 0 ? 77 : rows[i].bytes))
			fail_msg("'%s' gives %d, code %d, %llu bytes",
			         rows[i].text, done, e.code,
			         (unsigned long long)bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_end_at_the_first_operand),
		cmocka_unit_test(options_may_stand_among_operands),
		cmocka_unit_test(raw_words_are_operands),
		cmocka_unit_test(the_synopsis_is_the_arity),
		cmocka_unit_test(sizes_are_dockers),
		cmocka_unit_test(global_options_take_effect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
