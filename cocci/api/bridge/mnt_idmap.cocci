// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: fs: a mount's idmap is a user namespace
 *
 * Linux 6.12 hands struct mnt_idmap, 6.1 the user namespace of the mount, which
 * it calls mnt_userns mostly.
 * ---
 * Bridge: mnt_idmap -> mnt_user_ns
 * Bridge: nop_mnt_idmap -> init_user_ns
 * Bridge: file_mnt_idmap -> file_mnt_user_ns
 * Needs: mnt_idmap
 * Needs: nop_mnt_idmap
 * Needs: file_mnt_idmap
 */
@@
identifier fn;
symbol idmap, mnt_userns;
@@
  fn(...,
- struct mnt_idmap *idmap
+ struct user_namespace *mnt_userns
  ,...)
  {
  <...
- idmap
+ mnt_userns
  ...>
  }

@@
symbol nop_mnt_idmap, init_user_ns;
@@
- &nop_mnt_idmap
+ &init_user_ns

@@
expression M;
@@
(
- mnt_idmap(M)
+ mnt_user_ns(M)
|
- file_mnt_idmap(M)
+ file_mnt_user_ns(M)
)

@@ @@
- struct mnt_idmap
+ struct user_namespace
