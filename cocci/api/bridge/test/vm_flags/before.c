// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	vm_flags_set(vma, VM_IO | VM_PFNMAP);
	vm_flags_clear(vma, VM_MAYWRITE);
	vm_flags_clear(vma, VM_IO | VM_PFNMAP);
}
