// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	vma->vm_flags |= VM_IO | VM_PFNMAP;
	vma->vm_flags &= ~VM_MAYWRITE;
	vma->vm_flags &= ~(VM_IO | VM_PFNMAP);
}
