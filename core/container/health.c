/* SPDX-License-Identifier: ISC */
/* How a container is: health.json, which only its monitor writes. */
#include "container/health.h"
#include "container/container.h"

#include <string.h>

#define FILE_NAME "health.json"
#define FILE_MOST (1 << 20)

static const struct json_field answer_fields[] = {
	JSON(struct health_answer, JSON_TEXT, "start", start),
	JSON(struct health_answer, JSON_TEXT, "end", end),
	JSON(struct health_answer, JSON_NUMBER, "exitCode", exit_code),
	JSON(struct health_answer, JSON_TEXT, "output", output),
	JSON_FIELD_END
};

static const struct json_field health_fields[] = {
	JSON_NEED(struct health, JSON_TEXT, "status", status),
	JSON(struct health, JSON_NUMBER, "streak", streak),
	JSON_LIST(struct health, JSON_MANY, "answers", answers, n_answers,
	          answer_fields),
	JSON_FIELD_END
};

bool
container_has_health(const struct container *c)
{
	const struct words *test = &c->record.health.test;

	return test->n > 0 && strcmp(test->v[0], "NONE") != 0;
}

void
container_health(const struct container *c, struct arena *a, struct health *h)
{
	AUTO(buf) struct buf text = { 0 };
	AUTO(close) int dir = -1;
	struct err ignored;

	*h = (struct health){ 0 };
	if (container_live(c, false, &dir, &ignored) < 0 ||
	    store_read(dir, FILE_NAME, FILE_MOST, &text, &ignored) < 0 ||
	    json_read(&text, health_fields, h, a, &ignored) < 0)
		*h = (struct health){ .status = arena_text(a, "starting") };
}

int
container_health_write(const struct container *c, const struct health *h,
                       struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	AUTO(close) int dir = -1;

	json_write(&text, health_fields, h, false);
	return container_live(c, false, &dir, e) < 0 ? -1
	       : store_write(dir, FILE_NAME, &text, false, e);
}
