// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Provenance
import SpeechSignal
import Testing

/// Resamplers of known faults under the meter.
struct HealthResamplerTests {
  static let rates = ResamplerMeter.usualRates + [(24_000, 16_000), (48_000, 24_000), (8000, 16_000), (16_000, 8000)]

  /// A straight line between neighbours, written a second time.
  private static func line(_ x: Waveform, to rate: Int) -> Waveform {
    let count = x.samples.count * rate / x.sampleRate
    return Waveform(
      samples: (0..<count).map { m in
        let (left, rest) = (m * x.sampleRate).quotientAndRemainder(dividingBy: rate)
        let next = left + 1 < x.samples.count ? x.samples[left + 1] : x.samples[left]
        return x.samples[left] + (next - x.samples[left]) * Double(rest) / Double(rate)
      }, sampleRate: rate)
  }

  /// The last sample held.
  private static func held(_ x: Waveform, to rate: Int) -> Waveform {
    let count = x.samples.count * rate / x.sampleRate
    return Waveform(samples: (0..<count).map { x.samples[$0 * x.sampleRate / rate] }, sampleRate: rate)
  }

  /// A windowed sinc of so many zero crossings to a side, its cut at `rolloff` of the edge: 6 and 0.99 are torchaudio's.
  private static func sinc(_ x: Waveform, to rate: Int, width: Double = 6, rolloff: Double = 0.99) -> Waveform {
    let base = rolloff * Double(min(x.sampleRate, rate))
    let reach = width * Double(x.sampleRate) / base
    let count = x.samples.count * rate / x.sampleRate
    return Waveform(
      samples: (0..<count).map { m in
        let time = Double(m) / Double(rate)
        let centre = time * Double(x.sampleRate)
        var sum = 0.0
        for i in max(0, Int(centre - reach))...min(x.samples.count - 1, Int(centre + reach) + 1) {
          let u = (Double(i) / Double(x.sampleRate) - time) * base
          guard abs(u) < width else { continue }
          sum += x.samples[i] * (u == 0 ? 1 : sin(.pi * u) / (.pi * u)) * pow(cos(u * .pi / width / 2), 2)
        }
        return sum * base / Double(x.sampleRate)
      }, sampleRate: rate)
  }

  private static func sixteenBits(_ x: Waveform) -> Waveform {
    Waveform(samples: x.samples.map { ($0 * 32768).rounded() / 32768 }, sampleRate: x.sampleRate)
  }

  private static func check(_ from: Int, _ to: Int, _ resample: (Waveform, Int) -> Waveform) -> HealthCheck {
    let probe = ResamplerMeter.probe(sampleRate: from)
    return ResamplerMeter.check(input: probe, output: resample(probe, to))
  }

  @Test func oursIsGood() {
    let checks = ResamplerMeter.ownChecks()
    #expect(checks.count == 5)
    for check in checks {
      #expect(check.outcome == .passed && check.advice == nil, "\(check)")
      #expect(check.found.contains("rejection over 140 dB") && check.found.contains("delay 0.00 samples"), "\(check)")
    }
  }

  @Test(arguments: rates) func aGoodOneInSixteenBits(_ from: Int, _ to: Int) {
    let check = Self.check(from, to) { Self.sixteenBits(Resampler.convert(Self.sixteenBits($0), to: $1)) }
    #expect(check.outcome == .passed && check.found.contains("Hz: good;"), "\(check)")
  }

  @Test(arguments: rates) func aLineIsNamed(_ from: Int, _ to: Int) {
    let check = Self.check(from, to) { Self.sixteenBits(Self.line($0, to: $1)) }
    let name = from % to == 0 ? "no anti-alias filter" : "linear interpolation"
    #expect(check.outcome == .failed && check.advice != nil && check.found.contains("Hz: \(name);"), "\(check)")
  }

  @Test(arguments: rates) func aHeldSampleIsNamed(_ from: Int, _ to: Int) {
    let check = Self.check(from, to) { Self.held($0, to: $1) }
    let name = from % to == 0 ? "no anti-alias filter" : "the nearest sample taken, without interpolation"
    #expect(check.outcome == .failed && check.found.contains("Hz: \(name);"), "\(check)")
  }

  /// Interpolation done well, from which nothing was taken away first.
  @Test func aMissingFilterIsNamed() {
    let check = Self.check(48_000, 22_050) { x, to in
      let dense = Resampler.convert(x, to: 22_050 * 3)
      return Waveform(
        samples: stride(from: 0, to: dense.samples.count, by: 3).map { dense.samples[$0] }, sampleRate: to)
    }
    #expect(check.outcome == .failed && check.found.contains("Hz: no anti-alias filter;"), "\(check)")
  }

  /// The beginning of the sweep lies below the new half rate, where nothing has to be taken away.
  @Test(arguments: [0.2, 0.35, 0.5, 0.9]) func aPartOfTheProbeShowsNothing(_ part: Double) {
    let check = Self.check(48_000, 16_000) { x, to in
      let picked = stride(from: 0, to: x.samples.count, by: 3).map { x.samples[$0] }
      return Waveform(samples: Array(picked.prefix(Int(part * Double(picked.count)))), sampleRate: to)
    }
    #expect(check.outcome == .failed, "\(check)")
  }

  /// Silence before it makes up for the length, and not for what was cut off.
  @Test func aLateAndCutProbeShowsNothing() {
    let check = Self.check(48_000, 16_000) { x, to in
      let picked = stride(from: 0, to: x.samples.count, by: 3).map { x.samples[$0] }
      return Waveform(samples: Array(([Double](repeating: 0, count: 22_000) + picked).prefix(32_000)), sampleRate: to)
    }
    #expect(check.outcome == .failed, "\(check)")
  }

  /// A poor filter does no harm where it is not heard.
  @Test func aDeepToneDoesNotJudge() {
    let tones = Waveform(
      samples: (0..<72_000).map { 0.2 * (sin(Double($0) * 0.0524) + sin(Double($0) * 0.0916)) }, sampleRate: 24_000)
    let check = ResamplerMeter.check(input: tones, output: Self.sinc(tones, to: 16_000, width: 2))
    #expect(check.outcome == .skipped && check.found.contains("Hz only"), "\(check)")
  }

  @Test func softAndPoorFiltersAreTold() {
    let soft = Self.check(24_000, 16_000) { Self.sinc($0, to: $1) }
    #expect(
      soft.outcome == .passed && soft.advice != nil && soft.found.contains("usable, soft near the edge"), "\(soft)")
    #expect(soft.found.contains("rejection 44.0 dB up to 0.75") && soft.found.contains("2.361 dB"), "\(soft)")
    let poor = Self.check(24_000, 16_000) { Self.sinc($0, to: $1, width: 2) }
    #expect(poor.outcome == .failed && poor.found.contains("a poor filter"), "\(poor)")
    let long = Self.check(24_000, 16_000) { Self.sinc($0, to: $1, width: 64, rolloff: 0.9476) }
    #expect(long.outcome == .passed && long.found.contains("Hz: good;"), "\(long)")
    // Ours has to be good.
    #expect(ResamplerMeter.ownChecks { Self.sinc($0, to: $1) }.allSatisfy { $0.outcome == .failed })
  }

  /// The droop of a line is sinc², where images do not fall back onto the tone.
  @Test func levelsAreThoseOfTheory() throws {
    let probe = ResamplerMeter.probe(sampleRate: 22_050)
    let measured = try #require(ResamplerMeasurement(sweep: probe, output: Self.line(probe, to: 24_000)))
    func theory(_ hertz: Double) -> Double {
      let x = .pi * hertz / 22_050
      return 40 * log10(abs(sin(x) / x))
    }
    for level in measured.passBand where level.hertz < 0.9 * measured.edge {
      // Every 975 Hz an image crosses the tone and beats with it.
      let crossing = abs(level.hertz - (level.hertz / 975).rounded() * 975) < 400
      #expect(abs(level.decibels + measured.gain - theory(level.hertz)) < (crossing ? 0.15 : 0.01), "\(level)")
    }
    // The first image meets its own mirror at 12 kHz, where it is not measured.
    for level in measured.images where level.hertz > 3000 && level.hertz < 9700 {
      #expect(abs(level.decibels + measured.gain - theory(22_050 - level.hertz)) < 0.6, "\(level)")
    }
  }

  @Test func delayGainAndSign() throws {
    let probe = ResamplerMeter.probe(sampleRate: 24_000)
    let good = Resampler.convert(probe, to: 16_000)
    let late = Waveform(samples: [Double](repeating: 0, count: 59) + good.samples.map { -0.5 * $0 }, sampleRate: 16_000)
    let measured = try #require(ResamplerMeasurement(sweep: probe, output: late))
    #expect(abs(measured.delaySamples - 59) < 1e-3 && measured.isInverted && abs(measured.gain + 6.0206) < 1e-3)
    let check = ResamplerMeter.check(input: probe, output: late)
    #expect(check.outcome == .failed && check.found.contains("(3.688 ms), gain -6.02 dB, sign turned"), "\(check)")
    // Holding is half a sample late, early cuts are negative.
    let up = ResamplerMeter.probe(sampleRate: 22_050)
    let held = try #require(ResamplerMeasurement(sweep: up, output: Self.held(up, to: 24_000)))
    #expect(abs(held.delaySamples - 0.5 * 24_000 / 22_050) < 0.01)
    let early = Waveform(samples: Array(good.samples.dropFirst(7)), sampleRate: 16_000)
    #expect(abs(try #require(ResamplerMeasurement(sweep: probe, output: early)).delaySamples + 7) < 1e-3)
    // A delay is told, and no fault.
    let delayed = Waveform(samples: [0, 0, 0] + good.samples, sampleRate: 16_000)
    let told = ResamplerMeter.check(input: probe, output: delayed)
    #expect(told.outcome == .passed && told.found.contains("delay 3.00 samples"), "\(told)")
  }

  @Test func whatIsNotTheProbe() {
    let probe = ResamplerMeter.probe(sampleRate: 24_000)
    #expect(ResamplerMeter.isProbe(probe) && ResamplerMeter.isProbe(Self.sixteenBits(probe)))
    #expect(!ResamplerMeter.isProbe(KnownVoice.reference))
    #expect(!ResamplerMeter.isProbe(Waveform(samples: probe.samples.map { 0.9 * $0 }, sampleRate: 24_000)))
    let silent = Waveform(samples: [Double](repeating: 0, count: 32_000), sampleRate: 16_000)
    for other in [silent, KnownVoice.reference, Waveform(samples: [0.5], sampleRate: 16_000)] {
      let check = ResamplerMeter.check(input: probe, output: other)
      #expect(check.outcome == .failed && check.found.contains("the probe is not found"), "\(check)")
    }
    #expect(ResamplerMeter.check(input: probe, output: probe).outcome == .skipped)
  }

  @Test(arguments: [(16_000, 48_000), (16_000, 22_050), (16_000, 8000), (16_000, 11_025)])
  func speechTellsSomething(_ from: Int, _ to: Int) {
    let voice = KnownVoice.reference
    func found(_ output: Waveform) -> HealthCheck {
      ResamplerMeter.check(input: voice, output: Self.sixteenBits(output))
    }
    let good = found(Resampler.convert(voice, to: to))
    #expect(good.outcome == .passed && good.found.contains("a recording, not the probe"), "\(good)")
    let line = found(Self.line(voice, to: to))
    #expect(
      line.outcome == .failed
        && line.found.contains(from % to == 0 ? "no anti-alias filter" : "linear interpolation"), "\(line)")
    let held = found(Self.held(voice, to: to))
    #expect(held.outcome == .failed, "\(held)")
    let quiet = found(Waveform(samples: Resampler.convert(voice, to: to).samples.map { $0 / 2 }, sampleRate: to))
    #expect(quiet.outcome == .failed && quiet.found.contains("gain -6.02 dB"), "\(quiet)")
    let other = found(Resampler.convert(Waveform(samples: voice.samples.reversed(), sampleRate: from), to: to))
    #expect(other.outcome == .skipped && other.advice != nil, "\(other)")
    let short = found(Waveform(samples: Array(Resampler.convert(voice, to: to).samples.prefix(4000)), sampleRate: to))
    #expect(short.outcome == .skipped, "\(short)")
  }

  @Test func aPythonsResampler() throws {
    let machine = try FakeMachine()
    let probe = PythonProbe.Input().resampled
    let (input, output) = ("\(machine.folder)/in.wav", "\(machine.folder)/out.wav")
    try AudioFile.write(probe, to: input, as: .float32)
    func check(_ made: Waveform) throws -> HealthCheck {
      try AudioFile.write(made, to: output, as: .float32)
      return PythonProbe.Resampling(
        input: input, output: output, inputRate: 24_000, outputRate: 16_000, frames: made.samples.count
      ).check
    }
    #expect(try check(Resampler.convert(probe, to: 16_000)).outcome == .passed)
    let line = try check(Self.line(probe, to: 16_000))
    #expect(
      line.name == "torchaudio-resample" && line.outcome == .failed && line.found.contains("linear interpolation"))
    #expect(try check(Resampler.convert(probe, to: 22_050)).found == "22050 Hz, not 16000")
    try FileManager.default.removeItem(atPath: output)
    let gone = PythonProbe.Resampling(input: input, output: output, inputRate: 24_000, outputRate: 16_000, frames: 0)
      .check
    #expect(gone.outcome == .failed && gone.found.contains("no such file"), "\(gone)")
  }
}
