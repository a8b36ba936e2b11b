// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of XorshiftNoise.

/// Sums of twelve outputs each, of 28 bits, of sixteen xorshift128 generators side by side: two vectors of 256 bits, since one would
/// wait for its own last step.
/// - Parameters:
///   - states: x of all sixteen, then y, z and w.
///   - count: sums of each generator, a multiple of four.
///   - sums: receives those of the first generator, then those of the next.
package func noiseSums(_ states: UnsafePointer<UInt32>, _ count: Int, _ sums: UnsafeMutablePointer<UInt32>) {
  typealias Lanes = SIMD16<UInt32>
  let from = UnsafeRawPointer(states)
  var x = from.loadUnaligned(as: Lanes.self)
  var y = from.loadUnaligned(fromByteOffset: 64, as: Lanes.self)
  var z = from.loadUnaligned(fromByteOffset: 128, as: Lanes.self)
  var w = from.loadUnaligned(fromByteOffset: 192, as: Lanes.self)
  @inline(__always) func step(_ oldest: inout Lanes, _ newest: Lanes) -> Lanes {
    let t = oldest ^ (oldest &<< 11)
    oldest = (newest ^ (newest &>> 19)) ^ (t ^ (t &>> 8))
    return oldest &>> 4
  }
  @inline(__always) func sum() -> Lanes {
    var sum = Lanes.zero
    var steps = 0
    while steps < 12 {
      // Four steps, after which the four words have changed places back.
      sum &+= step(&x, w)
      sum &+= step(&y, x)
      sum &+= step(&z, y)
      sum &+= step(&w, z)
      steps &+= 4
    }
    return sum
  }
  var i = 0
  while i < count {
    let (a, b, c, d) = (sum(), sum(), sum(), sum())
    for l in 0..<16 {
      let four = SIMD4<UInt32>(a[l], b[l], c[l], d[l])
      UnsafeMutableRawPointer(sums + (l &* count &+ i)).storeBytes(of: four, as: SIMD4<UInt32>.self)
    }
    i &+= 4
  }
}

/// Sums of twelve uniform numbers of 28 bits, brought to mean 0 and variance 1.
/// - Parameters:
///   - sums: numbers.
///   - count: how many.
///   - out: receives as many.
package func normal(_ sums: UnsafePointer<UInt32>, _ count: Int, _ out: UnsafeMutablePointer<Double>) {
  let from = UnsafeRawPointer(sums)
  let (unit, mean) = (1.0 / 268_435_456, 6 * 268_435_456.0)
  var i = 0
  while i &+ 4 <= count {
    // A whole number below 2^32 as a double without a conversion: its bits under those of 2^52.
    var words = SIMD8<UInt32>(repeating: 0x4330_0000)
    words.evenHalf = from.loadUnaligned(fromByteOffset: 4 &* i, as: SIMD4<UInt32>.self)
    let whole = unsafeBitCast(words, to: Four.self) - (4_503_599_627_370_496 + mean)
    store(whole * unit, out, i)
    i &+= 4
  }
  while i < count {
    out[i] = (Double(sums[i]) - mean) * unit
    i &+= 1
  }
}
