/* SPDX-License-Identifier: ISC */
/* The door of `systemd`: scopes, asked for over its bus. */
#ifndef SYSTEMD_SYSTEMD_H
#define SYSTEMD_SYSTEMD_H

#include "base/err.h"
#include "base/mem.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <sys/types.h>

/* A scope: "crun-ID.scope" in "system.slice"; of a user's own systemd where
 * `user` is not 0. */
struct systemd_unit {
	char *slice, *name;
	uid_t user;
};

/*
 * cgroupsPath in systemd's form, "SLICE:PREFIX:NAME": PREFIX-NAME.scope in
 * SLICE. An empty slice is system.slice, for a user user.slice; without a path
 * the prefix is "mydocker" and the name the id.
 *
 * errors   EINVAL  not of that form; not the name of a slice or of a unit
 * source   systemd.unit(5); runc's docs/systemd.md
 */
int systemd_unit(struct systemd_unit *u, const char *path, const char *id,
                 struct arena *a, struct err *e) MUST;

/* Where the scope's group is: "/a.slice/a-b.slice/crun-ID.scope". */
char *systemd_cgroup(const struct systemd_unit *u, struct arena *a);

/*
 * Make the scope, with that process in it, and with what of the resources
 * systemd has words for, so that it does not undo them later. Whoever writes to
 * the group itself may go on: it is delegated. Waits until it is there.
 *
 * errors   ENOTSUP  there is no systemd to be reached
 *          EIO      it refuses, and says why
 *          ETIMEDOUT
 */
int systemd_start(const struct systemd_unit *u, pid_t pid,
                  const struct spec *spec, struct err *e) MUST;

/* The resources have changed. */
int systemd_limit(const struct systemd_unit *u, const struct resources *r,
                  struct err *e) MUST;

/* Stop what is left of it; one that is not there is no error. */
int systemd_stop(const struct systemd_unit *u, struct err *e) MUST;

#endif
