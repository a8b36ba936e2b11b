// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct KaldiPitchTests {
  /// The file that Tests/Oracles/kaldi_pitch_oracle.py writes.
  private struct Golden: Decodable {
    struct Voice: Decodable {
      let rate: Int
      let voice: String
      let base: Int
      let fnv: String
      let pitch: [Double]
      let nccf: [Double]
    }
    struct Edge: Decodable {
      let rate: Int
      let base: Int
      let count: Int
      let loud: Int
      let floor: Double
      let ceiling: Double
      let fnv: String
      let pitch: [Double]
      let nccf: [Double]
    }
    struct Clip: Decodable {
      let file: String
      let rate: Int
      let fnv: String
      let pitch: [Double]
      let nccf: [Double]
    }
    let voices: [Voice]
    let edges: [Edge]
    let clips: [Clip]
    /// By torchaudio, of 5 ms less.
    let torchaudio: [Voice]
  }

  /// How many frames of a contour are another than the oracle's.
  private struct Score {
    var frames = 0
    /// Pitch by more than 0.5 %.
    var offByHalfAPercent = 0
    /// Pitch by more than single precision makes of the same state.
    var otherStates = 0
    /// NCCF by more than its sums in single precision, where the state is the same.
    var otherCorrelations = 0
    /// Voicing by the decision on p.
    var otherVoicing = 0

    mutating func add(_ ours: KaldiPitch.Contour, pitch: [Double], nccf: [Double]) {
      #expect(ours.pitch.count == pitch.count && ours.nccf.count == nccf.count && ours.times.count == pitch.count)
      for i in 0..<min(ours.pitch.count, pitch.count) {
        frames += 1
        let off = abs(ours.pitch[i] / pitch[i] - 1)
        if off > 0.005 { offByHalfAPercent += 1 }
        if off > 1e-7 { otherStates += 1 }
        if off <= 1e-7 && abs(ours.nccf[i] - nccf[i]) > 5e-6 { otherCorrelations += 1 }
        let decisions = [ours.nccf[i], nccf[i]].map { KaldiPitch.probabilityOfVoicing(nccf: $0) >= 0.5 }
        if decisions[0] != decisions[1] { otherVoicing += 1 }
      }
    }
  }

  @Test func contoursAreKaldisOnIntegerVoices() throws {
    let golden: Golden = try WorldGoldens.load("pitch-kaldi")
    var all = Score()
    for signal in golden.voices {
      let pcm = IntegerVoice.pcm(rate: signal.rate, base: signal.base)
      try #require(WorldGoldens.fnv(pcm) == signal.fnv, "another voice than the oracle's")
      var score = Score()
      let contour = try KaldiPitch(sampleRate: signal.rate).contour(IntegerVoice.waveform(pcm, rate: signal.rate))
      score.add(contour, pitch: signal.pitch, nccf: signal.nccf)
      all.add(contour, pitch: signal.pitch, nccf: signal.nccf)
      #expect(score.offByHalfAPercent * 100 <= score.frames, "\(signal.rate) Hz, \(signal.voice): \(score)")
    }
    #expect(all.otherStates == 0 && all.otherCorrelations == 0 && all.otherVoicing == 0, "\(all)")
  }

  /// Short ones with a loud end, for which Kaldi corrects its first idea of the power, and other ranges.
  @Test func contoursAreKaldisAtTheEdges() throws {
    let golden: Golden = try WorldGoldens.load("pitch-kaldi")
    var all = Score()
    for edge in golden.edges {
      var pcm = Array(IntegerVoice.pcm(rate: edge.rate, base: edge.base).prefix(edge.count))
      if edge.loud > 0 { pcm = pcm.map { $0 >> 3 } }
      for i in pcm.indices.suffix(edge.loud) { pcm[i] = 30_000 }
      try #require(WorldGoldens.fnv(pcm) == edge.fnv, "another voice than the oracle's")
      let tracker = KaldiPitch(sampleRate: edge.rate, floor: edge.floor, ceiling: edge.ceiling)
      let contour = try tracker.contour(IntegerVoice.waveform(pcm, rate: edge.rate))
      all.add(contour, pitch: edge.pitch, nccf: edge.nccf)
    }
    #expect(all.otherStates == 0 && all.otherCorrelations == 0 && all.otherVoicing == 0, "\(all)")
  }

  /// torchaudio's copy of Kaldi's code chooses other paths, by a mistake that `sharesCosts` makes, too.
  @Test func contoursAreTorchaudiosWithItsMistake() throws {
    let golden: Golden = try WorldGoldens.load("pitch-kaldi")
    var (all, right) = (Score(), Score())
    for signal in golden.torchaudio {
      let pcm = Array(IntegerVoice.pcm(rate: signal.rate, base: signal.base).prefix(signal.rate * 199 / 200))
      try #require(WorldGoldens.fnv(pcm) == signal.fnv, "another voice than the oracle's")
      let waveform = IntegerVoice.waveform(pcm, rate: signal.rate)
      let contour = try KaldiPitch(sampleRate: signal.rate, sharesCosts: true).contour(waveform)
      all.add(contour, pitch: signal.pitch, nccf: signal.nccf)
      right.add(try KaldiPitch(sampleRate: signal.rate).contour(waveform), pitch: signal.pitch, nccf: signal.nccf)
    }
    #expect(all.offByHalfAPercent * 100 <= all.frames, "\(all)")
    #expect(all.otherStates == 0 && all.otherCorrelations == 0 && all.otherVoicing == 0, "\(all)")
    // Were torchaudio right, there would be no need of the mistake.
    #expect(right.otherStates * 2 > right.frames, "\(right)")
  }

  /// Natural clips, laid down by reference_audio/prepare.
  @Test func contoursAreKaldisOnNaturalClips() throws {
    let golden: Golden = try WorldGoldens.load("pitch-kaldi")
    var all = Score()
    for clip in golden.clips {
      let (pcm, rate) = try WorldGoldens.clip(clip.file)
      try #require(WorldGoldens.fnv(pcm) == clip.fnv, "\(clip.file) is another recording than the oracle's")
      let contour = try KaldiPitch(sampleRate: rate).contour(IntegerVoice.waveform(pcm, rate: rate))
      all.add(contour, pitch: clip.pitch, nccf: clip.nccf)
    }
    #expect(all.offByHalfAPercent * 100 <= all.frames, "\(all)")
    #expect(all.otherStates == 0 && all.otherCorrelations == 0 && all.otherVoicing == 0, "\(all)")
  }

  /// The log-odds at both ends by hand, and where they change sign.
  @Test func theProbabilityOfVoicingIsThePapers() {
    let pairs = [(0.0, -5.2 + 5.4 * 5.530844e-4 - 2), (0.5, -2.686289), (1.0, -5.2 + 5.4 + 4.8 - 2 * 4.53999e-5 + 4.2)]
    for (nccf, logOdds) in pairs {
      let p = KaldiPitch.probabilityOfVoicing(nccf: nccf)
      #expect(abs(log(p / (1 - p)) - logOdds) < 1e-6)
    }
    #expect(KaldiPitch.probabilityOfVoicing(nccf: -0.7) == KaldiPitch.probabilityOfVoicing(nccf: 0.7))
    #expect(KaldiPitch.probabilityOfVoicing(nccf: 1.01) == KaldiPitch.probabilityOfVoicing(nccf: 1))
    #expect(KaldiPitch.probabilityOfVoicing(nccf: 0.8050) < 0.5)
    #expect(KaldiPitch.probabilityOfVoicing(nccf: 0.8051) > 0.5)
  }

  @Test func theTrackIsTheContourWhereVoiced() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 16000, base: 150_000), rate: 16000)
    let tracker = KaldiPitch(sampleRate: 16000)
    let (track, contour) = (try tracker.track(voice), try tracker.contour(voice))
    #expect(track.times == contour.times && track.f0.count == contour.pitch.count)
    for (i, f0) in track.f0.enumerated() {
      #expect(f0 == (KaldiPitch.probabilityOfVoicing(nccf: contour.nccf[i]) >= 0.5 ? contour.pitch[i] : 0))
    }
    // 300 of 440 ms are a buzz.
    let voiced = track.f0.count { $0 > 0 }
    #expect(voiced * 100 > 50 * track.f0.count && voiced * 100 < 85 * track.f0.count, "\(voiced) of \(track.f0.count)")
  }

  @Test(arguments: [8000, 11_025, 32_000, 48_000, 88_200, 96_000])
  func aSteadyBuzzHasItsPitchAtEveryRate(rate: Int) throws {
    let track = try KaldiPitch(sampleRate: rate).track(PitchSignals.buzz(125, rate: rate))
    #expect(track.f0.count == (500 - 25) / 5 + 1)
    #expect(abs(track.times[0] - 0.0125) < 1e-12 && abs(track.times[40] - 0.2125) < 1e-12)
    #expect(track.f0[2..<90].allSatisfy { abs($0 - 125) < 1 }, "\(track.f0)")
  }

  @Test(arguments: [45.0, 60, 300, 700, 1050])
  func theRangeReachesFrom40To1100(pitch: Double) throws {
    let tracker = KaldiPitch(sampleRate: 24_000, floor: 40, ceiling: 1100)
    let track = try tracker.track(PitchSignals.buzz(pitch, rate: 24_000))
    #expect(track.f0[5..<80].allSatisfy { abs($0 / pitch - 1) < 0.01 }, "\(track.f0[5..<80])")
  }

  @Test func theFramePeriodIsRoundedDownToWholeSamples() throws {
    let buzz = PitchSignals.buzz(200, rate: 16_000)
    let contour = try KaldiPitch(sampleRate: 16_000, framePeriod: 0.0101).contour(buzz)
    #expect(abs(contour.times[10] - contour.times[0] - 0.1) < 1e-12)
    #expect(contour.times.count == (500 - 25) / 10 + 1)
  }

  @Test func sameInputSameBits() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 22_050, base: 150_000), rate: 22_050)
    let tracker = KaldiPitch(sampleRate: 22_050)
    #expect(try tracker.contour(voice) == tracker.contour(voice))
    #expect(try tracker.contour(voice) == KaldiPitch(sampleRate: 22_050).contour(voice))
  }
}

enum PitchSignals {
  /// Half a second of pulses.
  static func buzz(_ pitch: Double, rate: Int) -> Waveform {
    var phase = 0.0
    let samples = (0..<rate / 2).map { _ -> Double in
      phase += pitch / Double(rate)
      guard phase >= 1 else { return 0 }
      phase -= 1
      return 0.5
    }
    return Waveform(samples: samples, sampleRate: rate)
  }
}
