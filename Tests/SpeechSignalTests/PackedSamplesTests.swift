// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct PackedSamplesTests {
  static let integers = SignalGenerator.noise(150_000, seed: 3).map { ($0 * 32_767).rounded() / 32_768 + 0 }
  static let floats = SignalGenerator.noise(150_000, seed: 4).map { Double(Float($0)) }
  static let doubles = SignalGenerator.noise(150_000, seed: 5)

  static func bits(_ samples: [Double]) -> [UInt64] { samples.map(\.bitPattern) }

  @Test func keepsEverySampleAsNarrowAsItIsExact() {
    for (samples, width) in [(Self.integers, 2), (Self.floats, 4), (Self.doubles, 8)] {
      let packed = PackedSamples(samples)
      #expect(packed.byteCount == width * samples.count)
      #expect(Self.bits(packed.samples) == Self.bits(samples))
    }
  }

  @Test func widensItselfWhereASampleDoesNotFit() {
    var packed = PackedSamples(Self.integers)
    packed.append(Self.floats.span)
    #expect(packed.byteCount == 4 * 300_000)
    packed.append(Self.integers.span)
    packed.append(Self.doubles.span)
    #expect(packed.byteCount == 8 * 600_000)
    #expect(Self.bits(packed.samples) == Self.bits(Self.integers + Self.floats + Self.integers + Self.doubles))
  }

  /// The least and the greatest of 16 and of 24 bits, what lies just beyond, and what no integer is; and the bytes a sample takes.
  static let edges: [(Double, Int)] = {
    let (sixteen, twentyFour) = (32_768.0, 8_388_608.0)
    let two: [Double] = [-1, 32_767 / sixteen, 0]
    let four: [Double] = [
      1, -0.0, -32_769 / sixteen, 1 / (2 * sixteen), (twentyFour - 1) / twentyFour, -1 / twentyFour, 4_000_000_000,
    ]
    let eight: [Double] = [0.1, 1e300, 1e-300]
    return two.map { ($0, 2) } + four.map { ($0, 4) } + eight.map { ($0, 8) }
  }()

  @Test(arguments: Self.edges)
  func anEdge(sample: Double, width: Int) {
    let packed = PackedSamples([0.5, sample])
    #expect(packed.byteCount == 2 * width)
    #expect(Self.bits(packed.samples) == Self.bits([0.5, sample]))
  }

  @Test func partsAndLevelsShareTheMemory() {
    let packed = PackedSamples(Self.integers)
    let part = packed[1000..<140_001][5..<100_000].scaled(by: 0.3)
    #expect(Self.bits(part.samples) == Self.bits(Self.integers[1005..<101_000].map { $0 * 0.3 }))
  }

  @Test func aPackedWaveformIsThePlainOne() {
    let plain = Waveform(samples: Self.integers, sampleRate: 16_000)
    var packed = Waveform(packed: PackedSamples(Self.integers), sampleRate: 16_000)
    #expect(plain == packed && packed.count == 150_000 && packed.seconds == plain.seconds)
    #expect(plain[70..<140_000] == packed[70..<140_000])
    #expect(plain.scaled(by: 0.7) == packed.scaled(by: 0.7) && plain.scaled(by: 0.7) != packed)
    var blocks: [Double] = []
    packed.forEachBlock { part, block in
      #expect(part.lowerBound == blocks.count && part.count == block.count)
      for i in 0..<block.count { blocks.append(block[i]) }
    }
    #expect(blocks == Self.integers)
    packed.samples[9] = 0.1
    #expect(packed.samples[9] == 0.1 && packed.samples[10] == Self.integers[10])
  }
}
