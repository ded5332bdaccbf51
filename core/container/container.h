/* SPDX-License-Identifier: ISC */
/* The door of `container`: a record, and a container's life. */
#ifndef CONTAINER_CONTAINER_H
#define CONTAINER_CONTAINER_H

#include "base/err.h"
#include "base/json.h"
#include "container/all.h"
#include "container/data.h"
#include "container/files.h"
#include "container/health.h"
#include "container/host.h"
#include "container/life.h"
#include "container/tell.h"
#include "spec/spec.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* One container, opened: its directory, record and spec. Begins as { 0 }. */
struct container {
	struct arena arena;
	struct store store;
	int dir;          /* containers/ID, in data or in run */
	bool kept;        /* in data: not --rm */
	bool volumes;     /* those without a name are removed with it */
	bool watched;     /* it had a monitor when it was opened */
	char *path;       /* of that directory: the OCI bundle */
	struct record record;
	struct spec spec; /* empty until container_load_spec */
};

void auto_container(struct container *c);

/*
 * Make a container: an id, the name (or a made-up one), its directory, config
 * and record. All of it is there afterwards, or nothing is.
 *
 * record   name, image, command, flags, labels filled in by the caller
 * spec     is moved into c; its cgroups path, if it has one, is the parent of
 *          the container's own (else "/mydocker"), and the first 12 digits
 *          of the id are the host name where there is none
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
/* Give its memory back; it is read again when somebody needs it. */
void container_forget_spec(struct container *c);

enum container_state container_state(const struct container *c);
bool container_is_up(const struct container *c); /* running or paused */

/* A descriptor of the first process, checked: it takes signals through
 * process_signal whoever has the pid by then. A pidfd; on kernels without, one
 * of /proc/PID, which cannot be polled. ESRCH: not running. */
int container_pidfd(const struct container *c, int *pidfd,
                    struct err *e) MUST;

/* Is there a process of it? pidfds of it and its monitor; -1: not to be had. */
bool container_lives(const struct container *c, int fds[2]);

/*
 * Write the record, by rename, having taken over what others may have changed
 * of it.
 *
 * promised  it is to survive a power cut, unless the container is --rm; the
 *           disk is waited for. Else it lies where a reboot takes it
 */
int container_save(struct container *c, bool promised, struct err *e) MUST;

/*
 * Claim a container that does not run, to start it: until it has a monitor
 * this process answers for it.
 *
 * errors   EALREADY  it runs
 *          EBUSY     it is paused, or dead
 */
int container_begin(struct container *c, struct err *e) MUST;

/* What a start has claimed and not made use of is as it was. */
void container_begin_undo(struct container *c);

/* The directory of what a reboot may take: its own for --rm. */
int container_live(const struct container *c, bool make, int *dir,
                   struct err *e) MUST;

struct runtime_plan; /* for runtime_start, from the record */
void container_plan(const struct container *c, struct runtime_plan *plan);

/*
 * Signal; stop (signal, wait, kill); remove (force: kill first).
 *
 * signal   for stop, 0: the container's own stop signal, or SIGTERM
 * seconds  for stop; not set: the container's own, or 10; below 0: for ever
 * errors   ESRCH  to kill: it is not running (to stop: no error)
 *          EBUSY  to remove: it is running
 */
int container_kill(struct container *c, int signal, struct err *e) MUST;
int container_stop(struct container *c, int signal,
                   const struct number *seconds, struct err *e) MUST;
int container_remove(struct container *c, bool force, struct err *e) MUST;

/* Stop, for `restart`: it is there afterwards, also if it is --rm. */
int container_stop_for_restart(struct container *c, int signal,
                               const struct number *seconds,
                               struct err *e) MUST;

/*
 * Freeze all its processes, or let them go on.
 *
 * errors   ESRCH   it is not running
 *          EINVAL  it is so already
 */
int container_pause(struct container *c, bool paused, struct err *e) MUST;

/* errors   EEXIST  the name is taken, by itself or by another */
int container_rename(struct container *c, const char *name,
                     struct err *e) MUST;

/* Wait until it does not run, and tell its exit status; 0 if it never ran. */
int container_wait(struct container *c, int *status, struct err *e) MUST;

/*
 * Bytes that have gone through the interfaces in its network namespace, but for
 * the loopback; none if that is the host's.
 */
struct traffic {
	uint64_t received, sent;
};

void container_traffic(const struct container *c, struct traffic *t);

#endif
