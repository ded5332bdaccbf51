/* SPDX-License-Identifier: ISC */
/* What ps(1) shows for us. */
#include "sys/title.h"
#include "base/auto.h"
#include "base/mem.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * Fields 48 to 51: where the arguments begin and end, then the environment.
 *
 * source   proc_pid_stat(5)
 */
static int
find_words(uintptr_t at[4])
{
	AUTO(buf) struct buf stat = { 0 };
	const char *field;
	char *end;

	if (fd_read_at(AT_FDCWD, "/proc/self/stat", 4096, &stat) < 0)
		return -1;
	field = process_field(stat.data, 48);
	for (int i = 0; i < 4 && field; i++) {
		at[i] = (uintptr_t)strtoull(field, &end, 10);
		field = *end ? end : NULL;
	}
	return field ? 0 : -1;
}

/*
 * Where the byte in front of the arguments' end is no NUL, the kernel takes it
 * that the title goes on into the environment, and shows it up to the first
 * NUL; else all up to the end, trailing NULs included, which ps(1) skips.
 */
void
title_set(const char *text)
{
	uintptr_t at[4];
	size_t room;

	if (find_words(at) < 0 || at[0] == 0 || at[1] <= at[0])
		return;
	room = at[1] - at[0];
	if (at[2] == at[1] && at[3] > at[2] && strlen(text) + 1 > room) {
		clearenv();
		room = at[3] - at[0];
	}
	memset((void *)at[0], 0, room);
	strncpy((void *)at[0], text, room - 1);
}
