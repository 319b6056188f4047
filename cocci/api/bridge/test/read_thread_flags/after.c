// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = READ_ONCE(current_thread_info()->flags);
}
