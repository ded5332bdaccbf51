/* SPDX-License-Identifier: ISC */
/* Part of container.h: the volumes of a container. */
#ifndef CONTAINER_FILES_H
#define CONTAINER_FILES_H

#include "base/err.h"
#include "base/mem.h"
#include "store/store.h"

struct container;

/*
 * Make the volumes that the record names and that are not there, and fill
 * those that are empty with what the root has at their place. Not before the
 * record is published: it is what keeps others from removing them.
 */
int container_make_volumes(struct container *c, struct err *e) MUST;

/* The ids of the containers that have a volume. Their records say so; nobody
 * counts. */
int container_volume_users(const struct store *s, const char *volume,
                           struct arena *a, struct words *ids,
                           struct err *e) MUST;

/*
 * Remove a volume that no container has, but perhaps that one; NULL: none.
 *
 * errors   EBUSY   "remove web: volume is in use - [ID, ...]"
 *          ENOENT  "get web: no such volume"
 */
int container_remove_volume(const struct store *s, const char *volume,
                            const char *but, struct err *e) MUST;

#endif
