/* SPDX-License-Identifier: ISC */
/* port: list the ports of a container that the host passes on. */
#include "cli/cli.h"
#include "container/container.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "80", "80/tcp", "53/udp" */
static int
check_port(const char *text, struct err *e)
{
	static const char *const protocols[] = { "", "/tcp", "/udp", "/sctp" };
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	bool known = false;

	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		known |= strcmp(end, protocols[i]) == 0;
	if (*text < '0' || *text > '9' || n == 0 || n > 65535 || !known)
		return fail(e, EINVAL, "'%s' is not PORT[/PROTOCOL]", text);
	return 0;
}

/* Nothing is passed on to any container, as --publish is not there yet. */
static int
run(char **words, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	const char *port = words[1];

	if (container_open(&c, words[0], e) < 0)
		return fail_status(e, STATUS_FAILED);
	if (!port)
		return 0;
	if (check_port(port, e) == 0)
		fail(e, ENOENT, "no public port '%s%s' published for %s", port,
		     strchr(port, '/') ? "" : "/tcp", words[0]);
	return fail_status(e, STATUS_FAILED);
}

APPLET(container, port,
	.alias   = "port",
	.args    = "CONTAINER [PORT]",
	.what    = "list the ports that the host passes on to a container",
	.run     = run);
