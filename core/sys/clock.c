/* SPDX-License-Identifier: ISC */
/* The time of day, as records have it. */
#include "sys/clock.h"

char *
clock_text(struct arena *a, const struct timespec *time)
{
	struct tm parts;
	char text[32];

	gmtime_r(&time->tv_sec, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return arena_format(a, "%s.%09ldZ", text, time->tv_nsec);
}

char *
clock_now(struct arena *a)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return clock_text(a, &now);
}

int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
