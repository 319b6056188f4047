// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: sched: compare the state of a task by hand
 *
 * Linux 6.1 has task_is_running(), 5.10 compares state, which 6.1 calls __state.
 * ---
 * Bridge: task_is_running -> TASK_RUNNING
 * Bridge-check: !__state
 */
@@
expression T;
statement S1, S2;
@@
  if (
(
- !task_is_running(T)
+ T->state != TASK_RUNNING
|
- task_is_running(T)
+ T->state == TASK_RUNNING
)
  ) S1 else S2

@@
expression T;
@@
(
- !task_is_running(T)
+ (T->state != TASK_RUNNING)
|
- task_is_running(T)
+ (T->state == TASK_RUNNING)
)
