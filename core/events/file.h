/* SPDX-License-Identifier: ISC */
/* Inside `events`: the files. */
#ifndef EVENTS_FILE_H
#define EVENTS_FILE_H

/* In the store's run directory; the first becomes the second when it has so
 * many bytes. */
#define EVENTS_FILE "events"
#define EVENTS_OLD "events.1"
#define EVENTS_MOST (1 << 20)

#endif
