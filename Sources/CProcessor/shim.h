// SPDX-License-Identifier: GPL-3.0-or-later
// Whether processor and system have the vectors of 256 bits (AVX2) and the fused operations (FMA) that VectorLoops256 is
// compiled for.
#ifndef CPROCESSOR_SHIM_H
#define CPROCESSOR_SHIM_H

static inline int has_wide_vectors(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}

#endif
