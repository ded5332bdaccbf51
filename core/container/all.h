/* SPDX-License-Identifier: ISC */
/* A part of the door of `container`: all of them. */
#ifndef CONTAINER_ALL_H
#define CONTAINER_ALL_H

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

/*
 * One after the other, in no order, mended as container_open does; one that is
 * removed meanwhile is passed over. Begins as { 0 }.
 */
struct container_all {
	struct container *c; /* the one at hand, until the next is asked for */
	struct arena arena;
	struct words ids;
	size_t at;
};

void auto_container_all(struct container_all *all);
int container_all_begin(struct container_all *all, struct err *e) MUST;
/* 1: there is one; 0: that was all; -1: this one is broken, ask again. */
int container_all_next(struct container_all *all, struct err *e) MUST;

/* Newest first, as ids in the arena; also those that are broken. */
int container_list(struct arena *a, struct words *ids, struct err *e) MUST;

#endif
