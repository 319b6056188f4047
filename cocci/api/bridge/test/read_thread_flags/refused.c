// SPDX-License-Identifier: GPL-2.0-only
/* read_thread_flags() is told of here */
static const char name[] = "read_thread_flags";

static void other_calls(struct foo *foo)
{
	foo->ops->read_thread_flags(foo);
	read_thread_flags(1);
}
