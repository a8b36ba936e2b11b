// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct SpectrumTests {
  @Test func cheapTrickIsWorldsOnIntegerVoices() throws {
    let golden: WorldGoldens.Envelopes = try WorldGoldens.load("cheaptrick")
    for signal in golden.signals {
      let pcm = IntegerVoice.pcm(rate: signal.rate, base: signal.base)
      try #require(WorldGoldens.fnv(pcm) == signal.fnv, "another voice than the oracle's")
      let waveform = IntegerVoice.waveform(pcm, rate: signal.rate)
      let track = try Harvest(sampleRate: signal.rate).track(waveform)
      let envelope = try CheapTrick(sampleRate: signal.rate).envelope(waveform, track)
      #expect(envelope.binCount == signal.bins)
      let mel = MelCepstrum(
        order: 24, alpha: MelCepstrum.alpha(sampleRate: signal.rate), binCount: envelope.binCount)
      let cepstra = mel.cepstra(envelope)
      let direct = try CheapTrick(sampleRate: signal.rate).melCepstra(waveform, track, mel)
      #expect(direct == cepstra)
      var error = (spectrum: 0.0, cepstrum: 0.0)
      for (i, frame) in signal.frames.enumerated() {
        for (j, expected) in signal.logPower[i].enumerated() {
          let ours = envelope.logPower[frame * signal.bins + j * signal.binStep]
          error.spectrum = max(error.spectrum, abs(ours - expected))
        }
        for (m, expected) in signal.melCepstrum[i].enumerated() {
          error.cepstrum = max(error.cepstrum, abs(cepstra[frame * 25 + m] - expected))
        }
      }
      #expect(error.spectrum < golden.tolerance, "\(signal.rate) Hz, \(signal.voice)")
      #expect(error.cepstrum < golden.tolerance, "\(signal.rate) Hz, \(signal.voice)")
    }
  }

  @Test func silenceHasTheNoisesSpectrum() throws {
    let silence = Waveform(samples: [Double](repeating: 0, count: 1600), sampleRate: 16000)
    let track = F0Track(times: [0, 0.05, 0.1], f0: [0, 0, 0])
    let envelope = try CheapTrick(sampleRate: 16000).envelope(silence, track)
    // 1e-24 of power under the waveform is far below the 2e-16 under the spectrum.
    #expect(envelope.logPower.allSatisfy { $0 > -45 && $0 < -33 })
  }

  @Test func melCepstrumIsPysptks() throws {
    let golden: WorldGoldens.MelCepstra = try WorldGoldens.load("melcepstrum")
    for spectrum in golden.spectra {
      let power = IntegerVoice.spectrum(bins: spectrum.bins, seed: spectrum.seed)
      let mel = MelCepstrum(order: spectrum.order, alpha: spectrum.alpha, binCount: spectrum.bins)
      let cepstrum = mel.cepstra(logPower: power.map { log($0) }, frameCount: 1)
      #expect(distance(cepstrum, spectrum.sp2mc) < golden.tolerance)
    }
  }

  @Test func alphaIsPysptks() throws {
    let golden: WorldGoldens.MelCepstra = try WorldGoldens.load("melcepstrum")
    for row in golden.alphas { #expect(MelCepstrum.alpha(sampleRate: row.rate) == row.alpha) }
  }

  @Test func unbiasedEstimatesArePysptks() throws {
    let golden: WorldGoldens.MelCepstra = try WorldGoldens.load("melcepstrum")
    for spectrum in golden.spectra {
      let power = IntegerVoice.spectrum(bins: spectrum.bins, seed: spectrum.seed)
      func analysis(_ iterations: ClosedRange<Int>, _ floor: MelCepstralAnalysis.Floor) -> MelCepstralAnalysis {
        MelCepstralAnalysis(
          order: spectrum.order, alpha: spectrum.alpha, fftLength: 2 * (spectrum.bins - 1), iterations: iterations,
          floor: floor)
      }
      #expect(distance(try analysis(0...0, .none).cepstrum(amplitude: power), spectrum.amplitude) < golden.tolerance)
      #expect(distance(try analysis(2...30, .none).cepstrum(power: power), spectrum.power) < golden.tolerance)
      let floored = try analysis(2...30, .relative(decibels: -20)).cepstrum(power: power)
      #expect(distance(floored, spectrum.floored) < golden.tolerance)
    }
    for frame in golden.frames {
      let pcm = IntegerVoice.pcm(rate: frame.rate, base: frame.base)[frame.start..<frame.start + 1024]
      let windowed = pcm.enumerated().map { Double($1) * (0.54 - 0.46 * cos(2 * .pi * Double($0) / 1023)) }
      let analysis = MelCepstralAnalysis(
        order: frame.order, alpha: frame.alpha, fftLength: 1024, floor: .added(1e-6))
      #expect(distance(try analysis.cepstrum(frame: windowed), frame.mcep) < golden.tolerance)
    }
  }

  @Test func zeroPowerIsRefused() {
    let analysis = MelCepstralAnalysis(order: 4, alpha: 0.3, fftLength: 64)
    #expect(throws: MelCepstralAnalysis.Failure.zeroPower(bin: 0)) {
      try analysis.cepstrum(power: [Double](repeating: 0, count: 33))
    }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }
}
