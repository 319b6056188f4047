# SPDX-License-Identifier: GPL-2.0-only
# The calls in the pieces of cocci/folio-rmap/test/refused.
s/PTE\[/page_move_anon_rmap(/g; s/\]PTE/, vma)/g
