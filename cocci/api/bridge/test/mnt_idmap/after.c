// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	use(&init_user_ns, mnt_user_ns(mnt));
	use(file_mnt_user_ns(file));
}
