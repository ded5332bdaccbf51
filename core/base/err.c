/* SPDX-License-Identifier: ISC */
/* Errors are filled in at the bottom and gain a noun on each floor above. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
set(struct err *e, int code)
{
	e->code = code;
	e->status = STATUS_OURS;
}

int
fail(struct err *e, int code, const char *format, ...)
{
	va_list args;

	set(e, code);
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	return -1;
}

int
fail_sys(struct err *e, const char *format, ...)
{
	int code = errno;
	size_t used;
	va_list args;

	set(e, code);
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	used = strlen(e->text);
	snprintf(e->text + used, sizeof(e->text) - used, ": %s",
	         strerror(code));
	errno = code;
	return -1;
}

int
fail_in(struct err *e, const char *format, ...)
{
	char said[sizeof(e->text)];
	size_t used;
	va_list args;

	memcpy(said, e->text, sizeof(said));
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	used = strlen(e->text);
	snprintf(e->text + used, sizeof(e->text) - used, ": %s", said);
	return -1;
}

int
fail_status(struct err *e, int status)
{
	e->status = status;
	return -1;
}
