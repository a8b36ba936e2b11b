// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

@Suite struct KaldiPitchLimitsTests {
  private let tracker = KaldiPitch(sampleRate: 16_000)

  private func contour(_ samples: [Double]) throws -> KaldiPitch.Contour {
    let contour = try tracker.contour(Waveform(samples: samples, sampleRate: 16_000))
    #expect(contour.pitch.allSatisfy { $0 >= 71 && $0 <= 800.001 })
    #expect(contour.nccf.allSatisfy { $0.isFinite && abs($0) < 1.1 })
    return contour
  }

  private func isUnvoiced(_ samples: [Double]) throws -> Bool {
    _ = try contour(samples)
    return try tracker.track(Waveform(samples: samples, sampleRate: 16_000)).f0.allSatisfy { $0 == 0 }
  }

  @Test func silenceIsUnvoiced() throws {
    #expect(try isUnvoiced([Double](repeating: 0, count: 8000)))
    #expect(try contour([Double](repeating: 0, count: 8000)).nccf.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [0.25, -1.0, 0.1, 1e-300])
  func aConstantIsUnvoicedButWhereItBegins(level: Double) throws {
    let contour = try contour([Double](repeating: level, count: 8000))
    // The filter rounds the step's corner and the windows of the last frames run into the zeros behind.
    #expect(contour.nccf[3..<90].allSatisfy { $0 == 0 }, "\(contour.nccf)")
  }

  @Test func aLoneClickIsUnvoiced() throws {
    var samples = [Double](repeating: 0, count: 8000)
    samples[4000] = 1
    #expect(try isUnvoiced(samples))
    // The last sample alone: what is found only in Kaldi's second go, with another power.
    samples[4000] = 0
    samples[7999] = 1
    _ = try contour(samples)
  }

  @Test func levelDoesNotMatter() throws {
    let voice = IntegerVoice.pcm(rate: 16_000, base: 150_000).map(Double.init)
    let expected = try contour(voice)
    for exponent in [-1000, -300, -15, 200, 1000] {
      let gain = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(try contour(voice.map { $0 * gain }) == expected, "2^\(exponent)")
    }
  }

  @Test func extremesDoNotTrap() throws {
    let tiny = (0..<8000).map { $0 % 80 < 40 ? 1e-300 : -1e-300 }
    _ = try contour(tiny)
    _ = try contour((0..<8000).map { $0 % 2 == 0 ? Double.leastNonzeroMagnitude : 0 })
    _ = try contour((0..<8000).map { $0 % 2 == 0 ? Double.greatestFiniteMagnitude : -Double.greatestFiniteMagnitude })
    let clipped = IntegerVoice.pcm(rate: 16_000, base: 150_000).map { max(-1, min(1, Double($0) / 500)) }
    _ = try contour(clipped)
    for value in [Double.nan, .infinity] {
      var samples = clipped
      samples[5000] = value
      #expect(try tracker.track(Waveform(samples: samples, sampleRate: 16_000)).f0.count == 196)
    }
  }

  @Test func underAWindowNothingCanBeSaid() throws {
    for count in [0, 1, 320, 396] {
      let short = Waveform(samples: [Double](repeating: 0.1, count: count), sampleRate: 16_000)
      #expect(throws: AnalysisError.tooShort(samples: count, minimum: 397)) { try tracker.track(short) }
    }
    #expect(throws: AnalysisError.wrongSampleRate(8000, expected: 16_000)) {
      try tracker.track(Waveform(samples: [0], sampleRate: 8000))
    }
  }

  @Test(arguments: [8000, 11_025, 16_000, 44_100, 96_000])
  func aWindowGivesOneFrame(rate: Int) throws {
    let tracker = KaldiPitch(sampleRate: rate)
    let minimum = 99 * rate / 4000 + 1
    for count in [minimum, minimum + 1] {
      let noise = Waveform(samples: SignalGenerator.noise(count, seed: 9), sampleRate: rate)
      #expect(try tracker.contour(noise).times == [0.0125])
    }
    let short = Waveform(samples: SignalGenerator.noise(minimum - 1, seed: 9), sampleRate: rate)
    #expect(throws: AnalysisError.tooShort(samples: minimum - 1, minimum: minimum)) { try tracker.contour(short) }
  }
}
