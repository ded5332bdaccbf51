/* SPDX-License-Identifier: ISC */
/* The door of `create`: from a command line to a container on disk. */
#ifndef CREATE_CREATE_H
#define CREATE_CREATE_H

#include "base/err.h"
#include "container/container.h"
#include "specgen/specgen.h"

#include <stdbool.h>

/*
 * Make a container as the options of `run` and `create` want it; its id stands
 * in --cidfile then. What names a root, and later an image, is resolved here.
 *
 * attached  filled in: which of the streams the caller is to see; NULL: it is
 *           not to be started now
 * errors    as specgen_build and container_create; nothing of it is left
 */
int create_container(struct container *c, const struct specgen_flags *flags,
                     char **command, bool attached[3], struct err *e) MUST;

/* A container that could not be started is as if it had never been. */
void create_undo(struct container *c, const struct specgen_flags *flags);

#endif
