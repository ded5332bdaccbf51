/* SPDX-License-Identifier: ISC */
/* Random numbers. */
#include "sys/entropy.h"
#include "base/auto.h"

#include <fcntl.h>
#include <sys/random.h>

/* source   random(7): up to 256 bytes come in one piece */
void
entropy_bytes(void *to, size_t n)
{
	AUTO(close) int file = -1;

	if (getrandom(to, n, GRND_NONBLOCK) == (ssize_t)n)
		return;
	file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (file >= 0 && read(file, to, n) == (ssize_t)n)
		return;
	while (getrandom(to, n, 0) != (ssize_t)n)
		continue;
}

uint32_t
entropy_number(void)
{
	uint32_t number;

	entropy_bytes(&number, sizeof(number));
	return number;
}

uint32_t
entropy_below(uint32_t bound)
{
	return entropy_number() % bound;
}
