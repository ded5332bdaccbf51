/* SPDX-License-Identifier: ISC */
/* What the child does, in the only order in which it is safe. */
#include "init/child.h"

const struct stage init_stages[] = {
	/* Reads fd 3 to its end, which comes when the parent has done its
	 * part: our cgroup, our id maps, our network devices. */
	{ "config", IN_ALL, init_config },
	/* Namespaces are entered while we still have the host's rights to do
	 * so; all later rows act in them. */
	{ "session", IN_START | IN_EXEC, init_session },
	/* No mount that follows may reach the host, so this is first. */
	{ "root", IN_START, init_root },
	/* By descriptor below the new root, the host's root still being ours,
	 * for the sources of binds are there. */
	{ "mounts", IN_START, init_mounts },
	/* Needs /dev of the row above. */
	{ "devices", IN_START, init_devices },
	/* A pty of the container's own devpts, which is mounted by now. */
	{ "terminal", IN_START | IN_EXEC, init_terminal },
	/* Hooks of the parent may find all mounts made, and the root not yet
	 * switched, as the specification has it. */
	{ "parent", IN_START | IN_EXEC, init_parent },
	/* All that helps us has been outside of a pid namespace that is
	 * joined. */
	{ "birth", IN_START, init_birthplace },
	/* In the container's namespaces, and still on the host's root, where
	 * their paths begin. */
	{ "hooks", IN_START, init_hooks_create },
	/* Made by root, if missing, before the root is read-only; entered by
	 * the user, in "identity". */
	{ "workdir", IN_START | IN_EXEC, init_workdir },
	/* After this row the host's file systems are out of reach. */
	{ "pivot", IN_START, init_pivot },
	/* Over what hooks may have mounted, too, and after the last write to
	 * /proc/sys, which becomes read-only here. */
	{ "sysctl", IN_START, init_sysctl },
	{ "masks", IN_START, init_masks },
	/* Raising one needs capabilities that the next rows take. */
	{ "limits", IN_START | IN_EXEC, init_limits },
	/* After this row we are the user, keeping only the capability that
	 * loading a filter needs. */
	{ "identity", IN_START | IN_EXEC, init_identity },
	/* Only where the filter lets nobody be born any more. */
	{ "birth", IN_START | IN_EXEC, init_birth_early },
	/* As the user, who may be unable to see the file; and before the
	 * filter, so that what is not there is 127 under any filter. */
	{ "exec", IN_ALL, init_command },
	/* The fewer system calls follow, the fewer a filter must allow: capset
	 * and execve, and fork and wait with a reaper. */
	{ "seccomp", IN_START | IN_EXEC, init_seccomp },
	{ "identity", IN_START | IN_EXEC, init_capabilities },
	/* Into the container's pid namespace, where somebody may be who is
	 * allowed to trace us: with nothing left to be had. */
	{ "birth", IN_START | IN_EXEC, init_birth },
	/* What `exec` above has left to who is born in the last row. */
	{ "exec", IN_START, init_release },
	{ "exec", IN_ALL, init_exec },
	{ NULL, 0, NULL }
};
