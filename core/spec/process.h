/* SPDX-License-Identifier: ISC */
/* A part of the door of `spec`: what is executed, as whom, with what. */
#ifndef SPEC_PROCESS_H
#define SPEC_PROCESS_H

#include "base/json.h"
#include "base/mem.h"
#include "spec/host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rlimit_row {
	char *type; /* "RLIMIT_NOFILE" */
	uint64_t soft, hard;
};

/* Lists of names, "CAP_CHOWN"; spec_cap_bits turns one into a mask. */
struct capabilities {
	struct words bounding, effective, permitted, inheritable, ambient;
};

struct console_size {
	uint32_t height, width;
};

struct io_priority {
	char *class; /* "IOPRIO_CLASS_BE" */
	struct number priority;
};

struct scheduler {
	char *policy; /* "SCHED_OTHER" */
	struct number nice, priority, runtime, deadline, period;
	struct words flags;
};

struct cpu_affinity {
	char *initial, *final;
};

struct process {
	bool terminal, no_new_privileges;
	struct console_size *console_size;
	struct user user;
	struct words args, env;
	char *cwd, *command_line;
	struct capabilities *capabilities; /* NULL leaves them alone */
	struct rlimit_row *rlimits;
	size_t n_rlimits;
	struct number oom_score_adj;
	struct io_priority *io_priority;
	struct scheduler *scheduler;
	struct cpu_affinity *cpu_affinity;
	char *apparmor_profile, *selinux_label;
};

#endif
