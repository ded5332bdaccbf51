/* SPDX-License-Identifier: ISC */
/* The time of day, as records have it; and time for waiting. */
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

static int64_t
nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t
clock_wall(void)
{
	return nanoseconds(CLOCK_REALTIME);
}

int64_t
clock_ns(void)
{
	return nanoseconds(CLOCK_BOOTTIME);
}

int64_t
clock_ms(void)
{
	return clock_ns() / 1000000;
}
