// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of CosineTransform. Two sequences' values stand in turns, so that a vector has two places of both.

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
