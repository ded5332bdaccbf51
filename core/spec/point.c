/* SPDX-License-Identifier: ISC */
/* Mounts that the user asked for, as records have them. */
#include "spec/spec.h"

const struct json_field spec_point_fields[] = {
	JSON_NEED(struct mount_point, JSON_TEXT, "type", type),
	JSON(struct mount_point, JSON_TEXT, "name", name),
	JSON(struct mount_point, JSON_TEXT, "source", source),
	JSON_NEED(struct mount_point, JSON_TEXT, "destination", destination),
	JSON(struct mount_point, JSON_TEXT, "mode", mode),
	JSON(struct mount_point, JSON_TEXT, "propagation", propagation),
	JSON(struct mount_point, JSON_TEXT, "subpath", subpath),
	JSON(struct mount_point, JSON_FLAG, "readonly", readonly),
	JSON(struct mount_point, JSON_FLAG, "anonymous", anonymous),
	JSON(struct mount_point, JSON_FLAG, "noCopy", no_copy),
	JSON(struct mount_point, JSON_FLAG, "row", row),
	JSON(struct mount_point, JSON_PAIRS, "labels", labels),
	JSON(struct mount_point, JSON_PAIRS, "options", options),
	JSON_FIELD_END
};

static void
copy_pairs(struct arena *a, struct pairs *p)
{
	struct pairs from = *p;

	*p = (struct pairs){ 0 };
	for (size_t i = 0; i < from.n; i++)
		pairs_set(a, p, from.v[i].key, from.v[i].value);
}

void
spec_point_add(struct arena *a, struct mount_point **v, size_t *n,
               const struct mount_point *from)
{
	struct mount_point *to = LIST_ADD(a, *v, *n);
	char **texts[] = { &to->type, &to->name, &to->source,
	        &to->destination, &to->mode, &to->propagation, &to->subpath };

	*to = *from;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_text(a, *texts[i]);
	copy_pairs(a, &to->labels);
	copy_pairs(a, &to->options);
}
