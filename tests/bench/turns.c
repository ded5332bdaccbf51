/* SPDX-License-Identifier: ISC */
/* turns ROUNDS -- COMMAND… -- COMMAND…: time commands, turn by turn. */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/*
 * What else the machine does at a time falls upon all of them alike. For each
 * command a line is printed: the median of the ratios to the first command's
 * time in the same round; the same to the last command's; then in ms the
 * median, the 10th and the 90th percentile. A command that fails, by status or
 * signal, ends everything.
 */
#define MOST 16

extern char **environ;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* What it writes goes to /dev/null. */
static double
run(char **command)
{
	posix_spawn_file_actions_t silent;
	double from;
	int status, code;
	pid_t pid;

	posix_spawn_file_actions_init(&silent);
	posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
	from = now();
	code = posix_spawnp(&pid, *command, &silent, NULL, command, environ);
	if (code)
		errx(125, "%s: %s", *command, strerror(code));
	if (wait4(pid, &status, 0, NULL) < 0 || status)
		errx(125, "%s %s: wait status %x", command[0],
		     command[1] ? command[1] : "", (unsigned)status);
	posix_spawn_file_actions_destroy(&silent);
	return now() - from;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Sorts what it is given. */
static double
percentile(double *values, int n, int percent)
{
	qsort(values, (size_t)n, sizeof(*values), compare);
	return values[(n - 1) * percent / 100];
}

int
main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[1]) : 0, n = 0;
	double *times, *ratios;
	char **commands[MOST];

	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--") || n == MOST)
			continue;
		argv[i] = NULL;
		commands[n++] = argv + i + 1;
	}
	if (rounds < 1 || n < 1)
		errx(125, "usage: turns ROUNDS -- COMMAND... [-- COMMAND...]");
	times = calloc((size_t)(rounds * n), sizeof(*times));
	ratios = calloc((size_t)(rounds * 2), sizeof(*ratios));
	if (!times || !ratios)
		err(125, "turns");

	/* The first rounds warm the caches up. */
	for (int r = -2; r < rounds; r++)
		for (int i = 0; i < n; i++) {
			double took = run(commands[i]);

			if (r >= 0)
				times[i * rounds + r] = took;
		}
	for (int i = 0; i < n; i++) {
		double *mine = ratios + rounds;

		for (int r = 0; r < rounds; r++)
			ratios[r] = times[i * rounds + r] / times[r];
		printf("%.3f ", percentile(ratios, rounds, 50));
		for (int r = 0; r < rounds; r++)
			ratios[r] = times[i * rounds + r] /
			            times[(n - 1) * rounds + r];
		printf("%.3f ", percentile(ratios, rounds, 50));
		memcpy(mine, times + i * rounds,
		       (size_t)rounds * sizeof(*mine));
		printf("%.2f %.2f %.2f\n", percentile(mine, rounds, 50),
		       percentile(mine, rounds, 10),
		       percentile(mine, rounds, 90));
	}
	return 0;
}
