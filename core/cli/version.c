/* SPDX-License-Identifier: ISC */
/* What this file was built from: the one place that includes versions.h. */
#include "cli/cli.h"
#include "versions.h"

void
cli_version(void)
{
	cli_print("mydocker version %s\nlibraries: %s\n", MYDOCKER_VERSION,
	          DEP_VERSIONS);
}

const char *
cli_release(void)
{
	return MYDOCKER_VERSION;
}
