// SPDX-License-Identifier: GPL-3.0-or-later

/// The SplitMix64 generator: 64 bits of state, 64 bits per draw, period 2^64.
///
/// The standard library's generators may differ from one release or machine to the next; this one is fixed by
/// its published definition, so that noise made today is the noise made anywhere.
public struct SplitMix64: Sendable {
  private var state: UInt64

  /// Starts the sequence belonging to `seed`; every value is a good seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits of the sequence.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A whole number in 0 ..< `bound`, from one draw; `bound` must be positive.
  ///
  /// The multiply-and-take-the-high-half method: its bias is at most `bound` / 2^64.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "the bound of a draw must be positive")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A bell-shaped whole number with mean 0 and standard deviation 65 536, from three draws.
  ///
  /// Twelve uniform 16-bit numbers are added (the Irwin–Hall distribution), which needs no logarithm or cosine:
  /// those are not rounded the same by every mathematics library. The values lie within ±6 standard deviations.
  public mutating func nextBell() -> Int {
    var sum = 0
    for _ in 0..<3 {
      let bits = next()
      sum += Int(bits & 0xFFFF) + Int((bits >> 16) & 0xFFFF) + Int((bits >> 32) & 0xFFFF) + Int(bits >> 48)
    }
    // One uniform number has mean 65 535 / 2 and variance 2^32 / 12: the sum of twelve has the deviation 2^16.
    return sum - 6 * 65_535
  }
}

/// The 64-bit FNV-1a hash of the UTF-8 bytes of `text`.
///
/// Swift's own `Hasher` is seeded anew in each process; a clip's noise must not be.
public func fnv1a(_ text: String) -> UInt64 {
  text.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
    (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
