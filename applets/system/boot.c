/* SPDX-License-Identifier: ISC */
/* boot: start what is to run again, when the machine was started. */
#include "boot/boot.h"
#include "cli/cli.h"

#include <errno.h>

static struct args {
	bool unit, script;
} args;

static const struct opt options[] = {
	{ 0, "print-script", NULL, FLAG(script),
	  "print an init script that does this, and do nothing" },
	{ 0, "print-unit", NULL, FLAG(unit),
	  "print a unit of systemd's that does this, and do nothing" },
	OPT_END
};

extern const struct applet applet_system_boot;

static void
started(void *with, const char *name)
{
	(void)with;
	cli_print("%s\n", name);
}

static void
failed(void *with, const char *name, const struct err *e)
{
	struct err copy = *e;

	*(bool *)with = true;
	fail_in(&copy, "%s", name);
	cli_error(&applet_system_boot, &copy);
}

static int
run(char **operands, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	bool some_failed = false;
	const struct boot_report to = { started, failed, &some_failed };

	(void)operands;
	if (args.unit && args.script)
		return fail(e, EINVAL, "--print-unit and --print-script "
		            "exclude each other");
	if (args.unit || args.script) {
		cli_print("%s", args.unit ? boot_unit(&a) : boot_script(&a));
		return 0;
	}
	if (boot_start(&to, e) < 0)
		return fail_status(e, STATUS_FAILED);
	return some_failed ? STATUS_FAILED : 0;
}

APPLET(system, boot,
	.args    = "",
	.what    = "start the containers that are to run again after a reboot",
	.options = options, .into = &args,
	.run     = run);
