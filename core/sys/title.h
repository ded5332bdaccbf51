/* SPDX-License-Identifier: ISC */
/* What ps(1) shows for us. */
#ifndef SYS_TITLE_H
#define SYS_TITLE_H

/*
 * Show this text instead of our arguments. They are overwritten, and what of
 * the environment lies behind them, which is emptied therefore: for a process
 * that needs neither any more. Where there is no /proc nothing is done.
 *
 * libbsd's setproctitle() copies the environment first, in every process that
 * might ever have a title, a few times a variable; this asks the kernel where
 * the words are, once.
 */
void title_set(const char *text);

#endif
