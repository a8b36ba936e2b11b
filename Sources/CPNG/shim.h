// SPDX-License-Identifier: GPL-3.0-or-later
#include <png.h>
#include <string.h>

// The simplified writer's constants are macros of casts, which Swift does not see.
static inline png_image shim_png_palette_image(png_uint_32 width, png_uint_32 height, png_uint_32 colours) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = colours;
  return image;
}
