/* SPDX-License-Identifier: ISC */
/* The child, from clone to exec: row by row through the table of stages. */
#include "base/log.h"
#include "init/child.h"
#include "sync/sync.h"
#include "sys/signal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
init_warn(const struct child *c, const char *format, ...)
{
	struct err said = { .status = STATUS_OURS }, unheard;
	va_list args;

	va_start(args, format);
	vsnprintf(said.text, sizeof(said.text), format, args);
	va_end(args);
	if (c->socket < 0 ||
	    sync_send(c->socket, SYNC_WARNING, &said, -1, &unheard) < 0)
		log_warn("%s", said.text);
}

bool
init_has_new(const struct child *c, enum namespace_kind kind)
{
	const struct namespace_row *row = spec_namespace(&c->spec, kind);

	return row && !row->path;
}

static int
run_stages(struct child *c, struct err *e)
{
	for (const struct stage *s = init_stages; s->name; s++) {
		int now = c->bare ? IN_BARE
		          : c->plan->exec ? IN_EXEC : IN_START;

		if ((s->when & now) && s->run(c, e) < 0)
			return fail_in(e, "%s", s->name);
	}
	return 0;
}

static int
tell(const struct child *c, const struct err *e)
{
	struct err unheard;

	if (!c->started)
		return sync_send(c->socket, SYNC_FAILED, e, -1, &unheard);
	return signal_write(c->socket, e->text, strlen(e->text));
}

/*
 * Nothing is released on failure: the process ends, and its descriptors and
 * memory with it.
 */
int
init_main(const struct init_plan *plan, struct err *e)
{
	struct child c = { .plan = plan, CHILD_NONE };

	log_set((enum log_level)plan->log_level, plan->log_json, STDERR_FILENO);
	log_info("init come on");
	if (run_stages(&c, e) == 0)
		fail(e, 0, "exec returned");
	if (c.socket >= 0 && tell(&c, e) == 0)
		_exit(e->status);
	return -1;
}
