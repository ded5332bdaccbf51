/* SPDX-License-Identifier: ISC */
/* JSON that is written as it is found, where a table would have no rows. */
#include "oci/object.h"

#include <inttypes.h>

void
object_key(struct object *o, const char *name)
{
	buf_text(o->out, o->is_not_first ? "," : "");
	json_quote(o->out, name);
	buf_text(o->out, ":");
	o->is_not_first = true;
}

void
object_begin(struct object *o, const char *name)
{
	object_key(o, name);
	buf_text(o->out, "{");
	o->is_not_first = false;
}

void
object_end(struct object *o)
{
	buf_text(o->out, "}");
	o->is_not_first = true;
}

void
object_number(struct object *o, const char *name, uint64_t value)
{
	object_key(o, name);
	buf_format(o->out, "%" PRIu64, value);
}

void
object_more(struct object *o, const char *name, uint64_t value)
{
	if (value)
		object_number(o, name, value);
}

void
object_signed(struct object *o, const char *name, int64_t value)
{
	object_key(o, name);
	buf_format(o->out, "%" PRId64, value);
}

void
object_text(struct object *o, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	object_key(o, name);
	json_quote(o->out, text);
}

void
object_numbers(struct object *o, const char *name, const uint64_t *v, size_t n)
{
	if (!n)
		return;
	object_key(o, name);
	for (size_t i = 0; i < n; i++)
		buf_format(o->out, "%c%" PRIu64, i ? ',' : '[', v[i]);
	buf_text(o->out, "]");
}

void
object_words(struct object *o, const char *name, const struct words *w)
{
	object_key(o, name);
	for (size_t i = 0; i < w->n; i++) {
		buf_text(o->out, i ? "," : "[");
		json_quote(o->out, w->v[i]);
	}
	buf_text(o->out, "]");
}
