/* SPDX-License-Identifier: ISC */
/* What is supported, in the form of runtime-spec's features.md. */
#include "oci/oci.h"
#include "base/json.h"

/* What init/mount_options.c takes, but for those of the file system. */
static const char *const mount_options[] = {
	"async", "atime", "bind", "defaults", "dev", "diratime", "dirsync",
	"exec", "iversion", "lazytime", "loud", "mand", "noatime", "nodev",
	"nodiratime", "noexec", "noiversion", "nolazytime", "nomand",
	"norelatime", "nostrictatime", "nosuid", "nosymfollow", "private",
	"ratime", "rbind", "rdev", "rdiratime", "relatime", "remount",
	"rexec", "rnoatime", "rnodev", "rnodiratime", "rnoexec",
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

static const char *const actions[] = {
	"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL",
	"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG",
	"SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP", NULL
};

static const char *const operators[] = {
	"SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE",
	"SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE", NULL
};

static void
add_words(struct buf *out, const char *before, const char *const *words)
{
	buf_text(out, before);
	for (size_t i = 0; words[i]; i++) {
		buf_text(out, i ? "," : "[");
		json_quote(out, words[i]);
	}
	buf_text(out, "]");
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
	add_words(out, ",\"actions\":", actions);
	add_words(out, ",\"operators\":", operators);
	buf_text(out, "},\"apparmor\":{\"enabled\":true},"
	              "\"selinux\":{\"enabled\":true},"
	              "\"intelRdt\":{\"enabled\":false},"
	              "\"mountExtensions\":{\"idmap\":{\"enabled\":true}},"
	              "\"netDevices\":{\"enabled\":true}}}");
}
