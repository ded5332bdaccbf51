/* SPDX-License-Identifier: ISC */
/* Inside `report`: one process, and the columns that ps(1) has for it. */
#ifndef REPORT_PROCESS_H
#define REPORT_PROCESS_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* As /proc/PID tells; times in seconds, memory in KB. */
struct process_look {
	pid_t pid, ppid, pgrp, session;
	uid_t uid, ruid;
	gid_t gid;
	int tty, nice, priority, threads;
	char state;
	bool leader, foreground, locked;
	double cpu;      /* seconds that it has run */
	int64_t started; /* of the epoch */
	double age;
	uint64_t size, resident;
	char *name, *command;
};

/* -1: there is none. */
int process_look(struct process_look *p, pid_t pid, struct arena *a) MUST;

/* The names of all in /proc. */
void process_all(struct words *pids, struct arena *a);

struct process_column {
	const char *names; /* "uid|euid" */
	const char *heading;
	char *(*show)(const struct process_look *p, struct arena *a);
};

/* The column of that name; NULL: there is none. */
const struct process_column *process_column(const char *name);

#endif
