// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

@Suite struct PitchTests {
  @Test func harvestIsWorldsOnIntegerVoices() throws {
    let golden: WorldGoldens.Pitch = try WorldGoldens.load("pitch")
    for signal in golden.signals {
      let pcm = IntegerVoice.pcm(rate: signal.rate, base: signal.base)
      try #require(WorldGoldens.fnv(pcm) == signal.fnv, "another voice than the oracle's")
      let track = try Harvest(sampleRate: signal.rate).track(IntegerVoice.waveform(pcm, rate: signal.rate))
      #expect(track.f0.count == signal.harvest.count)
      let wrong = WorldGoldens.disagreements(track.f0, signal.harvest, tolerance: golden.tolerance)
      #expect(wrong == 0, "\(signal.rate) Hz, \(signal.voice)")
    }
  }

  @Test func dioAndStoneMaskAreWorldsOnIntegerVoices() throws {
    let golden: WorldGoldens.Pitch = try WorldGoldens.load("pitch")
    for signal in golden.signals {
      let waveform = IntegerVoice.waveform(IntegerVoice.pcm(rate: signal.rate, base: signal.base), rate: signal.rate)
      let track = try DIO(sampleRate: signal.rate).track(waveform)
      let refined = StoneMask.refine(track, waveform)
      #expect(WorldGoldens.disagreements(track.f0, signal.dio, tolerance: golden.tolerance) == 0, "\(signal.rate) Hz")
      let wrong = WorldGoldens.disagreements(refined.f0, signal.stonemask, tolerance: golden.tolerance)
      #expect(wrong == 0, "\(signal.rate) Hz, \(signal.voice)")
    }
  }

  /// Natural clips, laid down by reference_audio/prepare. A frame in a thousand may differ: where two candidates score
  /// the same to the last digits, rounding decides.
  @Test func harvestIsWorldsOnNaturalClips() throws {
    let golden: WorldGoldens.NaturalPitch = try WorldGoldens.load("pitch-natural")
    var (frames, wrong) = (0, 0)
    for clip in golden.clips {
      let (pcm, rate) = try WorldGoldens.clip(clip.file)
      try #require(WorldGoldens.fnv(pcm) == clip.fnv, "\(clip.file) is another recording than the oracle's")
      let track = try Harvest(sampleRate: rate).track(IntegerVoice.waveform(pcm, rate: rate))
      #expect(track.f0.count == clip.harvest.count)
      frames += clip.harvest.count
      wrong += WorldGoldens.disagreements(track.f0, clip.harvest, tolerance: golden.tolerance)
    }
    #expect(wrong * 1000 <= frames, "\(wrong) of \(frames) frames")
  }

  @Test(arguments: [11_025, 32_000, 88_200, 96_000])
  func aSteadyBuzzHasItsPitchAtEveryRate(rate: Int) throws {
    let count = rate / 2
    var phase = 0.0
    let samples = (0..<count).map { _ -> Double in
      phase += 125.0 / Double(rate)
      guard phase >= 1 else { return 0 }
      phase -= 1
      return 0.5
    }
    let waveform = Waveform(samples: samples, sampleRate: rate)
    let harvest = try Harvest(sampleRate: rate).track(waveform)
    let dio = StoneMask.refine(try DIO(sampleRate: rate).track(waveform), waveform)
    for track in [harvest, dio] {
      #expect(track.f0.count == count * 200 / rate + 1)
      #expect(track.f0[20..<80].allSatisfy { abs($0 - 125) < 2 })
    }
  }

  @Test func silenceIsUnvoiced() throws {
    let silence = Waveform(samples: [Double](repeating: 0, count: 16000), sampleRate: 16000)
    #expect(try Harvest(sampleRate: 16000).track(silence).f0.allSatisfy { $0 == 0 })
    #expect(try DIO(sampleRate: 16000).track(silence).f0.allSatisfy { $0 == 0 })
  }

  @Test func shortOrForeignRecordingsAreRefused() throws {
    let short = Waveform(samples: [0.1, 0.2], sampleRate: 16000)
    #expect(throws: AnalysisError.tooShort(samples: 2, minimum: 16)) { try Harvest(sampleRate: 16000).track(short) }
    #expect(throws: AnalysisError.tooShort(samples: 2, minimum: 16)) { try DIO(sampleRate: 16000).track(short) }
    #expect(throws: AnalysisError.wrongSampleRate(16000, expected: 8000)) {
      try Harvest(sampleRate: 8000).track(short)
    }
  }

  @Test(arguments: [16, 17, 40, 100, 400])
  func veryShortRecordingsHaveATrack(count: Int) throws {
    let waveform = Waveform(samples: SignalGenerator.noise(count, seed: 9), sampleRate: 24000)
    #expect(try Harvest(sampleRate: 24000).track(waveform).f0.count == count / 120 + 1)
    #expect(try DIO(sampleRate: 24000).track(waveform).f0.count == count / 120 + 1)
  }

  @Test func sameInputSameBits() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 22050, base: 150_000), rate: 22050)
    let harvest = Harvest(sampleRate: 22050)
    #expect(try harvest.track(voice) == harvest.track(voice))
    #expect(try harvest.track(voice) == Harvest(sampleRate: 22050).track(voice))
  }

  @Test func theNearestFrameCounts() {
    let track = F0Track(times: [0.0213, 0.0263, 0.0313], f0: [100, 0, 120])
    let instants = (0...8).map { Double($0) * 0.005 }
    #expect(track.f0(at: instants) == [100, 100, 100, 100, 100, 0, 120, 120, 120])
    // Of two equally near ones the earlier.
    #expect(F0Track(times: [0, 1], f0: [5, 6]).f0(at: [0.5, 0.75]) == [5, 6])
    #expect(F0Track(times: [], f0: []).f0(at: [0, 1]) == [0, 0])
  }
}
