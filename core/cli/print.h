/* SPDX-License-Identifier: ISC */
/* What a person reads: standard output, the error line, a question. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "base/err.h"

struct applet;

/* Print on stdout; cli_flush tells whether all of it arrived, and is called
 * before a fork. A reader that went away is a failure without words. */
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_flush(struct err *e) MUST;

/* The line that a failure is, on stderr and in the log. No words, no line. */
void cli_error(const struct applet *applet, const struct err *e);

/* Docker's question before what is for good; "y" is yes. errors: ECANCELED */
int cli_ask(const struct applet *applet, const char *warning,
            struct err *e) MUST;

#endif
