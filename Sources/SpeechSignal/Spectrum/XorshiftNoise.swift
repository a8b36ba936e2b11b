// SPDX-License-Identifier: GPL-3.0-or-later
internal import Synchronization
internal import VectorLoops

/// The noise that WORLD puts under a waveform, so that digital silence has a spectrum: nearly normal, and always the same.
///
/// Uniform numbers come from Marsaglia's xorshift128 (Journal of Statistical Software 8/14, 2003, section 4) with the seeds of
/// that paper; twelve of them (28 bits each) add up to one value of mean 0 and variance 1. The sequence is fixed: every
/// recording starts it anew, so the same input gives the same bits.
///
/// One step of the generator waits for the one before. But it is linear over GF(2), so its state 12·1024 steps ahead is a
/// 128 × 128 bit matrix times the state now: sixteen stretches of the one sequence are made side by side, in the lanes
/// of vectors, and are then read one after the other. And as every recording starts with the same values, the first
/// million, five seconds' worth, is kept once made, as far as anybody asks for it: 4 MiB at most.
struct XorshiftNoise {
  /// x, y, z, w.
  private typealias State = SIMD4<UInt32>

  /// The matrix that skips one stretch: column j is where the unit vector j goes.
  private struct Jump: Sendable {
    private let columns: [SIMD4<UInt32>]

    init() {
      var columns = (0..<128).map { bit -> SIMD4<UInt32> in
        var unit = SIMD4<UInt32>(repeating: 0)
        unit[bit / 32] = 1 << UInt32(bit % 32)
        return XorshiftNoise.stepped(unit)
      }
      // 12·1024 = 3·2¹² steps: square twelve times, then apply thrice.
      for _ in 0..<12 { columns = columns.map { Self.apply(columns, to: $0) } }
      let once = columns
      columns = once.map { Self.apply(once, to: Self.apply(once, to: $0)) }
      self.columns = columns
    }

    func callAsFunction(_ state: SIMD4<UInt32>) -> SIMD4<UInt32> { Self.apply(columns, to: state) }

    private static func apply(_ columns: [SIMD4<UInt32>], to state: SIMD4<UInt32>) -> SIMD4<UInt32> {
      var result = SIMD4<UInt32>(repeating: 0)
      for word in 0..<4 {
        for bit in 0..<32 {
          // All ones where the bit is set, else zero.
          let mask = 0 &- (state[word] &>> UInt32(bit) & 1)
          result ^= columns[32 * word + bit] & mask
        }
      }
      return result
    }
  }

  private static let laneCount = 16
  private static let stretch = 1024
  private static let seed = SIMD4<UInt32>(123_456_789, 362_436_069, 521_288_629, 88_675_123)

  private static let jump = Jump()
  /// The first blocks, as many as were asked for, and the state in which the next one begins.
  private static let kept = Mutex<(blocks: [[UInt32]], next: State)>(([], seed))
  private static let keptCount = 64

  private var block: [UInt32] = []
  private var blockCount = 0
  /// State in which the next block begins, once those that are kept are over.
  private var state = XorshiftNoise.seed
  private var position = 0

  private mutating func takeBlock() {
    position = 0
    blockCount += 1
    guard blockCount <= Self.keptCount else {
      block = Self.block(from: &state)
      return
    }
    (block, state) = Self.kept.withLock { kept in
      if kept.blocks.count < blockCount { kept.blocks.append(Self.block(from: &kept.next)) }
      return (kept.blocks[blockCount - 1], kept.next)
    }
  }

  private static func stepped(_ s: SIMD4<UInt32>) -> SIMD4<UInt32> {
    let t = s.x ^ (s.x &<< 11)
    return SIMD4(s.y, s.z, s.w, s.w ^ (s.w &>> 19) ^ t ^ (t &>> 8))
  }

  /// Hands out the next values of the sequence.
  /// - Parameters:
  ///   - count: how many.
  ///   - out: receives them.
  mutating func take(_ count: Int, into out: UnsafeMutablePointer<Double>) {
    var done = 0
    while done < count {
      if position == block.count { takeBlock() }
      let n = min(count - done, block.count - position)
      block.withUnsafeBufferPointer { block in
        guard let values = block.baseAddress else { return }
        VectorLoops.normal(values + position, n, out + done)
      }
      position += n
      done += n
    }
  }

  /// The values from a state on, which becomes that behind them.
  private static func block(from state: inout State) -> [UInt32] {
    var lanes = [UInt32](repeating: 0, count: 4 * laneCount)
    for l in 0..<laneCount {
      for word in 0..<4 { lanes[word * laneCount + l] = state[word] }
      state = jump(state)
    }
    var values = [UInt32](repeating: 0, count: laneCount * stretch)
    VectorLoops.noiseSums(lanes, stretch, &values)
    return values
  }
}
