// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// F0 errors by other tools' recipes (``ToolAnalysis`` has their frames). With f and f̂ the F0 of paired frames in Hz:
//   - espnet, `f0-rmse-log`: √ mean of (ln f̂ − ln f)² over those pairs of the cheapest path through all mel-cepstra
//     (c₀ … c_M) in which both are voiced; 0.01 is 17 cents;
//   - versa, `f0-rmse-hz` and `f0-corr`: of either side only the voiced frames, paired by the cheapest path through their
//     mel-cepstra; √ mean of (f̂ − f)², and Pearson's correlation of f and f̂. No voicing error shows;
//   - versa-plain: all frames by number up to the end of the shorter; an unvoiced frame counts as 0 Hz, so that every
//     voicing error is one of F0's whole height, and agreement on voicing alone makes most of the correlation.
// The path is exact where the tools call `fastdtw`.
//
// Departure: with fewer than ten pairs voiced on both sides there is no score, as for our own (``F0Comparison``).

/// An F0 error by the recipe of another tool.
struct PresetF0: Metric {
  /// What the metric is.
  let info: MetricInfo
  private let preset: Preset
  private let figure: Figure

  /// What is made of two contours.
  enum Figure {
    /// √ mean (ln f̂ − ln f)².
    case rmseLog
    /// √ mean (f̂ − f)².
    case rmseHertz
    /// Pearson's correlation.
    case correlation
  }

  /// - Parameters:
  ///   - preset: the tool, one that compares F0.
  ///   - figure: one that this tool computes.
  init(_ preset: Preset, _ figure: Figure) {
    self.preset = preset
    self.figure = figure
    let (ours, about) = Self.kind(figure)
    info = MetricInfo(
      id: ours.id, revision: 1, name: "\(ours.name), \(preset.name)", summary: about + preset.pairing,
      scale: ours.scale,
      input: .init(rate: preset.rate, timing: .own, minimumSeconds: PresetFrames.minimumSeconds),
      recipe: ["preset:\(preset.name)"] + preset.pitchRecipe + ["voiced:both>=\(F0Comparison.minimum)"],
      citations: preset.citations, isDefault: false)
  }

  private static func kind(_ figure: Figure) -> (
    ours: (id: String, name: String, scale: MetricInfo.Scale), about: String
  ) {
    switch figure {
    case .rmseLog:
      let scale = MetricInfo.Scale(
        unit: "", range: 0 ... .infinity, better: .lower, tolerance: 0.003,
        toleranceReason: "5 cents: \(F0Metric.rmseCents.info.scale.toleranceReason)", decimals: 4)
      return (("f0-rmse-log", "F0 error, natural logarithm", scale), "Of 0.01, 17 cents; ")
    case .rmseHertz:
      let info = F0Metric.rmseHertz.info
      return ((info.id, info.name, info.scale), "In Hz, so that high voices weigh more than low ones; ")
    case .correlation:
      let info = F0Metric.correlation.info
      return ((info.id, info.name, info.scale), "Of Hz and not of their logarithm; ")
    }
  }

  /// Scores the whole of both files.
  /// - Returns: undefined for a silent file, for too few voiced frames, for a contour that does not vary where it must, and
  ///   in `versa-plain` for files of unlike length.
  /// - Throws: `unsupportedRate` where the tool has no parameters for the run's rate.
  func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let analysis: ToolAnalysis = preset == .espnet ? .espnetPitch : .versa
    switch try PresetFrames.of(pair, analysis, preset.rate) {
    case .failure(let reason): return .undefined(reason)
    case .success(let frames):
      if preset == .versaPlain, let reason = frames.unlikeLengths { return .undefined(reason) }
      return measurement(contours(frames))
    }
  }

  /// F0 of paired frames, Hz.
  private func contours(_ frames: PresetFrames) -> [(Double, Double)] {
    let (f, g) = (frames.reference.f0, frames.synthesis.f0)
    switch preset {
    case .versa:
      return frames.path(frames.reference.voiced, frames.synthesis.voiced).map { (f[$0.0], g[$0.1]) }
    case .versaPlain: return Array(zip(f, g))
    default:
      return frames.path(Array(f.indices), Array(g.indices)).map { (f[$0.0], g[$0.1]) }.filter { $0 > 0 && $1 > 0 }
    }
  }

  private func measurement(_ contours: [(Double, Double)]) -> Measurement {
    let voiced = contours.count { $0 > 0 && $1 > 0 }
    guard voiced >= F0Comparison.minimum else {
      return .undefined(.tooFewVoicedFrames(voiced, minimum: F0Comparison.minimum))
    }
    func mean(_ value: ((Double, Double)) -> Double) -> Double {
      contours.reduce(0) { $0 + value($1) } / Double(contours.count)
    }
    switch figure {
    case .rmseLog: return .value(mean { pow(log($0.1) - log($0.0), 2) }.squareRoot())
    case .rmseHertz: return .value(mean { pow($0.1 - $0.0, 2) }.squareRoot())
    case .correlation:
      let centre = (mean(\.0), mean(\.1))
      let variance = (mean { pow($0.0 - centre.0, 2) }, mean { pow($0.1 - centre.1, 2) })
      // A deviation that is rounding and no more.
      if variance.0.squareRoot() < 1e-12 * centre.0 { return .undefined(.constantF0(.reference)) }
      if variance.1.squareRoot() < 1e-12 * centre.1 { return .undefined(.constantF0(.synthesis)) }
      let covariance = mean { ($0.0 - centre.0) * ($0.1 - centre.1) }
      return .value(min(1, max(-1, covariance / (variance.0 * variance.1).squareRoot())))
    }
  }
}

extension ToolFrames {
  /// The voiced frames.
  fileprivate var voiced: [Int] { f0.indices.filter { f0[$0] > 0 } }
}

extension Preset {
  /// Which frames are compared, in words.
  fileprivate var pairing: String {
    switch self {
    case .versa: "over voiced frames only, paired by time warping, so that no voicing error shows."
    case .versaPlain: "frame by frame, an unvoiced frame counting as 0 Hz, so that voicing errors outweigh all others."
    default: "over frames voiced in both, paired by time warping."
    }
  }

  /// What moves the number, in signature form.
  fileprivate var pitchRecipe: [String] {
    switch self {
    case .versa: Self.versaPitch + ["cepstrum:sp2mc-39-.466", "c0:yes", "frames:voiced", "pairs:dtw-exact"]
    case .versaPlain: Self.versaPitch + ["frames:all", "unvoiced:0Hz", "pairs:by-number"]
    default:
      [
        "scale:int16", "f0:harvest-40-800Hz", "frame:256", "spectrum:cheaptrick-1024", "cepstrum:sp2mc",
        "order:23-39-by-rate", "alpha:.42-.55-by-rate", "c0:yes", "pairs:dtw-exact",
      ]
    }
  }

  private static let versaPitch = [
    "scale:32767", "highpass:70Hz-255", "f0:harvest-40-800Hz", "frame:5ms", "spectrum:cheaptrick-1024",
  ]
}
