// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = read_thread_flags();
}
