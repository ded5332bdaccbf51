/* SPDX-License-Identifier: ISC */
/* `logs`: what was asked for, from the files that there are and will be. */
#include "logs/read.h"
#include "sys/fd.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* From the one where the lines begin that were asked for to the newest, which
 * stays open in *last. */
static int
copy_files(struct reader *r, int dir, int *last, struct err *e)
{
	AUTO(files) struct files f = { 0 };
	size_t i;
	off_t at = 0;

	if (files_open(&f, dir, e) < 0)
		return -1;
	if (!f.n)
		return 0;
	i = f.n - 1;
	if (r->q->tail >= 0 && tail_find(&f, r->q->tail, &i, &at, e) < 0)
		return -1;
	if (lseek(f.fd[i], at, SEEK_SET) < 0)
		return fail_sys(e, "log.json");
	for (i++; i-- > 0; read_next(r)) {
		if (read_copy(r, f.fd[i]) < 0)
			return fail_sys(e, "log.json");
		if (i == 0)
			break;
	}
	*last = take_fd(&f.fd[0]);
	return read_flush(r);
}

/* A reader that went away is a failure without words. */
static int
explain(const struct reader *r, struct err *e)
{
	if (r->code == EPIPE) {
		(void)fail(e, EPIPE, "%s", "");
		return fail_status(e, STATUS_SIGNAL + SIGPIPE);
	}
	errno = r->code;
	return r->code ? fail_sys(e, "write the lines") : -1;
}

int
logs_read(int dir, const struct logs_query *q, struct err *e)
{
	AUTO(reader) struct reader r;
	AUTO(close) int last = -1;

	read_begin(&r, q);
	if (copy_files(&r, dir, &last, e) < 0)
		return explain(&r, e);
	if (q->lives && follow_log(&r, dir, &last, e) < 0)
		return explain(&r, e);
	return 0;
}
