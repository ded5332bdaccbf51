/* SPDX-License-Identifier: ISC */
/* Inside `systemd`: resources in the words of a unit's properties. */
#ifndef SYSTEMD_PROPERTIES_H
#define SYSTEMD_PROPERTIES_H

#include "spec/spec.h"
#include "systemd/wire.h"

#include <sys/types.h>

/* One item of an array a(sv). */
void properties_text(struct buf *b, const char *name, const char *value);
void properties_bool(struct buf *b, const char *name, bool value);
void properties_u64(struct buf *b, const char *name, uint64_t value);
void properties_pid(struct buf *b, pid_t pid); /* PIDs */

/*
 * What of the resources systemd has words for.
 *
 * v2   the names are those for cgroup v2
 * errors   EINVAL  a number that makes no sense, or contradicts another
 */
int properties_resources(struct buf *b, const struct resources *r, bool v2,
                       struct err *e) MUST;

/* Annotations "org.systemd.property.NAME": the value as `uint64 5`, `true`,
 * `'text'`. */
int properties_annotations(struct buf *b, const struct pairs *annotations,
                         struct err *e) MUST;

#endif
