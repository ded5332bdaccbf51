/* SPDX-License-Identifier: ISC */
/* Part of container.h: what is asked about the machine, and noted on it. */
#ifndef CONTAINER_HOST_H
#define CONTAINER_HOST_H

#include "base/err.h"
#include "base/mem.h"
#include "spec/spec.h"

/*
 * uid, gid and groups for `-u USER[:GROUP]` from a root's own passwd and group
 * files, read by descriptor; also the HOME of the user.
 *
 * root     the directory; errors EINVAL as "no user 'web' in /etc/passwd"
 * l        digits in its text are an id and never looked up as a name; an
 *          empty or absent user is 0; without GROUP it is the one of his line,
 *          or 0. The primary group comes first in his list; his home is "/" if
 *          he has no line
 */
int container_user(int root, struct user_lookup *l, struct arena *a,
                   struct err *e) MUST;

/* This machine; what there is to be kept of it lies in the arena. */
int container_host(struct host *host, struct arena *a, struct err *e) MUST;

/* Write the id where --cidfile says; there must not be such a file yet. */
int container_id_file(const char *path, const char *id, struct err *e) MUST;
void container_id_file_drop(const char *path);

/* As docker does, make the directories that -v is to show and that are not
 * there, owned by us, of mode 0755. */
int container_make_sources(const struct words *paths, struct err *e) MUST;

/* A time as records have it, in seconds; -1 if it is none. */
int64_t container_seconds(const char *time);

#endif
