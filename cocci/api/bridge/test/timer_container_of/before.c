// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	foo = timer_container_of(foo, t, timer);
}
