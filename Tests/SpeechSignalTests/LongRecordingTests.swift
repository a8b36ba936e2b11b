// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

/// What goes through a packed recording block by block gives the bits of what has the samples at hand.
@Suite struct LongRecordingTests {
  /// 20 s: several blocks.
  static let plain = integers(SignalGenerator.syllables(seconds: 20, sampleRate: 16_000))
  static let packed = Waveform(packed: PackedSamples(plain.samples), sampleRate: 16_000)

  private static func integers(_ waveform: Waveform) -> Waveform {
    Waveform(samples: waveform.samples.map { ($0 * 20_000).rounded() / 32_768 + 0 }, sampleRate: waveform.sampleRate)
  }

  @Test func levelAndExtent() {
    #expect(ActiveLevel(Self.plain) == ActiveLevel(Self.packed))
    let silent = [Double](repeating: 0, count: 70_000)
    let padded = silent + Self.plain.samples + silent
    let extent = SpeechExtent(Waveform(samples: padded, sampleRate: 16_000))
    #expect(extent != nil && extent == SpeechExtent(Waveform(packed: PackedSamples(padded), sampleRate: 16_000)))
  }

  @Test func logMelFrames() {
    let extent = SpeechExtent(Self.plain)
    let (a, b) = (LogMelFrames(Self.plain, extent: extent), LogMelFrames(Self.packed, extent: extent))
    #expect(a.count > 3000 && a.values == b.values && a.isLoud == b.isLoud)
  }

  @Test func delay() {
    let late = Waveform(samples: [Double](repeating: 0, count: 777) + Self.plain.samples, sampleRate: 16_000)
    let packed = Waveform(packed: PackedSamples(late.samples), sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.plain, synthesis: late) == 777)
    #expect(Delay.estimate(reference: Self.packed, synthesis: packed) == 777)
    // By blocks, as beyond 8.7 minutes, and the other way round.
    #expect(Delay.estimate(reference: Self.packed, synthesis: packed, longestWhole: 0) == 777)
    #expect(Delay.estimate(reference: packed, synthesis: Self.packed, longestWhole: 0) == -777)
    let silent = Waveform(samples: [Double](repeating: 0, count: 160_000), sampleRate: 16_000)
    #expect(Delay.estimate(reference: silent, synthesis: packed, longestWhole: 0) == 0)
    #expect(Delay.waveformsMatch(reference: Self.packed, synthesis: packed, lag: 777))
    #expect(!Delay.waveformsMatch(reference: Self.packed, synthesis: packed, lag: 700))
  }

  /// Eight sums in turns, what is left behind them one by one: the order of additions that scores rest on.
  @Test(arguments: [(0, 0), (5, 0), (0, 5), (70_001, 13), (13, 70_001), (319_990, 0)])
  func lagProducts(cutFromFirst: Int, cutFromSecond: Int) {
    let x = Array(Self.plain.samples.dropFirst(cutFromFirst))
    let y = Array(Self.plain.samples.dropFirst(cutFromSecond)).map { $0 * 0.5 }
    let lags = -9...9
    let expected = lags.map { lag -> Double in
      let (begin, end) = (max(0, -lag), min(x.count, y.count - lag))
      let whole = begin + max(0, end - begin) / 8 * 8
      var sums = SIMD8<Double>.zero
      for n in begin..<whole { sums[(n - begin) % 8] += x[n] * y[n + lag] }
      var sum = sums.sum()
      for n in whole..<max(whole, end) { sum += x[n] * y[n + lag] }
      return sum
    }
    func packed(_ samples: [Double]) -> Waveform { Waveform(packed: PackedSamples(samples), sampleRate: 16_000) }
    let (a, b) = (Waveform(samples: x, sampleRate: 16_000), Waveform(samples: y, sampleRate: 16_000))
    #expect(LagProducts(a, b, lags: lags).values == expected)
    #expect(LagProducts(packed(x), packed(y), lags: lags).values == expected)
  }

  @Test(arguments: [2, 3, 6])
  func decimation(factor: Int) {
    let decimator = Decimator(factor: factor)
    let lead = (140 + factor - 1) / factor * factor
    let samples = Self.plain.samples
    let ends = (samples[0], samples[samples.count - 1])
    let whole = decimator.decimate(
      [Double](repeating: ends.0, count: lead) + samples + [Double](repeating: ends.1, count: lead))
    let expected = Array(whole[lead / factor..<lead / factor + (samples.count + factor - 1) / factor])
    for block in [nil, 1 << 16, 1000, 77] {
      #expect(decimator.decimate(Self.packed, lead: lead, block: block) == expected)
    }
    #expect(decimator.decimate(Self.plain, lead: lead) == expected)
  }

  @Test func resampling() {
    for rate in [16_000, 22_050] {
      let resample = OctaveResampler(from: rate, to: 10_000)
      let both = resample(Self.plain.samples, Self.plain.samples.map { -$0 })
      let packed = Waveform(packed: PackedSamples(Self.plain.samples), sampleRate: rate)
      #expect(resample(packed) == both.first)
      #expect(resample(packed.scaled(by: -1)) == both.second)
    }
  }

  @Test func pitchAndEnvelope() throws {
    let harvest = Harvest(sampleRate: 16_000)
    let track = try harvest.track(Self.plain)
    #expect(try harvest.track(Self.packed) == track)
    let (cheapTrick, part) = (CheapTrick(sampleRate: 16_000), 0..<1000)
    let first = F0Track(times: Array(track.times[part]), f0: Array(track.f0[part]))
    let expected = try cheapTrick.envelope(Self.plain, first)
    #expect(try cheapTrick.envelope(Self.packed, first).logPower == expected.logPower)
    #expect(try cheapTrick.envelope(Self.packed[0..<90_000], first).logPower == expected.logPower)
  }

  /// What is not gone through block by block widens the recording once.
  @Test func otherTrackersAndWarping() throws {
    let (plain, packed) = (Self.plain[0..<48_000], Self.packed[0..<48_000])
    let dio = DIO(sampleRate: 16_000)
    let track = try dio.track(plain)
    #expect(track.f0.contains { $0 > 0 })
    #expect(try dio.track(packed) == track)
    #expect(StoneMask.refine(track, packed) == StoneMask.refine(track, plain))
    let map = TimeMap(
      (0..<400).map { .init(first: $0, second: $0 + $0 / 10) }, hop: 0.005, referenceStart: 0, synthesisStart: 0)
    #expect(WSOLA(packed).warped(by: map, count: 32_000) == WSOLA(plain).warped(by: map, count: 32_000))
  }

  /// 20 s are one stretch of a minute. Blocks of the filter bank begin elsewhere in another: only rounding may differ.
  @Test(arguments: [700, 3000, 7001, 19_999], [false, true])
  func pitchDoesNotDependOnTheStretches(stretch: Int, pauses: Bool) throws {
    var samples = Self.plain.samples
    // From 4 to 8 s there is nothing, as far as a stretch hears its neighbours and farther.
    if pauses { for i in 64_000..<128_000 { samples[i] = 0 } }
    let waveform = Waveform(samples: samples, sampleRate: 16_000)
    let harvest = Harvest(sampleRate: 16_000)
    let whole = try harvest.track(waveform)
    #expect(whole.f0.count { $0 > 0 } > 1000)
    let parts = try harvest.track(waveform, stretch: stretch)
    #expect(parts.times == whole.times)
    #expect(zip(parts.f0, whole.f0).allSatisfy { abs($0 - $1) <= 1e-9 * $1 })
  }
}
