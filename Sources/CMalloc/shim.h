// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CMALLOC_SHIM_H
#define CMALLOC_SHIM_H
#include <malloc.h>

/// Keeps freed memory for the next pair, which needs as much again.
///
/// By itself, glibc gives a pair's arrays back to the system when the pair is done. Getting them again, page by page
/// and zeroed, cost a tenth of the time of a run over short clips, and the run's peak is no lower for it. Arrays of
/// more than 8 MiB, a minute at 16 kHz, still go back at once, so that one long recording does not stay.
static inline void keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

#endif
