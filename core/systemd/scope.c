/* SPDX-License-Identifier: ISC */
/* Scopes: made, changed and stopped by systemd. */
#include "systemd/systemd.h"
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "systemd/bus.h"
#include "systemd/properties.h"

#include <errno.h>
#include <string.h>

#define MANAGER "org.freedesktop.systemd1.Manager"

static struct wire_call
call_of(const char *member, const char *type, struct buf *body)
{
	return (struct wire_call){
		.to = "org.freedesktop.systemd1",
		.path = "/org/freedesktop/systemd1",
		.interface = MANAGER, .member = member, .body_type = type,
		.body = body,
	};
}

/* Jobs are told of only to those who asked: the bus for us, and systemd. */
static int
listen(struct bus *b, struct err *e)
{
	AUTO(buf) struct buf rule = { 0 };
	struct wire_call match = {
		.to = "org.freedesktop.DBus", .path = "/org/freedesktop/DBus",
		.interface = "org.freedesktop.DBus", .member = "AddMatch",
		.body_type = "s", .body = &rule,
	};
	struct wire_call subscribe = call_of("Subscribe", NULL, NULL);
	struct wire_head h;

	wire_text(&rule, "type='signal',interface='" MANAGER "',"
	                 "member='JobRemoved'");
	if (!b->direct && bus_call(b, &match, &h, e) < 0)
		return -1;
	return bus_call(b, &subscribe, &h, e);
}

/*
 * A job that was asked for: its name comes with the answer, its result in a
 * signal, which others' jobs send, too.
 */
struct job {
	const char *unit;
	char name[128], ended[128], result[32];
};

static void
hear_end(struct job *j, struct wire_head *h)
{
	struct wire *w = &h->body;
	const char *name, *unit, *result;

	if (strcmp(h->member, "JobRemoved") != 0 ||
	    strcmp(h->body_type, "uoss") != 0)
		return;
	(void)wire_read_u32(w);
	name = wire_read_text(w);
	unit = wire_read_text(w);
	result = wire_read_text(w);
	if (w->bad || strcmp(unit, j->unit) != 0)
		return;
	snprintf(j->ended, sizeof(j->ended), "%s", name);
	snprintf(j->result, sizeof(j->result), "%s", result);
}

/* *error: the name of what was answered, if that is an error. */
static int
run_job(struct bus *b, const struct wire_call *call, const char *unit,
        char error[96], struct err *e)
{
	struct job j = { .unit = unit };
	struct wire_head h;

	*error = '\0';
	if (bus_send(b, call, e) < 0)
		return -1;
	while (!*j.name || strcmp(j.name, j.ended) != 0) {
		if (bus_receive(b, &h, e) < 0)
			return -1;
		if (h.type == WIRE_SIGNAL)
			hear_end(&j, &h);
		if (h.answers != b->serial)
			continue;
		if (h.type == WIRE_ERROR) {
			snprintf(error, 96, "%s", h.error);
			return bus_refused(&h, e);
		}
		snprintf(j.name, sizeof(j.name), "%s",
		         wire_read_text(&h.body));
		if (h.body.bad || !*j.name)
			return fail(e, EBADMSG, "systemd: an answer without "
			            "a job");
	}
	return strcmp(j.result, "done") == 0
	       ? 0 : fail(e, EIO, "systemd: '%s' has not been made: %s", unit,
	                  j.result);
}

static int
reset_failed(struct bus *b, const char *unit, struct err *e)
{
	AUTO(buf) struct buf body = { 0 };
	struct wire_call call = call_of("ResetFailedUnit", "s", &body);
	struct wire_head h;

	wire_text(&body, unit);
	return bus_call(b, &call, &h, e);
}

static const char *const accounts[] = {
	"CPUAccounting", "MemoryAccounting", "IOAccounting", "TasksAccounting",
};

/*
 * Delegate, so that what is below is ours. Without the default dependencies it
 * is not stopped before whoever runs the container at a shutdown; and a failed
 * one is forgotten, as nobody would do it.
 */
static int
write_scope(struct buf *b, const struct systemd_unit *u, pid_t pid,
            const struct spec *spec, struct err *e)
{
	const struct linux_part *l = spec->linux_part;
	bool v2 = cgroup_layout() == CGROUP_V2;
	size_t array;

	wire_text(b, u->name);
	wire_text(b, "replace");
	array = wire_array(b, 8);
	properties_text(b, "Description", "a container of mydocker");
	properties_text(b, "Slice", u->slice);
	properties_text(b, "CollectMode", "inactive-or-failed");
	properties_bool(b, "Delegate", true);
	properties_bool(b, "DefaultDependencies", false);
	for (size_t i = 0; i < sizeof(accounts) / sizeof(*accounts); i++)
		if (v2 || i != 2)
			properties_bool(b, accounts[i], true);
	properties_pid(b, pid);
	if (l && l->resources &&
	    properties_resources(b, l->resources, v2, e) < 0)
		return -1;
	if (properties_annotations(b, &spec->annotations, e) < 0)
		return -1;
	wire_end(b, array, 8);
	wire_end(b, wire_array(b, 8), 8); /* auxiliary units: none */
	return 0;
}

int
systemd_start(const struct systemd_unit *u, pid_t pid,
              const struct spec *spec, struct err *e)
{
	AUTO(bus) struct bus b = BUS_NONE;
	AUTO(buf) struct buf body = { 0 };
	struct wire_call call = call_of("StartTransientUnit",
	                                "ssa(sv)a(sa(sv))", &body);
	struct err ignored;
	char error[96];

	if (write_scope(&body, u, pid, spec, e) < 0 ||
	    bus_open(&b, u->user, e) < 0 || listen(&b, e) < 0)
		return -1;
	if (run_job(&b, &call, u->name, error, e) == 0)
		return 0;
	/* One that has failed keeps its name until it is forgotten. */
	if (strcmp(error, "org.freedesktop.systemd1.UnitExists") != 0 ||
	    reset_failed(&b, u->name, &ignored) < 0)
		return -1;
	return run_job(&b, &call, u->name, error, e);
}

int
systemd_limit(const struct systemd_unit *u, const struct resources *r,
              struct err *e)
{
	AUTO(bus) struct bus b = BUS_NONE;
	AUTO(buf) struct buf body = { 0 };
	struct wire_call call = call_of("SetUnitProperties", "sba(sv)", &body);
	struct wire_head h;
	size_t array;

	wire_text(&body, u->name);
	wire_u32(&body, true); /* until the next boot, as the scope */
	array = wire_array(&body, 8);
	if (properties_resources(&body, r, cgroup_layout() == CGROUP_V2, e) < 0)
		return -1;
	wire_end(&body, array, 8);
	if (bus_open(&b, u->user, e) < 0)
		return -1;
	return bus_call(&b, &call, &h, e);
}

int
systemd_stop(const struct systemd_unit *u, struct err *e)
{
	AUTO(bus) struct bus b = BUS_NONE;
	AUTO(buf) struct buf body = { 0 };
	struct wire_call call = call_of("StopUnit", "ss", &body);
	struct err ignored;
	char error[96];

	wire_text(&body, u->name);
	wire_text(&body, "replace");
	if (bus_open(&b, u->user, e) < 0 || listen(&b, e) < 0)
		return -1;
	if (run_job(&b, &call, u->name, error, e) < 0)
		return strcmp(error, "org.freedesktop.systemd1.NoSuchUnit")
		       ? -1 : 0;
	if (reset_failed(&b, u->name, &ignored) < 0)
		log_debug("%s", ignored.text);
	return 0;
}
