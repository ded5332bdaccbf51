/* SPDX-License-Identifier: ISC */
/* How many operands an applet takes, read from its synopsis. */
#include "cli/rows.h"

#include <errno.h>
#include <string.h>

/* How many operands a synopsis asks for, and has words for. */
static void
arity(const char *args, size_t *fewest, size_t *most)
{
	bool in_word = false;
	int depth = 0;

	*fewest = *most = 0;
	for (; args && *args; args++) {
		bool is_part = !strchr(" []", *args);

		if (is_part && !in_word && *args != '.') {
			++*most;
			*fewest += depth == 0;
		}
		in_word = is_part;
		depth += (*args == '[') - (*args == ']');
	}
}

static bool
repeats(const char *args)
{
	return args && strstr(args, "...");
}

/* Word number i that a synopsis requires. */
static char *
required_word(const char *args, size_t i, struct arena *a)
{
	int depth = 0;
	size_t n;

	for (; *args; args += n ? n : 1) {
		depth += (*args == '[') - (*args == ']');
		n = strcspn(args, " []");
		if (n && depth == 0 && i-- == 0)
			return arena_bytes(a, args, strcspn(args, " []."));
	}
	return arena_text(a, "an operand");
}

int
arity_check(const struct applet *applet, const struct words *operands,
            struct arena *a, struct err *e)
{
	const char *args = applet->args, *title = cli_title(a, applet);
	size_t fewest, most;

	arity(args, &fewest, &most);
	if (operands->n < fewest)
		return fail(e, EINVAL, "%s is missing; see '%s --help'",
		            required_word(args, operands->n, a), title);
	if (operands->n > most && !repeats(args))
		return fail(e, EINVAL, "'%s' is one word too many; "
		            "see '%s --help'", operands->v[most], title);
	return 0;
}
