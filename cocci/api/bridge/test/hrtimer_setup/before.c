// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	hrtimer_setup(&foo->timer, foo_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_setup(timer, foo_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}
