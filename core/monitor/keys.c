/* SPDX-License-Identifier: ISC */
/* The keys that detach: their names, and finding them in what is typed. */
#include "monitor/keys.h"
#include "base/mem.h"
#include "monitor/monitor.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define USUAL_KEYS "ctrl-p,ctrl-q"

/* ctrl- and a letter or one of these: what a terminal can send as one byte.
 * ctrl-@ is NUL, which would end the sequence. */
static int
control_key(const char *name)
{
	int c = toupper((unsigned char)name[0]);

	if (name[0] == '\0' || name[1] != '\0')
		return -1;
	return (c >= 'A' && c <= 'Z') || strchr("[\\]^_", c) ? c & 0x1f : -1;
}

static int
key_named(const char *name)
{
	if (strncmp(name, "ctrl-", 5) == 0)
		return control_key(name + 5);
	if (name[0] == '\0' || name[1] != '\0')
		return -1;
	return isprint((unsigned char)name[0]) ? (unsigned char)name[0] : -1;
}

int
monitor_keys(const char *text, char keys[MONITOR_KEYS], struct err *e)
{
	AUTO(free) char *copy = mem_text(text ? text : USUAL_KEYS);
	char found[MONITOR_KEYS] = "", *rest = copy, *name;
	size_t count = 0;

	while (*copy && (name = strsep(&rest, ",")) != NULL) {
		int key = key_named(name);

		if (key < 0)
			return fail(e, EINVAL, "'%s' is not a key; use a "
			            "character or ctrl- with a letter or one "
			            "of [\\]^_", name);
		if (count + 1 == MONITOR_KEYS)
			return fail(e, EINVAL, "more than %d keys",
			            MONITOR_KEYS - 1);
		found[count++] = (char)key;
	}
	memcpy(keys, found, MONITOR_KEYS);
	return 0;
}

/*
 * The next byte does not continue the match: of what is held back, keep the
 * longest end that begins the sequence anew, and pass on what stands before.
 */
static void
fall_back(struct keys *k, char *out, size_t *n_out)
{
	size_t keep = k->matched - 1;

	while (keep && memcmp(k->sequence, k->sequence + k->matched - keep,
	                      keep) != 0)
		keep--;
	memcpy(out + *n_out, k->sequence, k->matched - keep);
	*n_out += k->matched - keep;
	k->matched = keep;
}

bool
keys_filter(struct keys *k, const char *in, size_t n, char *out,
            size_t *n_out)
{
	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		while (k->matched && in[i] != k->sequence[k->matched])
			fall_back(k, out, n_out);
		if (k->n && in[i] == k->sequence[k->matched])
			k->matched++;
		else
			out[(*n_out)++] = in[i];
		if (k->n && k->matched == k->n)
			return true;
	}
	return false;
}
