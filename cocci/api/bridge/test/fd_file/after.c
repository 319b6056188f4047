// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	if (!f.file)
		return;
	if (!f.file)
		use(f.file->f_op);
}
