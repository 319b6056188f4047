# SPDX-License-Identifier: GPL-2.0-only
# The calls in the pieces of cocci/folio-rmap/test/refused.
s/PMD\[/page_add_new_anon_rmap(/g; s/\]PMD/, vma, 0, true)/g
