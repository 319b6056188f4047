# SPDX-License-Identifier: GPL-2.0-only
# The calls in the pieces of cocci/folio-rmap/test/refused.
s/PMD\[/page_try_dup_anon_rmap(/g; s/\]PMD/, true, vma)/g
s/LONE\[/page_try_dup_anon_rmap(/g; s/\]LONE/, true, vma)/g
s/PTE\[/page_try_dup_anon_rmap(/g; s/\]PTE/, false, vma)/g
