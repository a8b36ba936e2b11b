// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of CosineTransform, and what CheapTrick does between two of them. Two sequences' values stand in turns, so that a vector has two places of both.

/// The sequences from whose Fourier transforms the cosine transforms follow.
/// - Parameters:
///   - f: places 0…M of both sequences.
///   - turns: 2·sin(πj/M), each twice, for places 0…M/2, and `half + 2` values behind them 2·cos(πj/M) likewise.
///   - half: M, even.
///   - y: receives places 0…M − 1 of both.
///   - odd: receives bin 1 of both.
package func beforeTransform(
  _ f: UnsafePointer<Double>, _ turns: UnsafePointer<Double>, _ half: Int, _ y: UnsafeMutablePointer<Double>,
  _ odd: UnsafeMutablePointer<Double>
) {
  let (first, last, middle) = (two(f, 0), two(f, 2 &* half), two(f, half))
  store(first + last, y, 0)
  var sum = Four(lowHalf: first - last, highHalf: .zero)
  var j = 1
  // The middle is its own mirror image; where it is not the second place of a vector, it is left over.
  while j &+ 1 <= half / 2 {
    let (a, b) = (four(f, 2 &* j), swapped(four(f, 2 &* (half &- j &- 1))))
    let (both, difference) = (a + b, a - b)
    let turned = difference * four(turns, 2 &* j)
    store(both - turned, y, 2 &* j)
    store(swapped(both + turned), y, 2 &* (half &- j &- 1))
    sum += difference * four(turns, 2 &* j &+ half &+ 2)
    j &+= 2
  }
  store(middle + middle, y, half)
  store(sum.lowHalf + sum.highHalf, odd, 0)
}

/// The cosine transforms from those Fourier transforms.
/// - Parameters:
///   - z: bins 0…M − 1 of both sequences.
///   - half: M, even.
///   - odd: bin 1 of both.
///   - x: receives bins 0…M of both, with room for one more.
package func afterTransform(
  _ z: UnsafePointer<Double>, _ half: Int, _ odd: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>
) {
  let (first, middle) = (two(z, 0), two(z, half))
  store(first, x, 0)
  store(two(odd, 0), x, 2)
  var sum = Four(lowHalf: two(odd, 0), highHalf: two(odd, 0))
  let signs = Four(-0.5, 0.5, -0.5, 0.5)
  var k = 1
  while k < half / 2 {
    let (p, q) = (four(z, 2 &* k), swapped(four(z, 2 &* (half &- k &- 1))))
    let even = (p + q) * 0.5
    let difference = (p - q) * signs
    let step = Four(difference[1], difference[0], difference[3], difference[2])
    // The chain from vector to vector is of one sum.
    let odds = sum + Four(0, 0, step[0], step[1]) + step
    sum += step + swapped(step)
    store(Four(lowHalf: even.lowHalf, highHalf: odds.lowHalf), x, 4 &* k)
    store(Four(lowHalf: even.highHalf, highHalf: odds.highHalf), x, 4 &* k &+ 4)
    k &+= 2
  }
  store(middle, x, 2 &* half)
}

/// Smooths two cepstra over F0, by a sinc, and takes some of it back.
/// - Parameters:
///   - cepstra: both, from place 0 on; those of places 1…`count` are multiplied.
///   - inverses: 1/place, each twice, from place 0 on, of which nothing counts.
///   - count: a multiple of four.
///   - cosines: of each frame's angle from place to place.
///   - sines: likewise.
///   - scales: of the first and the second cepstrum.
///   - recovery: q of sinc·(1 − 2q + 2q·cos 2φ).
package func lifter(
  _ cepstra: UnsafeMutablePointer<Double>, _ inverses: UnsafePointer<Double>, _ count: Int,
  _ cosines: (Double, Double), _ sines: (Double, Double), _ scales: (Double, Double), _ recovery: Double
) {
  // Four places at a time, each turned on by four: a short chain.
  let (c1, s1) = (SIMD2(cosines.0, cosines.1), SIMD2(sines.0, sines.1))
  let (c2, s2) = (c1 * c1 - s1 * s1, 2 * s1 * c1)
  let (c3, s3) = (c2 * c1 - s2 * s1, s2 * c1 + c2 * s1)
  let (c4, s4) = (c2 * c2 - s2 * s2, 2 * s2 * c2)
  var (c, s) = (Four(lowHalf: c1, highHalf: c2), Four(lowHalf: s1, highHalf: s2))
  var (d, t) = (Four(lowHalf: c3, highHalf: c4), Four(lowHalf: s3, highHalf: s4))
  let (stepC, stepS) = (Four(lowHalf: c4, highHalf: c4), Four(lowHalf: s4, highHalf: s4))
  let sinc = Four(scales.0, scales.1, scales.0, scales.1)
  // 1 − 2q + 2q·cos 2φ = 1 − 4q·sin²φ.
  @inline(__always) func lift(_ sine: Four, _ place: Int) {
    let lifter = sine * sinc * four(inverses, 2 &* place) * (1 - 4 * recovery * sine * sine)
    store(four(cepstra, 2 &* place) * lifter, cepstra, 2 &* place)
  }
  var i = 1
  while i <= count {
    lift(s, i)
    lift(t, i &+ 2)
    (c, s) = (c * stepC - s * stepS, s * stepC + c * stepS)
    (d, t) = (d * stepC - t * stepS, t * stepC + d * stepS)
    i &+= 4
  }
}
