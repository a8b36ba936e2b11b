// SPDX-License-Identifier: GPL-3.0-or-later
#include <fftw3.h>
