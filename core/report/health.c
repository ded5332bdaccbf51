/* SPDX-License-Identifier: ISC */
/* How a container is: its health check, and what that has found. */
#include "report/report.h"
#include "report/document.h"

const char *
report_health(struct arena *a, const struct container *c)
{
	struct health h;

	if (!container_has_health(c))
		return "none";
	container_health(c, a, &h);
	return h.status;
}

static void
add_answers(struct document *d, const struct health *h)
{
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < h->n_answers; i++) {
		const struct health_answer *from = &h->answers[i];
		struct document one = *d;

		one.into = value_record(d->arena, "*types.HealthcheckResult");
		document_text(&one, "Start", from->start);
		document_text(&one, "End", from->end);
		document_int(&one, "ExitCode", from->exit_code.value);
		document_text(&one, "Output", from->output);
		value_add(d->arena, list, one.into);
	}
	value_set(d->arena, d->into, "Log", list);
}

void
document_health(struct document *state)
{
	struct document in;
	struct health h;

	if (!container_has_health(state->container))
		return;
	container_health(state->container, state->arena, &h);
	in = document_inside(state, "Health", "container.Health");
	document_text(&in, "Status", h.status);
	document_int(&in, "FailingStreak", h.streak.value);
	add_answers(&in, &h);
}

void
document_check(struct document *config, const struct health_plan *p)
{
	struct document in;

	if (!p->test.n)
		return;
	in = document_inside(config, "Healthcheck", "v1.HealthcheckConfig");
	document_words(&in, "Test", &p->test);
	if (p->interval.set)
		document_int(&in, "Interval", p->interval.value);
	if (p->timeout.set)
		document_int(&in, "Timeout", p->timeout.value);
	if (p->start_period.set)
		document_int(&in, "StartPeriod", p->start_period.value);
	if (p->start_interval.set)
		document_int(&in, "StartInterval", p->start_interval.value);
	if (p->retries.set)
		document_int(&in, "Retries", p->retries.value);
}
