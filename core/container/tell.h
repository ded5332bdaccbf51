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

/* docker's id of one more command in a container: nothing but events knows
 * ours. */
struct exec_id {
	char text[65];
};

/* The events of such a command. "exec_create" and "exec_start", which say what
 * it is, with an id that is made up; then "exec_die" with its exit status. */
struct words;
void container_tell_exec(const struct container *c, struct exec_id *id,
                         const struct words *command);
void container_tell_exec_end(const struct container *c,
                             const struct exec_id *id, int status);

#endif
