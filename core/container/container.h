/* SPDX-License-Identifier: ISC */
/* The door of `container`: a record, and a container's life. */
#ifndef CONTAINER_CONTAINER_H
#define CONTAINER_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/json.h"
#include "spec/spec.h"
#include "store/store.h"

enum container_state {
	CONTAINER_CREATED,
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,
	CONTAINER_EXITED,
	CONTAINER_DEAD, /* its record cannot be read */
};

const char *container_state_name(enum container_state s); /* "running" */

/*
 * record.json: what one command tells the next. A process is never trusted by
 * its pid alone: start time and boot id must match.
 */
struct record {
	int64_t version;
	char *id, *name, *image; /* image: what was named, a path for now */
	char *created, *started, *finished; /* RFC 3339 */
	char *state;
	struct number pid, start_time;          /* first process */
	struct number monitor, monitor_start;   /* monitor */
	char *boot_id;
	struct number exit_status;
	bool oom_killed, remove, reaper, tty, interactive;
	char *cgroup, *stop_signal, *error;
	struct number stop_timeout;
	struct words command;
	struct pairs labels;
};

/* One container, opened: its directory, record and spec. */
struct container {
	struct arena arena;
	struct store store;
	int dir;          /* containers/ID, in data or in run */
	struct record record;
	struct spec spec; /* empty until container_load_spec */
};

void auto_container(struct container *c);

/*
 * Make a container: an id, the name (or a made-up one), its directory, config
 * and record. All of it is there afterwards, or nothing is.
 *
 * record   name, image, command, flags, labels filled in by the caller
 * spec     is moved into c; its cgroups path is filled in from the id
 * errors   EEXIST  the name is taken: "the name 'web' is in use by ID"
 *          EINVAL  not a name
 */
int container_create(struct container *c, const struct record *wanted,
                     struct spec *spec, struct err *e) MUST;

/*
 * Find a container by name, id or unique part of an id, and mend its record if
 * its processes are gone.
 *
 * errors   ENOENT  "no such container: 'web'"
 *          EEXIST  several ids begin so; the text lists them
 */
int container_open(struct container *c, const char *name,
                   struct err *e) MUST;
int container_load_spec(struct container *c, struct err *e) MUST;

enum container_state container_state(const struct container *c);

/* A pidfd of the first process, checked. ESRCH: not running. */
int container_pidfd(const struct container *c, int *pidfd,
                    struct err *e) MUST;

/* Write the record, by rename; durable unless the container is --rm. */
int container_save(struct container *c, struct err *e) MUST;

/* The plan for runtime_start, from the record. */
struct runtime_plan;
void container_plan(const struct container *c, struct runtime_plan *plan);

/* What follows the end of the first process: record it, take the remains
 * away, and remove the container if it is --rm. In any process, twice. */
int container_ended(struct container *c, int exit_status,
                    struct err *e) MUST;

/* Signal, stop (signal, wait, kill) and remove (force: kill first). */
int container_kill(struct container *c, int signal, struct err *e) MUST;
int container_stop(struct container *c, int signal, int64_t seconds,
                   struct err *e) MUST;
int container_remove(struct container *c, bool force, struct err *e) MUST;

/*
 * All containers, newest first, as ids in the arena. One that cannot be read
 * is listed, too.
 */
int container_list(struct arena *a, struct words *ids, struct err *e) MUST;

/*
 * uid, gid and groups for `-u USER[:GROUP]` from a root's own passwd and group
 * files, read by descriptor; also the HOME of the user.
 *
 * root     the directory; errors EINVAL as "no user 'web' in /etc/passwd"
 */
int container_user(int root, const char *text, const struct words *groups,
                   struct user *user, char **home, struct arena *a,
                   struct err *e) MUST;

#endif
