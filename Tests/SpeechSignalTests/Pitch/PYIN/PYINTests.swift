// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct PYINTests {
  /// Promised are 99 % of the frames within one bin and 99 % of equal voicing; it is all of them, in the same bin.
  @Test func isLibrosasOnIntegerVoices() throws {
    let golden: PYINGoldens = try WorldGoldens.load("pitch-pyin")
    #expect(golden.signals.count > 12)
    for signal in golden.signals {
      let pcm =
        signal.base == 0
        ? PYINGoldens.leaping(rate: signal.rate) : IntegerVoice.pcm(rate: signal.rate, base: signal.base)
      try #require(WorldGoldens.fnv(pcm) == signal.fnv, "another voice than the oracle's")
      let pyin = PYIN(
        sampleRate: signal.rate, floor: signal.floor, ceiling: signal.ceiling, framePeriod: signal.period)
      let f0 = try pyin.track(IntegerVoice.waveform(pcm, rate: signal.rate)).f0
      #expect(f0.count == signal.bins.count)
      var difference = PYINGoldens.Comparison()
      difference.add(f0, signal.bins, floor: signal.floor)
      #expect(difference.voicing == 0 && difference.pitch == 0, "\(signal.rate) Hz, \(signal.voice): \(difference)")
    }
  }

  /// Natural clips, laid down by reference_audio/prepare. The promise as above; here too it is kept by far.
  @Test func isLibrosasOnNaturalClips() throws {
    let golden: PYINGoldens = try WorldGoldens.load("pitch-pyin")
    #expect(golden.clips.count > 2)
    var difference = PYINGoldens.Comparison()
    for clip in golden.clips {
      let (pcm, rate) = try WorldGoldens.clip(clip.file)
      try #require(WorldGoldens.fnv(pcm) == clip.fnv, "\(clip.file) is another recording than the oracle's")
      let f0 = try PYIN(sampleRate: rate).track(IntegerVoice.waveform(pcm, rate: rate)).f0
      #expect(f0.count == clip.bins.count)
      difference.add(f0, clip.bins, floor: clip.floor)
    }
    #expect(difference.frames > 3000)
    #expect(difference.voicing * 100 <= difference.frames && difference.beyondOneBin * 100 <= difference.frames)
    #expect((difference.voicing + difference.pitch) * 1000 <= difference.frames, "\(difference)")
  }

  @Test(arguments: [11_025, 24_000, 48_000, 88_200, 96_000])
  func aSteadyBuzzHasItsPitchAtEveryRate(rate: Int) throws {
    let track = try PYIN(sampleRate: rate).track(Self.buzz(125, rate: rate))
    #expect(track.f0[20..<80].allSatisfy { abs(12 * log2($0 / 125)) <= 0.1 })
  }

  @Test(arguments: [45.0, 90, 400, 1000])
  func aWideRangeFindsItsEnds(pitch: Double) throws {
    for rate in [16_000, 44_100] {
      let track = try PYIN(sampleRate: rate, floor: 40, ceiling: 1100).track(Self.buzz(pitch, rate: rate))
      #expect(track.f0[20..<80].allSatisfy { abs(12 * log2($0 / pitch)) <= 0.2 }, "\(rate) Hz")
    }
  }

  /// Frames lie on whole samples; half-way the even number is taken, so that 22.05 and 44.1 kHz have the same times.
  @Test func framesLieOnSamples() throws {
    for (rate, hop, length) in [(8000, 40, 744), (16_000, 80, 1486), (22_050, 110, 2048), (44_100, 220, 4096)] {
      let pyin = PYIN(sampleRate: rate)
      #expect(pyin.hop == hop && pyin.frameLength == length)
      let track = try pyin.track(Waveform(samples: SignalGenerator.noise(rate / 4, seed: 3), sampleRate: rate))
      #expect(track.times == (0...rate / 4 / hop).map { Double($0 * hop) / Double(rate) })
    }
  }

  @Test func silenceIsUnvoiced() throws {
    let silence = Waveform(samples: [Double](repeating: 0, count: 16_000), sampleRate: 16_000)
    #expect(try PYIN(sampleRate: 16_000).track(silence).f0.allSatisfy { $0 == 0 })
  }

  /// Squares that are 0 or no number say nothing.
  @Test(arguments: [1e-300, -1e-300, 1e300, .infinity, .nan])
  func levelsBeyondReasonAreUnvoiced(level: Double) throws {
    let samples = SignalGenerator.noise(8000, seed: 5).map { $0 < 0 ? -level : level }
    let track = try PYIN(sampleRate: 16_000).track(Waveform(samples: samples, sampleRate: 16_000))
    #expect(track.f0.count == 101 && track.f0.allSatisfy { $0 == 0 })
  }

  @Test func levelDoesNotMatter() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 16_000, base: 110_000), rate: 16_000)
    let pyin = PYIN(sampleRate: 16_000)
    let f0 = try pyin.track(voice).f0
    for scale in [-1, 0x1p-40, 0x1p40] {
      #expect(try pyin.track(Waveform(samples: voice.samples.map { $0 * scale }, sampleRate: 16_000)).f0 == f0)
    }
  }

  /// What has no pitch at all still has a track within the range: a constant, a click, a square wave that clips.
  @Test func degenerateSignalsHaveATrack() throws {
    let count = 8000
    let click = (0..<count).map { $0 == 4000 ? 1.0 : 0 }
    let clipped = (0..<count).map { max(-1, min(1, 30 * sin(2 * .pi * 150 / 16_000 * Double($0)))) }
    for samples in [[Double](repeating: 0.5, count: count), click, clipped] {
      let f0 = try PYIN(sampleRate: 16_000).track(Waveform(samples: samples, sampleRate: 16_000)).f0
      #expect(f0.count == 101 && f0.allSatisfy { $0 == 0 || (71...800).contains($0) })
      if samples == clipped { #expect(f0[10..<90].allSatisfy { abs(12 * log2($0 / 150)) <= 0.1 }) }
    }
  }

  @Test func shortOrForeignRecordingsAreRefused() {
    let pyin = PYIN(sampleRate: 16_000)
    for count in [0, 1, 20] {
      let short = Waveform(samples: [Double](repeating: 0.1, count: count), sampleRate: 16_000)
      #expect(throws: AnalysisError.tooShort(samples: count, minimum: 21)) { try pyin.track(short) }
    }
    #expect(throws: AnalysisError.wrongSampleRate(8000, expected: 16_000)) {
      try pyin.track(Waveform(samples: [], sampleRate: 8000))
    }
  }

  @Test(arguments: [21, 22, 80, 320, 1485, 1487])
  func veryShortRecordingsHaveATrack(count: Int) throws {
    let waveform = Waveform(samples: SignalGenerator.noise(count, seed: 9), sampleRate: 16_000)
    #expect(try PYIN(sampleRate: 16_000).track(waveform).f0.count == count / 80 + 1)
  }

  @Test func sameInputSameBits() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 22_050, base: 150_000), rate: 22_050)
    let pyin = PYIN(sampleRate: 22_050)
    #expect(try pyin.track(voice) == pyin.track(voice))
    #expect(try pyin.track(voice) == PYIN(sampleRate: 22_050).track(voice))
  }

  /// Half a second of pulses with a first and a second difference, so that they have a shape.
  private static func buzz(_ pitch: Double, rate: Int) -> Waveform {
    let samples = (0..<rate / 2).map { n -> Double in
      let phase = (Double(n) * pitch / Double(rate)).truncatingRemainder(dividingBy: 1)
      return exp(-6 * phase) * sin(2 * .pi * 3 * phase)
    }
    return Waveform(samples: samples, sampleRate: rate)
  }
}
