/* SPDX-License-Identifier: ISC */
/* Part of spec.h: names and the kernel's numbers for them. */
#ifndef SPEC_NAMES_H
#define SPEC_NAMES_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

/* Each number is -1 for an unknown name. */
int spec_cap_number(const char *name); /* "CAP_CHOWN", "chown" */
const char *spec_cap_name(int number); /* "CAP_CHOWN", NULL past the last */
int spec_cap_bits(const struct words *names, uint64_t *bits,
                  struct err *e) MUST;
int spec_rlimit_number(const char *name); /* "RLIMIT_NOFILE" */
int spec_signal_number(const char *name); /* "SIGTERM", "term", "15" */
const char *spec_signal_name(int number); /* "SIGTERM" */
/* The kind of namespace that has the sysctl of its own; -1: none has. */
int spec_sysctl_namespace(const char *name);
bool spec_is_cpu_list(const char *text); /* "0-3,7" */

/* Words of linux.memoryPolicy and their numbers, ended by a NULL; -1: it is
 * none of them. */
struct spec_word {
	const char *name;
	int value;
};

extern const struct spec_word spec_memory_modes[], spec_memory_flags[];
int spec_word_value(const struct spec_word *words, const char *name);

#endif
