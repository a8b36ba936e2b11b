// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// Colours by lightness. A reader compares lightness, on paper and with any eyes, before hue: both tables are laid out in CIE L*a*b*
// (CIE 15:2004, white D65), where equal steps look equal, and then turned into sRGB (IEC 61966-2-1). What sRGB cannot show is cut to it.

/// Palettes of spectrograms.
enum ColourTable {
  /// Shades of a palette: few, so that files stay small; 80 dB in 64 steps are 1.25 dB each.
  static let count = 64

  /// From near black over blue and green to light yellow: L* rises evenly from 4 to 94, the hue falls from 300° to 95°.
  static let level: [UInt8] = (0..<count).flatMap { i in
    let t = Double(i) / Double(count - 1)
    return sRGB(
      lightness: 4 + 90 * t, chroma: 14 + 46 * sin(.pi * min(1, 0.25 + 0.75 * t)) + 28 * t, hue: 300 - 205 * t)
  }

  /// From blue over near white to orange: L* falls evenly to both sides of the middle.
  static let difference: [UInt8] = (0..<count).flatMap { i in
    let t = (Double(i) - Double(count - 1) / 2) / (Double(count - 1) / 2)
    return sRGB(lightness: 96 - 56 * abs(t), chroma: 62 * abs(t), hue: t < 0 ? 275 : 50)
  }

  /// - Parameter hue: degrees.
  private static func sRGB(lightness: Double, chroma: Double, hue: Double) -> [UInt8] {
    let (a, b) = (chroma * cos(hue * .pi / 180), chroma * sin(hue * .pi / 180))
    let fy = (lightness + 16) / 116
    /// The inverse of the cube root with its linear foot.
    func linear(_ f: Double) -> Double { f > 6.0 / 29 ? f * f * f : 3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0 / 29) }
    let (x, y, z) = (0.95047 * linear(fy + a / 500), linear(fy), 1.08883 * linear(fy - b / 200))
    let channels = [
      3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z,
      0.0557 * x - 0.2040 * y + 1.0570 * z,
    ]
    return channels.map { value in
      let cut = min(1, max(0, value))
      return UInt8((255 * (cut <= 0.0031308 ? 12.92 * cut : 1.055 * pow(cut, 1 / 2.4) - 0.055)).rounded())
    }
  }
}
