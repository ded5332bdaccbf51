/* SPDX-License-Identifier: ISC */
/* The options of a request, one after another. */
#include "criu/criu.h"
#include "criu/message.h"

#include <string.h>

void
auto_criu_options(struct criu_options *o)
{
	auto_buf(&o->text);
}

void
criu_flag(struct criu_options *o, enum criu_field f, bool on)
{
	if (on)
		criu_add_number(&o->text, f, 1);
}

void
criu_number(struct criu_options *o, enum criu_field f, int64_t n)
{
	criu_add_number(&o->text, f, (uint64_t)n);
}

static void
add_text(struct buf *out, unsigned int field, const char *text)
{
	if (text)
		criu_add_bytes(out, field, text, strlen(text));
}

void
criu_text(struct criu_options *o, enum criu_field f, const char *text)
{
	if (text && *text)
		add_text(&o->text, f, text);
}

void
criu_pair(struct criu_options *o, enum criu_field f, const char *one,
          const char *two)
{
	AUTO(buf) struct buf pair = { 0 };

	add_text(&pair, 1, one);
	add_text(&pair, 2, two);
	criu_add_bytes(&o->text, f, pair.data, pair.n);
}

void
criu_peer(struct criu_options *o, const char *address, uint16_t port)
{
	AUTO(buf) struct buf peer = { 0 };

	add_text(&peer, 1, address);
	criu_add_number(&peer, 2, port);
	criu_add_bytes(&o->text, CRIU_PAGE_SERVER, peer.data, peer.n);
}

void
criu_inherit(struct criu_options *o, const char *key, int fd)
{
	AUTO(buf) struct buf pair = { 0 };

	add_text(&pair, 1, key);
	criu_add_number(&pair, 2, (uint64_t)fd);
	criu_add_bytes(&o->text, CRIU_INHERIT, pair.data, pair.n);
}
