// SPDX-License-Identifier: GPL-3.0-or-later

/// What transforms of one length have in common: twiddles, and the order of the last pass.
struct PESQTransformPlan: Sendable {
  let length: Int
  let twiddles: PESQTwiddles
  /// Twiddles of the last pass, in the order of its lanes: C and S of the last stage but one, then
  /// of the first and the second butterfly of the last stage; 24 values per tile, four of a tile in
  /// turns with four of the tile N/32 behind it. Empty for a long transform, in which the table
  /// would take more time and memory than it saves.
  let lastPass: [Float]
  /// Where each tile of the last pass stores its results; empty for a long transform.
  let target: [Int32]

  /// Lengths 2^2 ... 2^13, made once.
  private static let short = (2...13).map { PESQTransformPlan(length: 1 << $0, tabulated: true) }

  /// - Parameter length: A power of two, at least 4.
  static func serving(length: Int) -> PESQTransformPlan {
    precondition(length >= 4 && length & (length - 1) == 0, "a power of two")
    let index = length.trailingZeroBitCount - 2
    return index < short.count ? short[index] : PESQTransformPlan(length: length, tabulated: false)
  }

  private init(length: Int, tabulated: Bool) {
    self.length = length
    let twiddles = PESQTwiddles.serving(length: length)
    self.twiddles = twiddles
    let (cosine, sine, tiles) = (twiddles.cosine, twiddles.sine, length / 16)
    guard tabulated else {
      lastPass = []
      target = []
      return
    }
    var table: [Float] = []
    table.reserveCapacity(24 * tiles)
    let half = (tiles + 1) / 2
    for k in 0..<half {
      // Lane l works on the block whose two top bits are l's, reversed. A tile that is alone stands twice.
      let groups = [k, (k + half) % tiles].flatMap { [$0, $0 + 2 * tiles, $0 + tiles, $0 + 3 * tiles] }
      table += groups.map { cosine[$0] } + groups.map { sine[$0] }
      table += groups.map { cosine[2 * $0] } + groups.map { sine[2 * $0] }
      table += groups.map { cosine[2 * $0 + 1] } + groups.map { sine[2 * $0 + 1] }
    }
    lastPass = table
    let bits = length.trailingZeroBitCount
    target = (0..<tiles).map { Int32(4 * PESQTwiddles.reverse($0, bits: bits - 4)) }
  }
}
