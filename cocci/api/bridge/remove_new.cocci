// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: platform: a driver's remove returns an int
 *
 * Linux 5.10 has remove alone, which returns an int that nobody looks at; 6.1 has
 * remove_new beside it, which returns nothing.
 * ---
 * Bridge: remove_new -> platform_driver
 */
@ driver @
identifier d, fn;
@@
  struct platform_driver d = {
- .remove_new = fn,
+ .remove = fn,
  };

@@
identifier driver.fn, p;
@@
- void
+ int
  fn(struct platform_device *p)
  {
  <...
- return;
+ return 0;
  ...>
+ return 0;
  }
