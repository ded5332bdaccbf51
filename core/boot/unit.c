/* SPDX-License-Identifier: ISC */
/* The files by which an init starts us at boot. */
#include "boot/boot.h"
#include "sys/process.h"

/*
 * The monitors stay in the unit's group: when it is stopped they are sent
 * SIGTERM, and stop their containers.
 */
static const char unit[] =
	"[Unit]\n"
	"Description=Containers of mydocker that are to run again\n"
	"After=local-fs.target network.target\n"
	"\n"
	"[Service]\n"
	"Type=oneshot\n"
	"RemainAfterExit=yes\n"
	"ExecStart=%s system boot\n"
	"KillMode=control-group\n"
	"TimeoutStopSec=30\n"
	"\n"
	"[Install]\n"
	"WantedBy=multi-user.target\n";

static const char script[] =
	"#!/bin/sh\n"
	"### BEGIN INIT INFO\n"
	"# Provides:          mydocker\n"
	"# Required-Start:    $local_fs\n"
	"# Required-Stop:     $local_fs\n"
	"# Default-Start:     2 3 4 5\n"
	"# Default-Stop:      0 1 6\n"
	"# Short-Description: containers of mydocker that are to run again\n"
	"### END INIT INFO\n"
	"\n"
	"mydocker=%s\n"
	"\n"
	"case $1 in\n"
	"start)\n"
	"	exec \"$mydocker\" system boot\n"
	"	;;\n"
	"stop)\n"
	"	# not `stop`: what was not stopped by hand is to run again\n"
	"	pkill -TERM -f '^mydocker: ' || :\n"
	"	;;\n"
	"*)\n"
	"	echo \"usage: $0 start|stop\" >&2\n"
	"	exit 2\n"
	"	;;\n"
	"esac\n";

static char *
with_name(struct arena *a, const char *text)
{
	AUTO(buf) struct buf out = { 0 };
	char *self = process_self(a);

	for (; *text; text++) {
		if (text[0] == '%' && text[1] == 's') {
			buf_text(&out, self);
			text++;
		} else {
			buf_add(&out, text, 1);
		}
	}
	return arena_text(a, out.data);
}

char *
boot_unit(struct arena *a)
{
	return with_name(a, unit);
}

char *
boot_script(struct arena *a)
{
	return with_name(a, script);
}
