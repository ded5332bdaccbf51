/* SPDX-License-Identifier: ISC */
/* cycle RUNTIME ROOT BUNDLE: create, start and delete a container, once. */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/*
 * As an engine does: what create leaves behind becomes our child, so that its
 * end is known without asking.
 */
static void
verb(char **command)
{
	posix_spawn_file_actions_t files;
	int status, code;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	code = posix_spawnp(&pid, *command, &files, NULL, command, NULL);
	if (code)
		errx(125, "%s: %s", *command, strerror(code));
	if (waitpid(pid, &status, 0) < 0 || status)
		errx(125, "%s %s: wait status %x", command[0], command[3],
		     (unsigned)status);
}

int
main(int argc, char **argv)
{
	if (argc != 4)
		errx(125, "usage: cycle RUNTIME ROOT BUNDLE");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	verb((char *[]){ argv[1], "--root", argv[2], "create", "--bundle",
	                 argv[3], "bench", NULL });
	verb((char *[]){ argv[1], "--root", argv[2], "start", "bench", NULL });
	while (wait(NULL) > 0)
		continue;
	verb((char *[]){ argv[1], "--root", argv[2], "delete", "bench", NULL });
	return 0;
}
