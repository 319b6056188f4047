// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	hrtimer_init(&foo->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	foo->timer.function = foo_tick;
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = foo_tick;
}
