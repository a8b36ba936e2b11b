// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of CheapTrickFrames. What belongs to both frames of a pair stands in turns, the first frame's value first.

/// The right half of a Hann window, its middle first.
/// - Parameters:
///   - half: weights but for the middle one.
///   - cosine: of the angle from weight to weight.
///   - weights: receives half + 1 weights, and zeros up to a multiple of four.
/// - Returns: the sums of these squared and as they are.
package func hann(_ half: Int, _ cosine: Double, _ weights: UnsafeMutablePointer<Double>) -> (Double, Double) {
  // cos(mθ) from the middle outwards, four at a time, by cos(m + 4) = 2·cos 4·cos m − cos(m − 4).
  let c1 = cosine
  let c2 = 2 * c1 * c1 - 1
  let c3 = 2 * c1 * c2 - c1
  let c4 = 2 * c2 * c2 - 1
  var (here, before) = (Four(1, c1, c2, c3), Four(c4, c3, c2, c1))
  var (energy, area) = (Four.zero, Four.zero)
  var m = 0
  while m <= half {
    var weight = 0.5 * here + 0.5
    if m &+ 3 > half {
      weight.replace(with: 0, where: Four(0, 1, 2, 3) .> Double(half &- m))
    }
    store(weight, weights, m)
    energy += weight * weight
    area += weight
    (here, before) = (here * (2 * c4) - before, here)
    m &+= 4
  }
  return (total(energy), total(area))
}

/// A whole window from its right half.
/// - Parameters:
///   - weights: the right half, its middle first, up to a multiple of four.
///   - half: weights but for the middle one.
///   - norm: brings the window to unit energy.
///   - middle: where the window's middle belongs; written as far to either side as `weights` goes.
package func spread(
  _ weights: UnsafePointer<Double>, _ half: Int, _ norm: Double, _ middle: UnsafeMutablePointer<Double>
) {
  var m = 0
  while m <= half {
    let weight = four(weights, m) * norm
    store(weight, middle, m)
    store(Four(weight[3], weight[2], weight[1], weight[0]), middle, 0 &- m &- 3)
    m &+= 4
  }
}

/// Windows a signal and puts noise under it.
/// - Parameters:
///   - signal: `count` samples.
///   - window: as many weights.
///   - noise: as many values.
///   - scale: of the noise.
///   - count: a multiple of four.
///   - out: receives the sums.
/// - Returns: their sum.
package func windowed(
  _ signal: UnsafePointer<Double>, _ window: UnsafePointer<Double>, _ noise: UnsafePointer<Double>, _ scale: Double,
  _ count: Int, _ out: UnsafeMutablePointer<Double>
) -> Double {
  var sum = Four.zero
  var i = 0
  while i < count {
    let value = four(signal, i) * four(window, i) + four(noise, i) * scale
    store(value, out, i)
    sum += value
    i &+= 4
  }
  return total(sum)
}

/// Takes a multiple of a window out of a signal.
/// - Parameters:
///   - signal: `count` samples, which are replaced.
///   - window: as many weights.
///   - mean: the multiple.
///   - count: a multiple of four.
/// - Returns: the energy that is left.
package func centred(
  _ signal: UnsafeMutablePointer<Double>, _ window: UnsafePointer<Double>, _ mean: Double, _ count: Int
) -> Double {
  var energy = Four.zero
  var i = 0
  while i < count {
    let value = four(signal, i) - four(window, i) * mean
    energy += value * value
    store(value, signal, i)
    i &+= 4
  }
  return total(energy)
}

/// Two rows' values in turns.
/// - Parameters:
///   - first: the first row.
///   - second: the second.
///   - scales: what each is multiplied by.
///   - count: values of a row, a multiple of four.
///   - out: receives twice as many.
package func interleave(
  _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, _ scales: (Double, Double), _ count: Int,
  _ out: UnsafeMutablePointer<Double>
) {
  var i = 0
  while i < count {
    let (a, b) = (four(first, i) * scales.0, four(second, i) * scales.1)
    store(Four(a[0], b[0], a[1], b[1]), out, 2 &* i)
    store(Four(a[2], b[2], a[3], b[3]), out, 2 &* i &+ 4)
    i &+= 4
  }
}

/// Values that stand in turns, as two rows.
/// - Parameters:
///   - pairs: twice `count` values.
///   - count: values of a row, a multiple of four.
///   - first: receives the first row.
///   - second: receives the second.
package func part(
  _ pairs: UnsafePointer<Double>, _ count: Int, _ first: UnsafeMutablePointer<Double>,
  _ second: UnsafeMutablePointer<Double>
) {
  var i = 0
  while i < count {
    let (a, b) = (four(pairs, 2 &* i), four(pairs, 2 &* i &+ 4))
    store(Four(a[0], a[2], b[0], b[2]), first, i)
    store(Four(a[1], a[3], b[1], b[3]), second, i)
    i &+= 4
  }
}

/// |X₁|² and |X₂|² from the transform of x₁ + i·x₂.
/// - Parameters:
///   - z: N bins and one more, which is written: bin 0 again.
///   - length: N, a multiple of four.
///   - scales: of the first and the second power.
///   - powers: receives both of bins 0…N/2 and of one more.
package func powers(
  _ z: UnsafeMutablePointer<Double>, _ length: Int, _ scales: (Double, Double), _ powers: UnsafeMutablePointer<Double>
) {
  (z[2 &* length], z[2 &* length &+ 1]) = (z[0], z[1])
  let scale = Four(scales.0, scales.1, scales.0, scales.1)
  var k = 0
  while k <= length / 2 {
    // Of the sum and the difference of a bin and its mirror image, squared.
    let (p, q) = (four(z, 2 &* k), swapped(four(z, 2 &* (length &- k &- 1))))
    let (sum, difference) = (p + q, p - q)
    let (even, odd) = (sum * sum, difference * difference)
    store((even + Four(odd[1], odd[0], odd[3], odd[2])) * scale, powers, 2 &* k)
    k &+= 2
  }
}

/// Running sums of two frames' powers, each mirrored at both ends.
/// - Parameters:
///   - powers: both of bins 0…`half`.
///   - half: number of the last bin.
///   - reaches: bins that are mirrored at each end, of the first and the second frame; above the last bin one more.
///   - spacing: from bin to bin.
///   - sums: receive half + 1 + 2·reach sums each.
package func runningSums(
  _ powers: UnsafePointer<Double>, _ half: Int, _ reaches: (Int, Int), _ spacing: Double,
  _ sums: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
) {
  @inline(__always) func run(
    _ total: Double, _ bins: (Int, Int), _ lane: Int, _ out: UnsafeMutablePointer<Double>
  ) -> Double {
    var (total, out, k) = (total, out, bins.0)
    while k >= bins.1 {
      total += powers[2 &* k &+ lane] * spacing
      out.pointee = total
      out += 1
      k &-= 1
    }
    return total
  }
  var both = SIMD2(run(0, (reaches.0, 1), 0, sums.0), run(0, (reaches.1, 1), 1, sums.1))
  // Each sum waits for the one before; those of both frames wait together.
  let (a, b) = (sums.0 + reaches.0, sums.1 + reaches.1)
  var k = 0
  while k < half {
    both += two(powers, 2 &* k) * spacing
    (a[k], b[k]) = (both.x, both.y)
    k &+= 1
  }
  _ = run(both.x, (half, half &- reaches.0), 0, a + half)
  _ = run(both.y, (half, half &- reaches.1), 1, b + half)
}

/// Differences of running sums at a fixed distance, between the sums by a straight line.
/// - Parameters:
///   - sums: of one frame.
///   - places: of the first difference's ends, in sums.
///   - scale: of the differences.
///   - count: how many, rounded up to a multiple of four.
///   - out: receives them.
package func differences(
  _ sums: UnsafePointer<Double>, _ places: (Double, Double), _ scale: Double, _ count: Int,
  _ out: UnsafeMutablePointer<Double>
) {
  let bases = (Int(places.0), Int(places.1))
  let shares = (places.0 - Double(bases.0), places.1 - Double(bases.1))
  let (l, h) = (sums + bases.0, sums + bases.1)
  var k = 0
  while k < count {
    let (low, high) = (four(l, k), four(h, k))
    let below = low + (four(l, k &+ 1) - low) * shares.0
    let above = high + (four(h, k &+ 1) - high) * shares.1
    store((above - below) * scale, out, k)
    k &+= 4
  }
}
