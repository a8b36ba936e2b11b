// SPDX-License-Identifier: GPL-3.0-or-later
internal import CPNG

/// A picture of at most 256 colours, as the bytes of a PNG file.
public struct PNGImage: Sendable, Equatable {
  /// Pixels.
  public let width: Int
  /// Pixels.
  public let height: Int
  /// The file.
  public let bytes: [UInt8]

  /// Compresses a picture, by libpng.
  /// - Parameters:
  ///   - width: pixels, from 1.
  ///   - pixels: places in the palette, row by row from the top, shape `[height · width]`.
  ///   - palette: sRGB, three bytes for each colour, at most 256 of them.
  /// - Throws: what libpng says.
  init(width: Int, pixels: [UInt8], palette: [UInt8]) throws(PictureError) {
    precondition(width > 0 && !pixels.isEmpty && pixels.count.isMultiple(of: width), "whole rows")
    precondition(palette.count.isMultiple(of: 3) && palette.count <= 768, "three bytes a colour, 256 colours")
    self.width = width
    height = pixels.count / width
    var image = shim_png_palette_image(UInt32(width), UInt32(height), UInt32(palette.count / 3))
    defer { png_image_free(&image) }
    // No longer than this, by libpng's own bound: rows with a filter byte each, what zlib adds, and the chunks around.
    let raw = (width + 1) * height
    var size = raw + raw / 1000 + 4096
    var buffer = [UInt8](repeating: 0, count: size)
    guard png_image_write_to_memory(&image, &buffer, &size, 0, pixels, Int32(width), palette) != 0 else {
      let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw PictureError(reason: message)
    }
    bytes = Array(buffer[..<size])
  }
}

/// Why there is no picture.
public struct PictureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// In words.
  public let reason: String

  /// An error with its reason.
  public init(reason: String) { self.reason = reason }

  /// The reason.
  public var description: String { reason }
}
