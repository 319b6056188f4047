// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port: every branch works on a thread of its own (branch.c).  One branch failing never
 * stops another.
 */
#include "queue/queue_internal.h"

#include "util/clock.h"
#include "util/crew.h"

static void work_on(size_t i, size_t hand, void *ctx)
{
	struct rq_task *task = &((struct rq_task *)ctx)[i];
	double start = rq_now();

	(void)hand;
	task->rc = rq_port_branch(task, &task->err);
	task->record->seconds = rq_now() - start;
	if (task->rc) {
		task->record->has_head = false;
		task->record->failure = rq_xstrdup(task->err.msg);
		task->record->failure_code = task->rc;
	}
}

int rq_port(struct rq_record *record, const struct rq_series *series, char *const *names,
	    int n_names, const struct rq_port_options *options, struct rq_err *err)
{
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, record, series, names, n_names, options, err);

	tasks.port.jobs = options->jobs / (long)(tasks.n ? tasks.n : 1);
	if (tasks.n > 1)
		rq_oid_share();
	if (!rc)
		rq_crew(tasks.n, options->jobs, work_on, tasks.v);
	rq_record_forget_patches(record);
	rq_tasks_release(&tasks);
	if (rc)
		rq_record_release(record);
	return rc;
}
