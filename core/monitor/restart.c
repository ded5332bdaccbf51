/* SPDX-License-Identifier: ISC */
/* Whether a container that has ended is started again, and when. */
#include "monitor/restart.h"

#include <string.h>

enum { FIRST_MS = 100, MOST_MS = 60000, LONG_LIFE_MS = 10000 };

bool
restart_is_wanted(const struct restart *s, const struct record *r,
                  int status)
{
	if (!r->restart || r->stopped || r->again)
		return false;
	if (strcmp(r->restart, "on-failure") != 0)
		return true;
	return status != 0 && (r->restart_most.value <= 0 ||
	                       s->failures <= r->restart_most.value);
}

int
restart_delay(struct restart *s, const struct record *r, int status,
              int64_t lived)
{
	s->failures = status ? s->failures + 1 : 0;
	if (!restart_is_wanted(s, r, status))
		return -1;
	if (lived >= LONG_LIFE_MS)
		s->delay = 0;
	s->delay = s->delay ? 2 * s->delay : FIRST_MS;
	if (s->delay > MOST_MS)
		s->delay = MOST_MS;
	return s->delay;
}
