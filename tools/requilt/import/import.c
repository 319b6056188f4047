// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every reader fills.
 */
#include "import/import.h"

#include <stdlib.h>

void rq_import_release(struct rq_import *import)
{
	for (size_t i = 0; i < import->patches.n; i++) {
		struct rq_imported *p = &import->patches.v[i];

		free(p->subject);
		free(p->path);
		free(p->rest);
		rq_str_release(&p->bytes);
		rq_str_release(&p->notes);
	}
	rq_vec_release(&import->patches);
	rq_str_release(&import->description);
	rq_names_release(&import->said);
}
