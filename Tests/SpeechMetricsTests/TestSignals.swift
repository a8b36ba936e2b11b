// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechMetrics
import SpeechSignal

extension PairAnalysis {
  /// A pair that is compared as it is, at the reference's rate.
  static func inStep(_ reference: Waveform, _ synthesis: Waveform) -> PairAnalysis {
    PairAnalysis(
      reference: SignalAnalysis(source: reference, resample: Resampler.convert),
      synthesis: SignalAnalysis(source: synthesis, resample: Resampler.convert),
      analysisRate: reference.sampleRate, alignment: .none)
  }

  /// The same for samples at one rate.
  static func inStep(_ reference: [Double], _ synthesis: [Double], sampleRate: Int = 16_000) -> PairAnalysis {
    .inStep(
      Waveform(samples: reference, sampleRate: sampleRate), Waveform(samples: synthesis, sampleRate: sampleRate))
  }
}

extension SpeechMetrics.Measurement {
  /// The number, or nil when there is none.
  var number: Double? { if case .value(let number) = self { number } else { nil } }
}

/// Signals with known properties, the same on every machine.
enum TestSignal {
  /// White noise, uniform in ±1.
  static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 11) / Double(1 << 52)
    }
  }

  /// Noise that swells and fades four times a second, under a tone of 200 Hz and its overtones: enough like speech for
  /// every metric to have an opinion.
  static func speechLike(seconds: Double, sampleRate: Int = 16_000, seed: UInt64 = 1) -> [Double] {
    let breath = noise(Int(seconds * Double(sampleRate)), seed: seed)
    return breath.indices.map { n in
      let t = Double(n) / Double(sampleRate)
      let buzz = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 200 * Double($1) * t) / Double($1) }
      return (0.02 + pow(sin(.pi * 4 * t), 2)) * (0.2 * buzz + 0.1 * breath[n])
    }
  }

  /// A signal with noise of that amplitude.
  static func noisy(_ signal: [Double], _ amplitude: Double, seed: UInt64 = 9) -> [Double] {
    zip(signal, noise(signal.count, seed: seed)).map { $0 + amplitude * $1 }
  }
}
