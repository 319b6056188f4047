// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: hrtimer: set the function apart from hrtimer_init()
 *
 * Linux 6.12 and older ones have hrtimer_init(), which takes no function; 6.18
 * has hrtimer_setup().
 * ---
 * Bridge: hrtimer_setup -> hrtimer_init/3
 * Expect-statement: hrtimer_init
 */
@@
expression A, F, C, M;
@@
(
- hrtimer_setup(&A, F, C, M);
+ hrtimer_init(&A, C, M);
+ A.function = F;
|
- hrtimer_setup(A, F, C, M);
+ hrtimer_init(A, C, M);
+ A->function = F;
)
