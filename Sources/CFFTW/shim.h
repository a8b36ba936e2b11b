// SPDX-License-Identifier: GPL-3.0-or-later
#include <fftw3.h>

// Swift does not see arrays of unknown length.
static inline const char *shim_fftw_version(void) { return fftw_version; }
