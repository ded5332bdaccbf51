/* SPDX-License-Identifier: ISC */
/* init: the first process of a container, or of a machine. */
#include "base/log.h"
#include "cli/cli.h"
#include "init/init.h"

#include <unistd.h>

/* Whether there is a configuration is what tells a container from a machine:
 * a kernel starts its init with three descriptors. */
static bool
is_machine(void)
{
	return getpid() == 1 && dup2(3, 3) < 0;
}

static int
run(char **words, struct err *e)
{
	struct init_plan plan;

	if (is_machine())
		return init_machine(words, e);
	if (init_plan_read(&plan, words, e) < 0)
		return -1;
	if (!*words) {
		plan.log_level = log_level();
		plan.log_json = log_is_json();
	}
	return init_main(&plan, e);
}

APPLET(self, init,
	.alias  = "init",
	.args   = "[WORD...]",
	.what   = "be the first process: what to run is read from descriptor 3",
	.raw    = true,
	.run    = run);
