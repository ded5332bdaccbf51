/* SPDX-License-Identifier: ISC */
/* Inside spec: the tables that say what stands where in a config.json. */
#ifndef SPEC_TABLES_H
#define SPEC_TABLES_H

#include "spec/spec.h"

extern const struct json_field spec_fields[];
extern const struct json_field spec_process_fields[];
extern const struct json_field spec_id_map_fields[];
extern const struct json_field spec_linux_fields[];
extern const struct json_field spec_resources_fields[];
extern const struct json_field spec_seccomp_fields[];
extern const struct json_field spec_mounts_fields[];

#endif
