// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	if (!fd_file(f))
		return;
	if (fd_empty(f))
		use(fd_file(f)->f_op);
}
