// SPDX-License-Identifier: GPL-2.0-only
/* vm_flags_set() is told of here */
static const char name[] = "vm_flags_set";

static void other_calls(struct foo *foo)
{
	foo->ops->vm_flags_set(foo);
	vm_flags_set(vma);
}
