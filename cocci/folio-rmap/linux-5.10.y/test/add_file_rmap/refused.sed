# SPDX-License-Identifier: GPL-2.0-only
# The calls in the pieces of cocci/folio-rmap/test/refused.
s/PMD\[/page_add_file_rmap(/g; s/\]PMD/, true)/g
s/LONE\[/page_add_file_rmap(/g; s/\]LONE/, true)/g
s/PTE\[/page_add_file_rmap(/g; s/\]PTE/, false)/g
s/LEVEL\[/page_add_file_rmap(/g; s/\]LEVEL/, c)/g
