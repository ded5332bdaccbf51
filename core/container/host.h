/* SPDX-License-Identifier: ISC */
/* Part of container.h: what specgen asks about the machine. */
#ifndef CONTAINER_HOST_H
#define CONTAINER_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "spec/spec.h"

/*
 * uid, gid and groups for `-u USER[:GROUP]` from a root's own passwd and group
 * files, read by descriptor; also the HOME of the user.
 *
 * root     the directory; errors EINVAL as "no user 'web' in /etc/passwd"
 * text     digits are an id and never looked up as a name; an empty or absent
 *          user is 0; without GROUP it is the one of the user's line, or 0
 * groups   names or numbers to add; the primary group is first in user's list
 * home     "/" for a user without a line
 */
int container_user(int root, const char *text, const struct words *groups,
                   struct user *user, char **home, struct arena *a,
                   struct err *e) MUST;

/* The rest has the form that struct specgen_host asks for. */
int container_host_user(const char *rootfs, const char *text,
                        const struct words *groups, struct user *user,
                        char **home, struct arena *a, struct err *e) MUST;

/* The namespace of a running container: "/proc/PID/ns/net". */
int container_host_ns_path(const char *container, enum namespace_kind kind,
                           char **path, struct arena *a, struct err *e) MUST;

/* Kind, numbers, mode and owner of one device; all those in /dev. */
int container_host_device(const char *path, struct device *found,
                          struct err *e) MUST;
int container_host_all_devices(struct device **v, size_t *n, struct arena *a,
                               struct err *e) MUST;

/* A file that the user named, a pipe as well. */
int container_host_read_file(const char *path, struct buf *out,
                             struct err *e) MUST;

/* What uname(2) calls the machine, "x86_64", and the kernel's release. */
int container_host_kernel(char **machine, char **release, struct arena *a,
                          struct err *e) MUST;

/* The working directory; the hard limit of open files; the last capability. */
int container_host_cwd(char **cwd, struct arena *a, struct err *e) MUST;
uint64_t container_host_nofile(void);
int container_host_last_cap(void);
uint32_t container_host_uid(void);
uint32_t container_host_gid(void);

/* Write the id where --cidfile says; there must not be such a file yet. */
int container_host_id_file(const char *path, const char *id,
                           struct err *e) MUST;
void container_host_id_file_drop(const char *path);

#endif
