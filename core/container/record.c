/* SPDX-License-Identifier: ISC */
/* A record on disk: its two copies, which of them counts, and who writes. */
#include "container/record.h"
#include "base/log.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define RECORD "record.json"
/* There while it runs, beside the copy that a reboot does not take. */
#define RAN "ran"
#define RECORD_MOST (1 << 20)

int64_t
container_seconds(const char *time)
{
	struct tm parts = { 0 };
	const char *rest = time ? strptime(time, "%Y-%m-%dT%H:%M:%S", &parts)
	                        : NULL;

	return rest && (*rest == '.' || *rest == 'Z') ? timegm(&parts) : -1;
}

bool
record_is_alive(const struct record *r, const struct number *pid,
                const struct number *start)
{
	return pid->set &&
	       process_is_same((pid_t)pid->value,
	                       start->set ? start->value : -1, r->boot_id);
}

/* What can be known of a container without its record. */
static void
load_dead(struct container *c, const char *id, const struct err *why)
{
	c->record = (struct record){
		.version = RECORD_VERSION,
		.id = arena_text(&c->arena, id),
		.name = store_name(&c->store, id, &c->arena),
		.state = arena_text(&c->arena, "dead"),
		.error = arena_text(&c->arena, why->text),
		.remove = !c->kept,
		.cgroup = arena_format(&c->arena, "/mydocker/%s", id),
	};
}

/* 0: c->record is that of the file in this directory. */
static int
read_record(struct container *c, int dir, const char *id, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (store_read(dir, RECORD, RECORD_MOST, &text, e) < 0)
		return -1;
	return record_parse(c, id, text.data ? text.data : "", text.n, e);
}

/* While it runs there is a second copy. */
static bool
read_live(struct container *c, const char *id)
{
	AUTO(close) int dir = -1;
	struct err ignored;

	return c->kept && store_live(&c->store, id, false, &dir,
	                             &ignored) == 0 &&
	       read_record(c, dir, id, &ignored) == 0;
}

/*
 * What a reboot has taken: that it ran. The copy that is kept was written
 * before it did, or after an earlier life.
 */
static void
load_lost(struct container *c)
{
	enum container_state s = container_state(c);
	struct record *r = &c->record;
	struct stat st;

	if ((s != CONTAINER_CREATED && s != CONTAINER_EXITED) ||
	    fstatat(c->dir, RAN, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	r->state = arena_text(&c->arena, "running");
	r->started = clock_text(&c->arena, &st.st_mtim);
	r->exit_status.set = r->pid.set = r->monitor.set = false;
}

/*
 * That of one that runs is read first: it goes when the one that is kept has
 * been written. Of both the one that was written last counts.
 */
void
record_load(struct container *c, const char *id)
{
	bool lives = read_live(c, id);
	struct record live = c->record;
	struct err why;
	int done;

	c->record = (struct record){ 0 };
	done = read_record(c, c->dir, id, &why);
	if (lives && (done < 0 ||
	              live.revision.value >= c->record.revision.value))
		c->record = live;
	else if (done < 0)
		load_dead(c, id, &why);
	else if (c->kept && !lives)
		load_lost(c);
}

/* It is not waited for: who cuts the power takes the memory of it with him. */
static void
note_run(const struct container *c)
{
	AUTO(close) int fd = c->kept ? openat(c->dir, RAN, O_WRONLY | O_CREAT |
	        O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;

	if (c->kept && fd < 0)
		log_debug("'%s': %s", RAN, strerror(errno));
}

int
record_end(struct container *c, struct err *e)
{
	struct record *r = &c->record;

	r->monitor.set = r->monitor_start.set = false;
	if (record_write(c, true, e) < 0)
		return -1;
	if (!c->kept)
		return 0;
	if (unlinkat(c->dir, RAN, 0) < 0 && errno != ENOENT)
		return fail_sys(e, "'%s'", RAN);
	return store_drop_live(&c->store, r->id, e);
}

int
container_refresh(struct container *c)
{
	struct container now = { .store = c->store, .dir = c->dir,
		                 .kept = c->kept };
	struct record *r = &c->record;
	bool dead;

	record_load(&now, r->id);
	dead = container_state(&now) == CONTAINER_DEAD;
	if (!dead) {
		r->revision = now.record.revision;
		r->name = arena_text(&c->arena, now.record.name);
		r->restart = arena_text(&c->arena, now.record.restart);
		r->restart_most = now.record.restart_most;
		r->asked.cpus = arena_text(&c->arena, now.record.asked.cpus);
		r->stopped = now.record.stopped;
		r->again = now.record.again;
	}
	auto_arena(&now.arena);
	return dead ? -1 : 0;
}

enum container_state
container_refresh_state(const struct container *c)
{
	struct container now = { .store = c->store, .dir = c->dir,
		                 .kept = c->kept };
	enum container_state s;

	record_load(&now, c->record.id);
	s = container_state(&now);
	auto_arena(&now.arena);
	return s;
}

int
record_lock(struct container *c, struct err *e)
{
	char *id = c->record.id;

	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	record_load(c, id);
	return 0;
}

void
record_place(struct container *c, const char *id)
{
	c->path = arena_format(&c->arena, "%s/containers/%s",
	                       c->kept ? c->store.data_path
	                               : c->store.run_path, id);
}

/* With the lock held: it is not to be made for one that has been removed. */
static int
open_live(const struct container *c, bool make, int *dir, struct err *e)
{
	if (c->kept && make && faccessat(c->dir, RECORD, F_OK, 0) < 0)
		return fail_sys(e, "container '%s'", c->record.id);
	if (c->kept)
		return store_live(&c->store, c->record.id, make, dir, e);
	*dir = fcntl(c->dir, F_DUPFD_CLOEXEC, 3);
	return *dir < 0 ? fail_sys(e, "container") : 0;
}

int
container_live(const struct container *c, bool make, int *dir, struct err *e)
{
	int done;

	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	done = open_live(c, make, dir, e);
	store_unlock(c->dir);
	return done;
}

static int
write_live(const struct container *c, const struct buf *text)
{
	AUTO(close) int dir = -1;
	struct err ignored;

	return open_live(c, true, &dir, &ignored) < 0 ? -1
	       : store_write(dir, RECORD, text, false, &ignored);
}

/* A revision is only of use where there are two copies. */
int
record_write(struct container *c, bool promised, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	struct number *revision = &c->record.revision;

	if (c->kept)
		*revision = (struct number){ true, revision->value + 1 };
	record_print(&c->record, &text);
	if (!promised && write_live(c, &text) == 0)
		return 0;
	return store_write(c->dir, RECORD, &text, c->kept, e);
}

int
container_save(struct container *c, bool promised, struct err *e)
{
	int done;

	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	if (c->kept && container_refresh(c) < 0)
		done = fail(e, ENOENT, "container '%s' has been removed",
		            c->record.name);
	else
		done = record_write(c, promised, e);
	store_unlock(c->dir);
	return done;
}

static struct number
start_of(pid_t pid)
{
	int64_t start = process_start_time(pid);

	return (struct number){ start >= 0, start };
}

/* A command may have ended by now, and then has no start time. */
int
container_watch(struct container *c, pid_t pid, struct err *e)
{
	struct record *r = &c->record;

	r->monitor = (struct number){ true, getpid() };
	r->monitor_start = start_of(getpid());
	r->pid = (struct number){ true, pid };
	r->start_time = start_of(pid);
	r->boot_id = process_boot(&c->arena);
	return container_save(c, false, e);
}

int
container_started(struct container *c, struct err *e)
{
	struct record *r = &c->record;

	r->started = clock_now(&c->arena);
	r->finished = r->error = NULL;
	r->exit_status.set = r->oom_killed = false;
	r->state = arena_text(&c->arena, "running");
	note_run(c);
	if (container_save(c, false, e) < 0)
		return -1;
	container_tell(c, "start", NULL);
	return 0;
}
