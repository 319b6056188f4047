// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: virtio: reset a device by its own operation
 *
 * Linux 6.1 has virtio_reset_device(), 5.10 calls the operation.
 * ---
 * Bridge: virtio_reset_device -> virtio_config_ops
 */
@@
expression V;
@@
(
- virtio_reset_device(&V)
+ V.config->reset(&V)
|
- virtio_reset_device(V)
+ V->config->reset(V)
)
