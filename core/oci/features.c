/* SPDX-License-Identifier: ISC */
/* What is supported, in the form of runtime-spec's features.md. */
#include "oci/oci.h"
#include "base/json.h"
#include "criu/criu.h"
#include "sys/missing.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What init/mount_options.c takes, but for those of the file system. */
static const char *const mount_options[] = {
	"async", "atime", "bind", "defaults", "dev", "diratime", "dirsync",
	"exec", "idmap", "iversion", "lazytime", "loud", "mand", "noatime",
	"nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand",
	"norelatime", "nostrictatime", "nosuid", "nosymfollow", "private",
	"ratime", "rbind", "rdev", "rdiratime", "relatime",
	"rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec",
	"rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro",
	"rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave",
	"rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw",
	"shared", "silent", "slave", "strictatime", "suid", "symfollow",
	"sync", "tmpcopyup", "unbindable", NULL
};

static const char *const hooks[] = {
	"prestart", "createRuntime", "createContainer", "startContainer",
	"poststart", "poststop", NULL
};

static void
add_words(struct buf *out, const char *before, const char *const *words)
{
	buf_text(out, before);
	for (size_t i = 0; words[i]; i++) {
		buf_text(out, i ? "," : "[");
		json_quote(out, words[i]);
	}
	buf_text(out, *words ? "]" : "[]");
}

static void
add_kernel_names(struct buf *out)
{
	const char *name;

	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		buf_text(out, i ? "," : ",\"linux\":{\"namespaces\":[");
		json_quote(out, spec_namespaces[i].name);
	}
	for (int i = 0; (name = spec_cap_name(i)); i++) {
		buf_text(out, i ? "," : "],\"capabilities\":[");
		json_quote(out, name);
	}
	buf_text(out, "]");
}

/* Does this kernel take it? Without a program, one that it knows is EFAULT. */
static bool
is_taken(unsigned int flag)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) < 0 &&
	       errno == EFAULT;
}

static void
add_flags(struct buf *out)
{
	static const struct {
		const char *name;
		unsigned int flag;
	} flags[] = {
		{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
		{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
		{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
		  SECCOMP_FILTER_FLAG_SPEC_ALLOW },
		{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
		  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV |
		          SECCOMP_FILTER_FLAG_NEW_LISTENER },
	};
	const char *taken[sizeof(flags) / sizeof(*flags) + 1];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (is_taken(flags[i].flag))
			taken[n++] = flags[i].name;
	taken[n] = NULL;
	add_words(out, ",\"knownFlags\":", spec_seccomp_flags);
	add_words(out, ",\"supportedFlags\":", taken);
}

static void
add_values(struct buf *out, const char *before, const struct spec_word *words)
{
	buf_text(out, before);
	for (size_t i = 0; words[i].name; i++) {
		buf_text(out, i ? "," : "[");
		json_quote(out, words[i].name);
	}
	buf_text(out, "]");
}

static void
add_architectures(struct buf *out)
{
	const char *name;

	for (size_t i = 0; (name = spec_seccomp_arch(i)); i++) {
		buf_text(out, i ? "," : ",\"archs\":[");
		json_quote(out, name);
	}
	buf_text(out, "]");
}

void
oci_features(struct buf *out)
{
	buf_text(out, "{\"ociVersionMin\":\"1.0.0\",\"ociVersionMax\":");
	json_quote(out, oci_version());
	add_words(out, ",\"hooks\":", hooks);
	add_words(out, ",\"mountOptions\":", mount_options);
	add_kernel_names(out);
	buf_text(out, ",\"cgroup\":{\"v1\":true,\"v2\":true,\"systemd\":true,"
	              "\"systemdUser\":true,\"rdma\":true},"
	              "\"seccomp\":{\"enabled\":true");
	add_words(out, ",\"actions\":", spec_seccomp_actions);
	add_words(out, ",\"operators\":", spec_seccomp_operators);
	add_architectures(out);
	add_flags(out);
	add_values(out, "},\"memoryPolicy\":{\"modes\":", spec_memory_modes);
	add_values(out, ",\"flags\":", spec_memory_flags);
	buf_text(out, "},\"apparmor\":{\"enabled\":true},"
	              "\"selinux\":{\"enabled\":true},"
	              "\"intelRdt\":{\"enabled\":true,\"schemata\":true,"
	              "\"monitoring\":true},"
	              "\"mountExtensions\":{\"idmap\":{\"enabled\":true}},"
	              "\"netDevices\":{\"enabled\":true}},"
	              "\"annotations\":{"
	              "\"org.opencontainers.runc.checkpoint.enabled\":");
	json_quote(out, criu_is_installed() ? "true" : "false");
	buf_text(out, "},\"potentiallyUnsafeConfigAnnotations\":[]}");
}
