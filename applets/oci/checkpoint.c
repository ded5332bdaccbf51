/* SPDX-License-Identifier: ISC */
/* oci checkpoint: a command of runc's that there is not. */
#include "cli/cli.h"
#include "oci/oci.h"

APPLET(oci, checkpoint,
	.args    = "ID",
	.what    = "is not supported",
	.refusal = OCI_NO_CHECKPOINT, .failure = 1);
