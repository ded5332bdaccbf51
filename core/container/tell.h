/* SPDX-License-Identifier: ISC */
/* A part of the door of `container`: events of it, for who watches. */
#ifndef CONTAINER_TELL_H
#define CONTAINER_TELL_H

struct container;

/*
 * Note for `events` what was done to a container. It never fails.
 *
 * action  docker's word: "start"
 * more    attributes beside image, name and labels: pairs that NULL ends
 */
void container_tell(const struct container *c, const char *action,
                    const char *const *more);

/* The same with one attribute, which is a number. */
void container_tell_number(const struct container *c, const char *action,
                           const char *key, int number);

/* The events of one more command in it. "exec_create" and "exec_start", which
 * say what it is; then "exec_die" with its exit status. */
struct words;
void container_tell_exec(const struct container *c, const char *id,
                         const struct words *command);
void container_tell_exec_end(const struct container *c, const char *id,
                             int status);

#endif
