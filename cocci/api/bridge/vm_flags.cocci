// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm: the flags of a mapping are set by hand
 *
 * Linux 6.12 has vm_flags_set(), vm_flags_clear() and vm_flags_mod(), 6.1 and 5.10
 * change the member.
 * ---
 * Bridge: vm_flags_set -> vm_flags
 * Bridge: vm_flags_clear -> vm_flags
 */
@@
expression V, F;
identifier G;
@@
(
- vm_flags_set(V, F);
+ V->vm_flags |= F;
|
- vm_flags_clear(V, G);
+ V->vm_flags &= ~G;
|
- vm_flags_clear(V, F);
+ V->vm_flags &= ~(F);
)
