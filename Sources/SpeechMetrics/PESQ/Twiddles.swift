// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Cosines and sines of the radix-2 transform, in the (bit-reversed) order in which groups use them.
///
/// Entry `c` belongs to group `c` of every stage, and does not depend on the transform's length: a
/// table made for one length serves, as a prefix, every shorter one.
package struct PESQTwiddles: Sendable {
  package private(set) var cosine: [Float] = [1]
  package private(set) var sine: [Float] = [0]

  /// Serves transforms up to a length of 2^18, 16 s of wide-band speech: 1 MB, made once.
  private static let common = PESQTwiddles(length: 1 << 18, from: PESQTwiddles())

  private init() {}

  private init(length: Int, from shorter: PESQTwiddles) {
    self = shorter
    extend(length: length)
  }

  /// A table that serves transforms of `length` (a power of two).
  package static func serving(length: Int) -> PESQTwiddles {
    PESQTwiddles(length: length, from: common)
  }

  private mutating func extend(length: Int) {
    guard cosine.count < length / 2 else { return }
    cosine.reserveCapacity(length / 2)
    sine.reserveCapacity(length / 2)
    let twoPi: Float = 6.2831853
    let fine = PESQFineAngles()
    while cosine.count < length / 2 {
      // Doubling the table appends the odd multiples of the halved angle: number c + count has the
      // angle of number c plus the angle 2 pi / (4 count).
      let count = cosine.count
      let bits = count.trailingZeroBitCount
      let scale = twoPi / Float(4 * count)
      for c in 0..<count {
        let angle = Float(2 * Self.reverse(c, bits: bits) + 1) * scale
        let (x, y) = fine.cosineAndSine(of: Double(angle))
        cosine.append(Float(x))
        sine.append(Float(y))
      }
    }
  }

  static func reverse(_ value: Int, bits: Int) -> Int {
    bits == 0 ? 0 : Int(UInt64(value).byteSwapped.reversedBits >> UInt64(64 - bits))
  }
}

/// Cosine and sine of many angles between 0 and pi.
///
/// A long transform needs a hundred thousand of them, which would cost as much as a transform. A
/// coarse table and the addition theorem give them with an error of about 2e-16, so that they round
/// to the same single-precision value as those of the mathematics library (compared for every entry
/// up to a length of 2^24, with glibc on x86-64). Near a zero, where that error is not small in proportion, the library is asked.
private struct PESQFineAngles {
  private let table: [(cosine: Double, sine: Double)]
  private static let perRadian = 128.0

  init() {
    table = (0...Int(Double.pi * Self.perRadian)).map { i in
      let angle = Double(i) / Self.perRadian
      return (cos(angle), sin(angle))
    }
  }

  @inline(__always)
  func cosineAndSine(of angle: Double) -> (Double, Double) {
    let index = Int(angle * Self.perRadian)
    let coarse = table[index]
    let d = angle - Double(index) / Self.perRadian
    let d2 = d * d
    // Taylor series; d is below 1/128, so that the next terms are below 1e-19.
    let c = d2 * (-1 / 2 + d2 * (1 / 24 - d2 * (1 / 720)))
    let s = d + d * d2 * (-1 / 6 + d2 * (1 / 120 - d2 * (1 / 5040)))
    let x = coarse.cosine + (coarse.cosine * c - coarse.sine * s)
    let y = coarse.sine + (coarse.sine * c + coarse.cosine * s)
    if abs(x) < 1e-2 || y < 1e-2 { return (cos(angle), sin(angle)) }
    return (x, y)
  }
}

extension UInt64 {
  /// Bits reversed within each byte; together with `byteSwapped`, a full bit reversal.
  fileprivate var reversedBits: UInt64 {
    var v = self
    v = ((v >> 1) & 0x5555_5555_5555_5555) | ((v & 0x5555_5555_5555_5555) << 1)
    v = ((v >> 2) & 0x3333_3333_3333_3333) | ((v & 0x3333_3333_3333_3333) << 2)
    v = ((v >> 4) & 0x0f0f_0f0f_0f0f_0f0f) | ((v & 0x0f0f_0f0f_0f0f_0f0f) << 4)
    return v
  }
}
