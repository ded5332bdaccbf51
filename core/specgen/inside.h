/* SPDX-License-Identifier: ISC */
/* Inside specgen: the parts of specgen_build, and what they share. */
#ifndef SPECGEN_INSIDE_H
#define SPECGEN_INSIDE_H

#include "specgen/specgen.h"

/* docker's name of a machine, "amd64"; its libseccomp's, "SCMP_ARCH_X86_64",
 * or NULL if we know neither. */
const char *docker_machine(const char *machine);
const char *seccomp_machine(const char *machine, struct arena *a);

#endif
