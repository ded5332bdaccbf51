/* SPDX-License-Identifier: ISC */
/* The door of `resctrl`: groups that share caches and memory bandwidth. */
#ifndef RESCTRL_RESCTRL_H
#define RESCTRL_RESCTRL_H

#include "base/err.h"
#include "spec/spec.h"

#include <sys/types.h>

/*
 * linux.intelRdt. The group is called closID ("/": the root's), or as the
 * container; one of the latter name is made and removed with it, and must not
 * have been there before. One called closID is never removed, made only with
 * schemata, and where it was there they must be its own.
 *
 * root    the directory where resctrl is mounted
 * id      the container's
 * source  runtime-spec, config-linux.md, "IntelRdt"; the kernel's
 *         Documentation/filesystems/resctrl.rst
 */

/* The first resctrl that mountinfo has; ENOTSUP. */
int resctrl_root(struct err *e) MUST;

/*
 * Make the group, write its schemata, make the group that monitors the
 * container, if it is asked for. On failure nothing of that stays.
 *
 * errors   EEXIST  there is a group of the container's name
 *          ENOENT  there is none called closID, and no schemata to make it
 *          EINVAL  the schemata of the group are others; or as the kernel says
 */
int resctrl_make(int root, const struct intel_rdt *rdt, const char *id,
                 struct err *e) MUST;

/* Put a process in there, and whoever it will give birth to. */
int resctrl_enter(int root, const struct intel_rdt *rdt, const char *id,
                  pid_t pid, struct err *e) MUST;

/* Write the schemata that `rdt` has. */
int resctrl_write(int root, const struct intel_rdt *rdt, const char *id,
                  struct err *e) MUST;

/* What is the container's alone goes; a second time, too. */
int resctrl_remove(int root, const struct intel_rdt *rdt, const char *id,
                   struct err *e) MUST;

/* The group, and the one that counts what the container uses: directories, to
 * be closed. */
int resctrl_open(int root, const struct intel_rdt *rdt, const char *id,
                 struct err *e) MUST;
int resctrl_monitor(int group, const struct intel_rdt *rdt, const char *id,
                    struct err *e) MUST;

#endif
