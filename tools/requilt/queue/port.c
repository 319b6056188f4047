// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port: every branch works on a thread of its own (branch.c).  One branch failing never
 * stops another.
 */
#include "queue/queue_internal.h"

#include <pthread.h>

struct crew {
	struct rq_task *tasks;
	size_t n, next;
	pthread_mutex_t lock;
};

static void *work_on(void *arg)
{
	struct crew *crew = arg;

	for (;;) {
		double start;
		struct rq_task *task;
		size_t i;

		pthread_mutex_lock(&crew->lock);
		i = crew->next++;
		pthread_mutex_unlock(&crew->lock);
		if (i >= crew->n)
			return NULL;
		task = &crew->tasks[i];
		start = rq_now();
		task->rc = rq_port_branch(task, &task->err);
		task->record->seconds = rq_now() - start;
		if (task->rc) {
			task->record->has_head = false;
			task->record->failure = rq_xstrdup(task->err.msg);
			task->record->failure_code = task->rc;
		}
	}
}

static void run(struct rq_task *tasks, size_t n, long jobs)
{
	struct crew crew = { .tasks = tasks, .n = n };
	pthread_t threads[16];
	long started = 0;

	pthread_mutex_init(&crew.lock, NULL);
	if (jobs > (long)ARRAY_SIZE(threads))
		jobs = ARRAY_SIZE(threads);
	while (started + 1 < jobs && started + 1 < (long)n &&
	       pthread_create(&threads[started], NULL, work_on, &crew) == 0)
		started++;
	work_on(&crew);
	for (long i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	pthread_mutex_destroy(&crew.lock);
}

int rq_port(struct rq_record *record, const struct rq_series *series, char *const *names,
	    int n_names, const struct rq_port_options *options, struct rq_err *err)
{
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, record, series, names, n_names, options, err);

	tasks.port.jobs = options->jobs / (long)(tasks.n ? tasks.n : 1);
	if (!rc)
		run(tasks.v, tasks.n, options->jobs);
	rq_record_forget_patches(record);
	rq_tasks_release(&tasks);
	if (rc)
		rq_record_release(record);
	return rc;
}
