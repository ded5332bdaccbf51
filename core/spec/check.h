/* SPDX-License-Identifier: ISC */
/* Inside spec: the parts of spec_check, and what they have in common. */
#ifndef SPEC_CHECK_H
#define SPEC_CHECK_H

#include "spec/spec.h"

/* check.c: what stands in `mounts`. */
int check_mounts(const struct spec *s, struct err *e) MUST;
int check_linux(const struct spec *s, struct err *e) MUST;
int check_seccomp(const struct seccomp *s, struct err *e) MUST;
int check_sysctls(const struct spec *s, struct err *e) MUST;
int check_resources(const struct resources *r, struct err *e) MUST;
int check_id_maps(const char *place, const struct id_map *maps, size_t n,
                  struct err *e) MUST;

/* Is the word in the list, which ends with NULL? */
bool check_is_among(const char *word, const char *const *list);
/* An absent number is within every range. */
bool check_is_within(const struct number *n, int64_t least, int64_t most);
/* Has the path a component ".."? */
bool check_has_dotdot(const char *path);

#endif
