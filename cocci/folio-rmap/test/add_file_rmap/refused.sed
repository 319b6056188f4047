# SPDX-License-Identifier: GPL-2.0-only
# The calls in the pieces of cocci/folio-rmap/test/refused.
s/PMD\[/page_add_file_rmap(/g; s/\]PMD/, vma, true)/g
s/LONE\[/page_add_file_rmap(/g; s/\]LONE/, vma, true)/g
s/PTE\[/page_add_file_rmap(/g; s/\]PTE/, vma, false)/g
s/LEVEL\[/page_add_file_rmap(/g; s/\]LEVEL/, vma, c)/g
