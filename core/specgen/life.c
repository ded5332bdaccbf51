/* SPDX-License-Identifier: ISC */
/* The options about a container's life: restarts, health, its streams. */
#include "specgen/inside.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static int
refuse_policy(const char *text, struct err *e)
{
	return fail(e, EINVAL, "--restart: '%s' is not no, on-failure[:N], "
	            "always or unless-stopped", text);
}

/* Docker refuses --rm with a policy: what is removed is not started again. */
int
specgen_restart(const char *text, struct arena *a, char **policy,
                struct number *most, struct err *e)
{
	const char *rest = text;
	char *name = parse_piece(a, &rest, ":");
	bool counts = strcmp(name, "on-failure") == 0;

	*policy = NULL;
	*most = (struct number){ 0 };
	if (rest && counts) {
		most->set = true;
		if (parse_number(rest, 0, INT_MAX, &most->value) < 0)
			return refuse_policy(text, e);
	} else if (rest) {
		return refuse_policy(text, e);
	}
	if (!*name || strcmp(name, "no") == 0)
		return 0;
	if (!counts && strcmp(name, "always") != 0 &&
	    strcmp(name, "unless-stopped") != 0)
		return refuse_policy(text, e);
	*policy = name;
	return 0;
}

/* Go's zero stands for docker's usual time; what is shorter than a millisecond
 * is a slip of the pen. */
static int
check_time(const char *option, const struct number *time, struct err *e)
{
	if (!time->set || time->value == 0 || time->value >= 1000000)
		return 0;
	return fail(e, EINVAL, "%s: a time is at least 1ms", option);
}

static int
set_health(struct build *b, struct health_plan *h, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	bool more = f->health_interval.set || f->health_timeout.set ||
	            f->health_retries.set || f->health_start_period.set ||
	            f->health_start_interval.set;

	if (f->no_healthcheck) {
		if (f->health_cmd || more)
			return fail(e, EINVAL, "--no-healthcheck conflicts "
			            "with --health-* options");
		words_add(b->a, &h->test, "NONE");
		return 0;
	}
	if (!f->health_cmd) {
		if (more)
			return fail(e, EINVAL, "--health-*: there is no check;"
			            " --health-cmd gives one");
		return 0;
	}
	if (check_time("--health-interval", &f->health_interval, e) < 0 ||
	    check_time("--health-timeout", &f->health_timeout, e) < 0 ||
	    check_time("--health-start-period", &f->health_start_period,
	               e) < 0 ||
	    check_time("--health-start-interval", &f->health_start_interval,
	               e) < 0)
		return -1;
	if (f->health_retries.value < 0)
		return fail(e, EINVAL, "--health-retries: below zero");
	words_add(b->a, &h->test, "CMD-SHELL");
	words_add(b->a, &h->test, f->health_cmd);
	h->interval = f->health_interval;
	h->timeout = f->health_timeout;
	h->start_period = f->health_start_period;
	h->start_interval = f->health_start_interval;
	h->retries = f->health_retries;
	return 0;
}

static const char *const streams[] = { "stdin", "stdout", "stderr" };

/* Without -a: both outputs, and stdin with -i; nothing with -d. */
static int
set_streams(struct build *b, bool attached[3], struct err *e)
{
	const struct specgen_flags *f = b->flags;

	if (f->detach && f->attach.n)
		return fail(e, EINVAL, "--attach conflicts with --detach");
	for (size_t i = 0; i < f->attach.n; i++) {
		bool found = false;

		for (int j = 0; j < 3; j++)
			if (strcasecmp(f->attach.v[i], streams[j]) == 0)
				attached[j] = found = true;
		if (!found)
			return fail(e, EINVAL, "--attach: '%s' is not stdin, "
			            "stdout or stderr", f->attach.v[i]);
	}
	if (f->attach.n || f->detach)
		return 0;
	attached[0] = f->interactive;
	attached[1] = attached[2] = true;
	return 0;
}

int
build_life(struct build *b, struct specgen_result *out, struct err *e)
{
	const struct specgen_flags *f = b->flags;

	if (f->restart && specgen_restart(f->restart, b->a, &out->restart,
	                                  &out->restart_most, e) < 0)
		return -1;
	if (f->rm && out->restart)
		return fail(e, EINVAL, "--restart conflicts with --rm");
	return set_health(b, &out->health, e) < 0 ? -1
	       : set_streams(b, out->attached, e);
}
