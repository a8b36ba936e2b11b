// SPDX-License-Identifier: GPL-3.0-or-later
// What glibc 2.34 and later have for starting programs, and Swift's Glibc module leaves out because it is no part of POSIX.
#ifndef CSPAWN_SHIM_H
#define CSPAWN_SHIM_H

#include <spawn.h>

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pipe2(int ends[2], int flags);

#endif
