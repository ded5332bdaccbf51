/* SPDX-License-Identifier: ISC */
/* Inside `init`: the container's root directory on the host. */
#ifndef INIT_ROOT_H
#define INIT_ROOT_H

#include "init/child.h"
#include "sys/path.h"

/* Open root.path, with all that has been mounted on it so far. */
int init_open_root(const struct child *c, struct err *e) MUST;

/* The first mount, of type overlay, at "/"; it opens c->root. */
int init_make_overlay(struct child *c, const struct mount *m,
                      struct err *e) MUST;

/* That mount, or NULL. */
const struct mount *init_overlay(const struct child *c);

/* linux.rootfsPropagation in mount(2)'s flags; 0: not given. */
unsigned long init_propagation(const struct child *c);

#endif
