/* SPDX-License-Identifier: ISC */
/* Values that a scope owns: AUTO(kind) releases them, take_kind keeps them. */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MUST __attribute__((warn_unused_result))

/* AUTO(close) int fd = -1;  calls auto_close(&fd) when the scope ends. */
#define AUTO(kind) __attribute__((cleanup(auto_##kind)))

static inline void
auto_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline int
take_fd(int *fd)
{
	int kept = *fd;

	*fd = -1;
	return kept;
}

/* Takes the address of any pointer, hence the void. */
static inline void
auto_free(void *p)
{
	free(*(void **)p);
}

static inline char *
take_text(char **p)
{
	char *kept = *p;

	*p = NULL;
	return kept;
}

static inline void
auto_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#endif
