/* SPDX-License-Identifier: ISC */
/* The time of day, as records have it. */
#include "sys/clock.h"

#include <time.h>

char *
clock_now(struct arena *a)
{
	struct timespec now;
	struct tm parts;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return arena_format(a, "%s.%09ldZ", text, now.tv_nsec);
}
