/* SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause */
/*
 * Copyright (C) 2012-2014, 2018-2025 Example
 * Copyright (C) 2013-2014 Example Mobile
 * Copyright (C) 2015-2016 Example Land
 */
#ifndef PORT_H
#define PORT_H
