// SPDX-License-Identifier: GPL-3.0-or-later

// The loop of STOI, whose equations stand there.

/// Eight bands of a frame: with their sums, what fits into the registers.
private typealias Bands = SIMD8<Double>

/// Correlations of the short-time envelopes of two recordings in sixteen bands, summed over all segments.
/// - Parameters:
///   - reference: shape `[frames × 16]`.
///   - synthesis: likewise; brought to the reference's level, and cut off at `ceiling` times the reference.
///   - frames: how many.
///   - length: frames of a segment.
///   - ceiling: the most that a magnitude may be of the reference's.
///   - epsilon: added to divisors.
///   - sums: receives sixteen.
package func correlations(
  _ reference: UnsafePointer<Double>, _ synthesis: UnsafePointer<Double>, _ frames: Int, _ length: Int,
  _ ceiling: Double, _ epsilon: Double, _ sums: UnsafeMutablePointer<Double>
) {
  var band = 0
  while band < 16 {
    var total = Bands.zero
    var first = 0
    while first &+ length <= frames {
      total += correlation(reference + 16 &* first + band, synthesis + 16 &* first + band, length, ceiling, epsilon)
      first &+= 1
    }
    store(total.lowHalf, sums, band)
    store(total.highHalf, sums, band &+ 4)
    band &+= 8
  }
}

@inline(__always)
private func correlation(
  _ reference: UnsafePointer<Double>, _ synthesis: UnsafePointer<Double>, _ length: Int, _ ceiling: Double,
  _ epsilon: Double
) -> Bands {
  @inline(__always) func bands(_ p: UnsafePointer<Double>, _ t: Int) -> Bands {
    UnsafeRawPointer(p + 16 &* t).loadUnaligned(as: Bands.self)
  }
  var (sumX, powerX, powerY) = (Bands.zero, Bands.zero, Bands.zero)
  var t = 0
  while t < length {
    let (x, y) = (bands(reference, t), bands(synthesis, t))
    sumX += x
    powerX += x * x
    powerY += y * y
    t &+= 1
  }
  let alpha = roots(powerX) / (roots(powerY) + epsilon)
  @inline(__always) func levelled(_ t: Int) -> Bands {
    let (y, most) = (bands(synthesis, t) * alpha, bands(reference, t) * ceiling)
    return y.replacing(with: most, where: most .< y)
  }
  var sumY = Bands.zero
  t = 0
  while t < length {
    sumY += levelled(t)
    t &+= 1
  }
  let (meanX, meanY) = (sumX / Double(length), sumY / Double(length))
  // Deviations first, products after: a band that hardly varies must not drown in rounding.
  var (xx, yy, xy) = (Bands.zero, Bands.zero, Bands.zero)
  t = 0
  while t < length {
    let (x, y) = (bands(reference, t) - meanX, levelled(t) - meanY)
    xx += x * x
    yy += y * y
    xy += x * y
    t &+= 1
  }
  return xy / ((roots(xx) + epsilon) * (roots(yy) + epsilon))
}

@inline(__always)
private func roots(_ x: Bands) -> Bands { Bands(lowHalf: root(x.lowHalf), highHalf: root(x.highHalf)) }
