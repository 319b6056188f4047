// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	use(&nop_mnt_idmap, mnt_idmap(mnt));
	use(file_mnt_idmap(file));
}
