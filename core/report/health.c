/* SPDX-License-Identifier: ISC */
/* How a container is: its health check, and what that has found. */
#include "report/report.h"
#include "report/document.h"

#include <inttypes.h>
#include <stdio.h>

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

/* "1.5", of a number of units with so many digits each. */
static void
add_decimal(struct buf *out, int64_t n, int64_t unit, int digits)
{
	char rest[12];
	int used = snprintf(rest, sizeof(rest), "%0*" PRId64, digits,
	                    n % unit);

	buf_format(out, "%" PRId64, n / unit);
	while (used > 0 && rest[used - 1] == '0')
		used--;
	if (used > 0)
		buf_format(out, ".%.*s", used, rest);
}

/* As Go writes one: "1h0m0s", "1m30s", "500ms"; at least a millisecond. */
static char *
duration(struct arena *a, int64_t ns)
{
	AUTO(buf) struct buf text = { 0 };
	const int64_t second = 1000000000, minute = 60 * second;

	if (ns > 0 && ns < second) {
		add_decimal(&text, ns, 1000000, 6);
		buf_text(&text, "ms");
		return arena_text(a, text.data);
	}
	if (ns >= 60 * minute)
		buf_format(&text, "%" PRId64 "h", ns / (60 * minute));
	if (ns >= minute)
		buf_format(&text, "%" PRId64 "m", ns / minute % 60);
	add_decimal(&text, ns % minute, second, 9);
	buf_text(&text, "s");
	return arena_text(a, text.data);
}

/* Nanoseconds in JSON, and words of Go's in a template: "1m30s". */
static void
add_time(struct document *d, const char *key, const struct number *n)
{
	if (n->set && n->value)
		document_int(d, key, n->value);
	document_hide(d, key, VALUE_INT);
	value_get(d->into, key)->text = duration(d->arena,
	                                         n->set ? n->value : 0);
}

void
document_check(struct document *config, const struct health_plan *p)
{
	struct document in;

	if (!p->test.n)
		return;
	in = document_inside(config, "Healthcheck", "v1.HealthcheckConfig");
	document_words(&in, "Test", &p->test);
	add_time(&in, "Interval", &p->interval);
	add_time(&in, "Timeout", &p->timeout);
	add_time(&in, "StartPeriod", &p->start_period);
	add_time(&in, "StartInterval", &p->start_interval);
	if (p->retries.set)
		document_int(&in, "Retries", p->retries.value);
	document_hide(&in, "Retries", VALUE_INT);
}
