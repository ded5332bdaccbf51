/* SPDX-License-Identifier: ISC */
/* The door of `boot`: what is to run again after the machine was started. */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include "base/err.h"
#include "base/mem.h"

/*
 * Start the containers whose policy says so: always; unless-stopped, but those
 * that somebody has stopped; on-failure, if the machine went down under them.
 *
 * started  called for each that was, and failed for each that could not be
 */
struct boot_report {
	void (*started)(void *with, const char *name);
	void (*failed)(void *with, const char *name, const struct err *e);
	void *with;
};

int boot_start(const struct boot_report *to, struct err *e) MUST;

/* What makes systemd, or an init that runs scripts, do that; with the name of
 * the file that we are. */
char *boot_unit(struct arena *a);
char *boot_script(struct arena *a);

#endif
