/* SPDX-License-Identifier: ISC */
/* The options of what signals a container, or stops it. */
#include "specgen/specgen.h"

#include <errno.h>

int
specgen_signal(void *member, const char *value, struct arena *a, struct err *e)
{
	int *signal = member;

	(void)a;
	*signal = *value ? spec_signal_number(value) : 0;
	if (*signal > 0 || !*value)
		return 0;
	fail(e, EINVAL, "invalid signal: %s", value);
	return fail_status(e, STATUS_FAILED);
}

#undef OPT_STRUCT
#define OPT_STRUCT struct specgen_stop

const struct opt specgen_stop_options[] = {
	{ 's', "signal", "SIGNAL", SPECGEN_SIGNAL(signal),
	  "send this one first, instead of SIGTERM" },
	{ 't', "timeout|time", "SECONDS", SECONDS(seconds),
	  "how long to wait until SIGKILL (10); -1: for ever" },
	OPT_END
};
