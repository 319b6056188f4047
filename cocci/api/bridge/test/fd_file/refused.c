// SPDX-License-Identifier: GPL-2.0-only
/* fd_file() is told of here */
static const char name[] = "fd_file";

static void other_calls(struct foo *foo)
{
	foo->ops->fd_file(foo);
	fd_file(f, 1);
}
