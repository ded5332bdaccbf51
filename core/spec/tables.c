/* SPDX-License-Identifier: ISC */
/* config.json outside of "linux", as tables; config.md is their source. */
#include "spec/tables.h"

static const struct json_field console_size[] = {
	JSON_NEED(struct console_size, JSON_U32, "height", height),
	JSON_NEED(struct console_size, JSON_U32, "width", width),
	JSON_FIELD_END
};

static const struct json_field user[] = {
	JSON(struct user, JSON_U32, "uid", uid),
	JSON(struct user, JSON_U32, "gid", gid),
	JSON(struct user, JSON_NUMBER, "umask", umask),
	JSON_LIST(struct user, JSON_NUMBERS, "additionalGids", groups, n_groups, NULL),
	JSON_FIELD_END
};

static const struct json_field capabilities[] = {
	JSON(struct capabilities, JSON_WORDS, "bounding", bounding),
	JSON(struct capabilities, JSON_WORDS, "effective", effective),
	JSON(struct capabilities, JSON_WORDS, "permitted", permitted),
	JSON(struct capabilities, JSON_WORDS, "inheritable", inheritable),
	JSON(struct capabilities, JSON_WORDS, "ambient", ambient),
	JSON_FIELD_END
};

static const struct json_field rlimit[] = {
	JSON_NEED(struct rlimit_row, JSON_TEXT, "type", type),
	JSON_NEED(struct rlimit_row, JSON_U64, "soft", soft),
	JSON_NEED(struct rlimit_row, JSON_U64, "hard", hard),
	JSON_FIELD_END
};

static const struct json_field io_priority[] = {
	JSON_NEED(struct io_priority, JSON_TEXT, "class", class),
	JSON_NEED(struct io_priority, JSON_NUMBER, "priority", priority),
	JSON_FIELD_END
};

static const struct json_field scheduler[] = {
	JSON_NEED(struct scheduler, JSON_TEXT, "policy", policy),
	JSON(struct scheduler, JSON_NUMBER, "nice", nice),
	JSON(struct scheduler, JSON_NUMBER, "priority", priority),
	JSON(struct scheduler, JSON_WORDS, "flags", flags),
	JSON(struct scheduler, JSON_NUMBER, "runtime", runtime),
	JSON(struct scheduler, JSON_NUMBER, "deadline", deadline),
	JSON(struct scheduler, JSON_NUMBER, "period", period),
	JSON_FIELD_END
};

static const struct json_field cpu_affinity[] = {
	JSON(struct cpu_affinity, JSON_TEXT, "initial", initial),
	JSON(struct cpu_affinity, JSON_TEXT, "final", final),
	JSON_FIELD_END
};

const struct json_field spec_process_fields[] = {
	JSON(struct process, JSON_FLAG, "terminal", terminal),
	JSON_SUB(struct process, JSON_ONE, "consoleSize", console_size, console_size),
	JSON_INSIDE(struct process, "user", user, user),
	JSON(struct process, JSON_WORDS, "args", args),
	JSON(struct process, JSON_TEXT, "commandLine", command_line),
	JSON(struct process, JSON_WORDS, "env", env),
	JSON(struct process, JSON_TEXT, "cwd", cwd),
	JSON_SUB(struct process, JSON_ONE, "capabilities", capabilities, capabilities),
	JSON_LIST(struct process, JSON_MANY, "rlimits", rlimits, n_rlimits, rlimit),
	JSON(struct process, JSON_FLAG, "noNewPrivileges", no_new_privileges),
	JSON(struct process, JSON_TEXT, "apparmorProfile", apparmor_profile),
	JSON(struct process, JSON_NUMBER, "oomScoreAdj", oom_score_adj),
	JSON_SUB(struct process, JSON_ONE, "scheduler", scheduler, scheduler),
	JSON(struct process, JSON_TEXT, "selinuxLabel", selinux_label),
	JSON_SUB(struct process, JSON_ONE, "ioPriority", io_priority, io_priority),
	JSON_SUB(struct process, JSON_ONE, "execCPUAffinity", cpu_affinity, cpu_affinity),
	JSON_FIELD_END
};

static const struct json_field root[] = {
	JSON_NEED(struct root, JSON_TEXT, "path", path),
	JSON(struct root, JSON_FLAG, "readonly", readonly),
	JSON_FIELD_END
};

const struct json_field spec_id_map_fields[] = {
	JSON_NEED(struct id_map, JSON_U32, "containerID", inside),
	JSON_NEED(struct id_map, JSON_U32, "hostID", outside),
	JSON_NEED(struct id_map, JSON_U32, "size", count),
	JSON_FIELD_END
};

static const struct json_field mount[] = {
	JSON_NEED(struct mount, JSON_TEXT, "destination", destination),
	JSON(struct mount, JSON_TEXT, "type", type),
	JSON(struct mount, JSON_TEXT, "source", source),
	JSON(struct mount, JSON_WORDS, "options", options),
	JSON_LIST(struct mount, JSON_MANY, "uidMappings", uid_maps, n_uid_maps,
	          spec_id_map_fields),
	JSON_LIST(struct mount, JSON_MANY, "gidMappings", gid_maps, n_gid_maps,
	          spec_id_map_fields),
	JSON_FIELD_END
};

static const struct json_field hook[] = {
	JSON_NEED(struct hook, JSON_TEXT, "path", path),
	JSON(struct hook, JSON_WORDS, "args", args),
	JSON(struct hook, JSON_WORDS, "env", env),
	JSON(struct hook, JSON_NUMBER, "timeout", timeout),
	JSON_FIELD_END
};

#define HOOKS(name, member) \
	JSON_LIST(struct hooks, JSON_MANY, name, member, n_##member, hook)

static const struct json_field hooks[] = {
	HOOKS("prestart", prestart),
	HOOKS("createRuntime", create_runtime),
	HOOKS("createContainer", create_container),
	HOOKS("startContainer", start_container),
	HOOKS("poststart", poststart),
	HOOKS("poststop", poststop),
	JSON_FIELD_END
};

/* Nothing but the mounts. */
const struct json_field spec_mounts_fields[] = {
	JSON_LIST(struct spec, JSON_MANY, "mounts", mounts, n_mounts, mount),
	JSON_FIELD_END
};

static const struct json_field elsewhere[] = { JSON_FIELD_END };

#define ELSEWHERE(name) \
	JSON_SUB(struct spec, JSON_ONE, #name, name, elsewhere)

const struct json_field spec_fields[] = {
	JSON_NEED(struct spec, JSON_TEXT, "ociVersion", oci_version),
	JSON_SUB(struct spec, JSON_ONE, "process", process, spec_process_fields),
	JSON_SUB(struct spec, JSON_ONE, "root", root, root),
	JSON(struct spec, JSON_TEXT, "hostname", hostname),
	JSON(struct spec, JSON_TEXT, "domainname", domainname),
	JSON_LIST(struct spec, JSON_MANY, "mounts", mounts, n_mounts, mount),
	JSON_SUB(struct spec, JSON_ONE, "hooks", hooks, hooks),
	JSON(struct spec, JSON_PAIRS, "annotations", annotations),
	JSON_SUB(struct spec, JSON_ONE, "linux", linux_part, spec_linux_fields),
	ELSEWHERE(freebsd),
	ELSEWHERE(solaris),
	ELSEWHERE(vm),
	ELSEWHERE(windows),
	ELSEWHERE(zos),
	JSON_FIELD_END
};
