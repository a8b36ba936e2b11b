// SPDX-License-Identifier: GPL-3.0-or-later

/// The generator of every resample: SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
/// generators", OOPSLA), period 2⁶⁴.
///
/// Its k-th number, counted from 1, is a function of k alone, mix(seed + k·γ) mod 2⁶⁴, with γ = 9E3779B97F4A7C15 and
/// ```
/// mix(z):  z ← (z ⊕ z≫30)·BF58476D1CE4E5B9;  z ← (z ⊕ z≫27)·94D049BB133111EB;  z ⊕ z≫31
/// ```
/// so that an array language can replay it, as the oracle does.
package struct SplitMix64: RandomNumberGenerator {
  /// `ttseval` in ASCII, with a zero before it: an arbitrary constant that is plainly no one's choice of result.
  package static let defaultSeed: UInt64 = 0x0074_7473_6576_616C

  private var state: UInt64

  /// Starts the sequence of a seed.
  package init(seed: UInt64 = defaultSeed) { state = seed }

  /// The next number.
  @inline(__always)
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// ⌊r·bound/2⁶⁴⌋ for the next number r. The standard library's `next(upperBound:)` rejects some draws, which an
  /// oracle could not replay in one sweep; without rejection an index is off from even odds by less than bound/2⁶⁴.
  @inline(__always)
  mutating func next(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }
}
