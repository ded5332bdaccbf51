/* SPDX-License-Identifier: ISC */
/* The time of day, as records have it; and time for waiting. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include "base/mem.h"

#include <stdint.h>
#include <time.h>

/* Now, by RFC 3339 in nanoseconds: "2026-01-31T07:00:00.000000001Z". */
char *clock_now(struct arena *a);
char *clock_text(struct arena *a, const struct timespec *time); /* any time */

/* Now, in nanoseconds since 1970. */
int64_t clock_wall(void);

/* Time since boot, with the time asleep, in nanoseconds and milliseconds: for
 * waiting. */
int64_t clock_ns(void);
int64_t clock_ms(void);

#endif
