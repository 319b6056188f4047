# SPDX-License-Identifier: GPL-2.0-only
# The calls in the pieces of cocci/folio-rmap/test/refused.
s/PMD\[/page_add_anon_rmap(/g; s/\]PMD/, vma, 0, true)/g
s/LONE\[/page_add_anon_rmap(/g; s/\]LONE/, vma, 0, true)/g
s/PTE\[/page_add_anon_rmap(/g; s/\]PTE/, vma, 0, false)/g
s/LEVEL\[/page_add_anon_rmap(/g; s/\]LEVEL/, vma, 0, c)/g
