/* SPDX-License-Identifier: ISC */
/* From argv to an applet: by the name of a link, or by words. */
#include "cli/cli.h"
#include "cli/rows.h"
#include "sys/fd.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Does nothing, yet is not SIG_IGN: what we execute starts with the default
 * action again (execve(2)), and write(2) gives EPIPE all the same.
 */
static void
on_closed_pipe(int signal)
{
	(void)signal;
}

int
cli_start(struct err *e)
{
	struct sigaction closed_pipe = { .sa_handler = on_closed_pipe,
	                                 .sa_flags = SA_RESTART };

	if (fd_secure_stdio(e) < 0)
		return -1;
	if (getauxval(AT_SECURE))
		return fail(e, EPERM, "this file must not be set-user-id "
		            "nor have capabilities of its own");
	umask(022);
	sigaction(SIGPIPE, &closed_pipe, NULL);
	return 0;
}

/* What `mydocker` itself takes in front of a command. */
struct top {
	bool list, install, symbolic, version;
};

#undef OPT_STRUCT
#define OPT_STRUCT struct top

static const struct opt top_options[] = {
	{ 0, "list", NULL, FLAG(list), "print the names that links may have" },
	{ 0, "install", NULL, FLAG(install),
	  "make those links in the directory behind it" },
	{ 's', "symbolic", NULL, FLAG(symbolic),
	  "with --install: symbolic links, not hard ones" },
	{ 'v', "version", NULL, FLAG(version), "print the version" },
	OPT_END
};

/* For the overview, which shows the rows. */
const struct applet cli_top = {
	.args = "[COMMAND [ARG...]]",
	.options = top_options,
	.stops = true,
};

/* What all steps from argv to the applet need. */
struct way {
	const struct applets *all;
	struct arena *arena;
	struct call *call;
};

static int
call_applet(const struct way *way, const struct applet *applet, char **words,
            struct err *e)
{
	struct call *call = way->call;
	int done;

	call->applet = applet;
	if (applet->refusal)
		return fail(e, ENOTSUP, "%s", applet->refusal);
	done = opt_parse(applet, words, way->arena, &call->operands, e);
	if (done == 1)
		cli_usage(applet);
	return done;
}

static int
unknown_command(const struct applets *all, const char *group,
                const char *word, struct arena *a, struct err *e)
{
	const char *meant = cli_nearest(all, group, word, a);

	if (meant)
		return fail(e, EINVAL, "unknown command '%s'; did you mean "
		            "'%s'?", word, meant);
	return fail(e, EINVAL, "unknown command '%s'; see 'mydocker%s%s "
	            "--help'", word, group ? " " : "", group ? group : "");
}

int
cli_help(const struct applets *all, char **words, bool manual, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	const struct applet *applet;
	const char *group = NULL;
	size_t used;

	if (words[0] && names_is_group(all, words[0]))
		group = words[0];
	if (manual && (!words[0] || (group && !words[1])))
		return fail(e, EINVAL, "--man: which command?");
	if (!words[0]) {
		cli_overview(all);
		return 0;
	}
	if (group && !words[1]) {
		cli_group(all, group);
		return 0;
	}
	applet = cli_find(all, words, &used);
	if (!applet)
		return unknown_command(all, group, words[used - 1], &a, e);
	if (words[used])
		return fail(e, EINVAL, "'%s' is one word too many",
		            words[used]);
	(manual ? cli_manual : cli_usage)(applet);
	return 0;
}

/* What a group takes in front of a verb, beside its own rows. */
struct front {
	bool version;
};

#undef OPT_STRUCT
#define OPT_STRUCT struct front

static const struct opt front_options[] = {
	{ 'v', "version", NULL, FLAG(version), "print the version" },
	OPT_END
};

/* The group itself as an applet, for what stands in front of the verb. */
static struct applet *
front_of(const struct way *way, const char *group, struct front *into)
{
	struct applet *front = arena_new(way->arena, sizeof(*front));

	*front = (struct applet){
		.group = group, .args = cli_top.args, .stops = true,
		.options = front_options, .into = into,
	};
	for (size_t i = 0; i < way->all->n; i++) {
		const struct applet *one = way->all->v[i];

		if (strcmp(one->group, group) != 0 || one->refusal)
			continue;
		front->before = one->before;
		front->before_into = one->before_into;
		front->failure = one->failure;
		break;
	}
	return front;
}

/* The verb, once it is known, gets what stood in front of it. */
static int
call_verb(const struct way *way, struct applet *front, char **words,
          char **verb, struct err *e)
{
	const struct applet *applet = names_in_group(way->all, front->group,
	                                             verb[0]);

	if (!applet)
		return unknown_command(way->all, front->group, verb[0],
		                       way->arena, e);
	if (!applet->refusal && applet->before_into != front->before_into) {
		front->before_into = applet->before_into;
		if (opt_parse(front, words, way->arena, &verb, e) < 0)
			return -1;
	}
	return call_applet(way, applet, verb + 1, e);
}

/* The words behind a group's name. Its version is its verb `version`, if it has
 * one. */
static int
call_group(const struct way *way, const char *group, char **words,
           struct err *e)
{
	struct front own = { 0 };
	struct applet *front = front_of(way, group, &own);
	char *version[] = { (char *)(uintptr_t)"version", NULL }, **verb;
	int done;

	way->call->applet = front;
	done = opt_parse(front, words, way->arena, &verb, e);
	if (done < 0)
		return -1;
	if (done == 0 && own.version) {
		if (names_in_group(way->all, group, version[0]))
			return call_verb(way, front, words, version, e);
		cli_version();
		return 1;
	}
	if (done == 1 || !verb[0]) {
		cli_group(way->all, group);
		return 1;
	}
	return call_verb(way, front, words, verb, e);
}

/* The words of the command line, what stands in front of them being read. */
static int
call_words(const struct way *way, char **words, struct err *e)
{
	const struct applet *applet;
	size_t used;

	if (!words[0]) {
		cli_overview(way->all);
		return 1;
	}
	if (names_is_group(way->all, words[0]))
		return call_group(way, words[0], words + 1, e);
	applet = cli_find(way->all, words, &used);
	if (!applet)
		return unknown_command(way->all, NULL, words[0], way->arena, e);
	return call_applet(way, applet, words + used, e);
}

static int
install(const struct applets *all, const struct top *top, char **words,
        struct err *e)
{
	if (!words[0] || words[1])
		return fail(e, EINVAL, "--install takes one directory");
	if (cli_install(all, words[0], top->symbolic, e) < 0)
		return fail_in(e, "--install");
	return 1;
}

static void
list_names(const struct applets *all)
{
	AUTO(arena) struct arena a = { 0 };
	struct words names = { 0 };

	names_all(all, &names, &a);
	for (size_t i = 0; i < names.n; i++)
		cli_print("%s\n", names.v[i]);
}

static int
call_top(const struct way *way, char **words, struct err *e)
{
	struct top top = { 0 };
	struct applet front = cli_top;
	int done;

	front.into = &top;
	done = opt_parse(&front, words, way->arena, &words, e);
	if (done < 0)
		return -1;
	if (done == 1)
		cli_overview(way->all);
	else if (top.install)
		return install(way->all, &top, words, e);
	else if (top.symbolic)
		return fail(e, EINVAL, "-s goes with --install");
	else if (top.version)
		cli_version();
	else if (top.list && words[0])
		return fail(e, EINVAL, "--list takes no '%s'", words[0]);
	else if (top.list)
		list_names(way->all);
	else
		return call_words(way, words, e);
	return 1;
}

/* The last part of argv[0], without the dash of a login shell. */
static const char *
called_as(const char *path)
{
	const char *slash;

	if (!path)
		return "";
	slash = strrchr(path, '/');
	path = slash ? slash + 1 : path;
	return path + (*path == '-');
}

/* The group that a link's name implies, NULL: none. */
static const char *
implied_group(const char *name)
{
	static const char prefix[] = "mydocker-";

	if (strcmp(name, "runc") == 0 || strcmp(name, "crun") == 0)
		return "oci";
	if (strncmp(name, prefix, strlen(prefix)) == 0)
		return name + strlen(prefix);
	return NULL;
}

int
cli_call(const struct applets *all, char **argv, struct arena *a,
         struct call *call, struct err *e)
{
	const struct way way = { all, a, call };
	const char *name = called_as(argv[0]), *group = implied_group(name);
	char *link[] = { (char *)name, NULL };
	char **words = argv + (argv[0] != NULL);
	const struct applet *applet;
	size_t used;

	*call = (struct call){ 0 };
	if (group && names_is_group(all, group))
		return call_group(&way, group, words, e);
	applet = names_is_group(all, name) ? NULL : cli_find(all, link, &used);
	if (applet)
		return call_applet(&way, applet, words, e);
	return call_top(&way, words, e);
}
