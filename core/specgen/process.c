/* SPDX-License-Identifier: ISC */
/* The process: what is run, as whom, where, within which limits. */
#include "specgen/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#define NOFILE_SOFT 1024
#define NOFILE_HARD 524288

static int
set_command(struct build *b, char **command, struct err *e)
{
	struct words *args = &b->spec->process->args;
	const char *entrypoint = b->flags->entrypoint;

	/* an empty one is as good as none, as in docker */
	if (entrypoint && *entrypoint)
		words_add(b->a, args, entrypoint);
	words_copy(b->a, args, command);
	if (args->n == 0)
		return fail(e, EINVAL, "no command; give one, such as "
		            "/bin/sh");
	if (!*args->v[0])
		return fail(e, EINVAL, "the command is empty");
	return 0;
}

static int
set_cwd(struct build *b, struct err *e)
{
	const char *wanted = b->flags->workdir;
	struct process *p = b->spec->process;

	if (wanted && wanted[0] != '/')
		return fail(e, EINVAL, "--workdir: '%s' is not an absolute "
		            "path", wanted);
	if (wanted)
		p->cwd = arena_text(b->a, wanted);
	else
		p->cwd = arena_text(b->a, b->flags->rootfs ? "/"
		                                           : b->host->cwd);
	return 0;
}

static int
set_umask(struct build *b, struct err *e)
{
	const char *text = b->flags->umask;
	size_t n = text ? strspn(text, "01234567") : 1;
	long mode = text ? strtol(text, NULL, 8) : 0022;

	if (n < 1 || n > 4 || (text && text[n]) || mode > 0777)
		return fail(e, EINVAL, "--umask: '%s' is not a mode such as "
		            "0022", text);
	b->spec->process->user.umask = (struct number){ true, mode };
	return 0;
}

static void
add_rlimit(struct build *b, const char *type, uint64_t soft, uint64_t hard)
{
	struct process *p = b->spec->process;
	struct rlimit_row *r = NULL;

	for (size_t i = 0; i < p->n_rlimits; i++)
		if (strcmp(p->rlimits[i].type, type) == 0)
			r = &p->rlimits[i];
	if (!r)
		r = LIST_ADD(b->a, p->rlimits, p->n_rlimits);
	r->type = arena_text(b->a, type);
	r->soft = soft;
	r->hard = hard;
}

static int
parse_limit(const char *text, uint64_t *limit)
{
	int64_t n;

	if (strcmp(text, "-1") == 0 || strcmp(text, "unlimited") == 0) {
		*limit = UINT64_MAX;
		return 0;
	}
	if (parse_number(text, 0, INT64_MAX, &n) < 0)
		return -1;
	*limit = (uint64_t)n;
	return 0;
}

/* NAME=SOFT[:HARD] with docker's names, such as nofile. */
static int
parse_ulimit(struct build *b, const char *text, struct err *e)
{
	const char *rest = text;
	char *name = parse_piece(b->a, &rest, "=");
	char *soft = parse_piece(b->a, &rest, ":");
	uint64_t limits[2];
	char *type = arena_format(b->a, "RLIMIT_%s", name);

	for (char *c = type; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	if (spec_rlimit_number(type) < 0)
		return fail(e, EINVAL, "--ulimit: no limit is called '%s'",
		            name);
	if (!soft || parse_limit(soft, &limits[0]) < 0 ||
	    parse_limit(rest ? rest : soft, &limits[1]) < 0)
		return fail(e, EINVAL, "--ulimit: '%s' is not "
		            "NAME=SOFT[:HARD]", text);
	if (limits[0] > limits[1])
		return fail(e, EINVAL, "--ulimit: '%s': the soft limit is "
		            "above the hard one", text);
	add_rlimit(b, type, limits[0], limits[1]);
	return 0;
}

static int
set_rlimits(struct build *b, struct err *e)
{
	const struct words *texts = &b->flags->ulimits;
	uint64_t hard = b->host->nofile < NOFILE_HARD ? b->host->nofile
	                                              : NOFILE_HARD;

	add_rlimit(b, "RLIMIT_NOFILE", hard < NOFILE_SOFT ? hard : NOFILE_SOFT,
	           hard);
	add_rlimit(b, "RLIMIT_CORE", 0, 0);
	for (size_t i = 0; i < texts->n; i++)
		if (parse_ulimit(b, texts->v[i], e) < 0)
			return -1;
	return 0;
}

int
build_process(struct build *b, char **command, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	struct process *p = b->spec->process;
	struct user_lookup who = {
		.text = f->user, .groups = &f->group_add,
	};

	p->terminal = f->tty;
	if (set_command(b, command, e) < 0 || set_cwd(b, e) < 0)
		return -1;
	if (b->host->user(b->spec->root->path, &who, b->a, e) < 0)
		return f->user ? fail_in(e, "--user") : -1;
	p->user = who.user;
	p->capabilities = arena_new(b->a, sizeof(*p->capabilities));
	capabilities_of_user(p->capabilities, p->user.uid, b->caps, b->added,
	                     b->a);
	if (f->oom_score_adj.set && (f->oom_score_adj.value < -1000 ||
	                             f->oom_score_adj.value > 1000))
		return fail(e, EINVAL, "--oom-score-adj: not between -1000 "
		            "and 1000");
	p->oom_score_adj = f->oom_score_adj;
	if (set_umask(b, e) < 0 || set_rlimits(b, e) < 0)
		return -1;
	return build_env(b, who.home, e);
}
