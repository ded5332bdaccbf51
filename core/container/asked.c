/* SPDX-License-Identifier: ISC */
/* What was asked for, as records have it. */
#include "container/record.h"

const struct json_field asked_fields[] = {
	JSON(struct asked, JSON_WORDS, "capAdd", cap_add),
	JSON(struct asked, JSON_WORDS, "capDrop", cap_drop),
	JSON(struct asked, JSON_WORDS, "securityOpt", security_opt),
	JSON(struct asked, JSON_WORDS, "groupAdd", group_add),
	JSON(struct asked, JSON_WORDS, "binds", binds),
	JSON(struct asked, JSON_WORDS, "tmpfs", tmpfs),
	JSON(struct asked, JSON_WORDS, "volumesFrom", volumes_from),
	JSON(struct asked, JSON_WORDS, "annotations", annotations),
	JSON(struct asked, JSON_WORDS, "env", env),
	JSON(struct asked, JSON_WORDS, "attached", attached),
	JSON(struct asked, JSON_WORDS, "devices", devices),
	JSON(struct asked, JSON_WORDS, "deviceRules", device_rules),
	JSON(struct asked, JSON_WORDS, "ulimits", ulimits),
	JSON(struct asked, JSON_WORDS, "sysctls", sysctls),
	JSON(struct asked, JSON_WORDS, "weightDevices", weight_devices),
	JSON(struct asked, JSON_WORDS, "readBps", read_bps),
	JSON(struct asked, JSON_WORDS, "writeBps", write_bps),
	JSON(struct asked, JSON_WORDS, "readIops", read_iops),
	JSON(struct asked, JSON_WORDS, "writeIops", write_iops),
	JSON(struct asked, JSON_TEXT, "cgroupParent", cgroup_parent),
	JSON(struct asked, JSON_TEXT, "volumeDriver", volume_driver),
	JSON(struct asked, JSON_TEXT, "user", user),
	JSON(struct asked, JSON_TEXT, "entrypoint", entrypoint),
	JSON(struct asked, JSON_TEXT, "cidfile", cidfile),
	JSON(struct asked, JSON_TEXT, "cpus", cpus),
	JSON(struct asked, JSON_TEXT, "network", network),
	JSON(struct asked, JSON_TEXT, "pid", pid),
	JSON(struct asked, JSON_TEXT, "ipc", ipc),
	JSON(struct asked, JSON_TEXT, "uts", uts),
	JSON(struct asked, JSON_TEXT, "cgroupns", cgroupns),
	JSON(struct asked, JSON_TEXT, "userns", userns),
	JSON(struct asked, JSON_FLAG, "privileged", privileged),
	JSON(struct asked, JSON_FLAG, "overlay", overlay),
	JSON_FIELD_END
};

/* Every text, and every list of them, anew. */
void
asked_copy(struct asked *to, const struct asked *from, struct arena *a)
{
	*to = *from;
	for (const struct json_field *f = asked_fields; f->name; f++) {
		void *member = (char *)to + f->at;
		struct words *list = member;
		char **text = member;

		if (f->kind == JSON_TEXT)
			*text = arena_text(a, *text);
		if (f->kind == JSON_WORDS) {
			char **v = list->v;

			*list = (struct words){ 0 };
			words_copy(a, list, v);
		}
	}
}
