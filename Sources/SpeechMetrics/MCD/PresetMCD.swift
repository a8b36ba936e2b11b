// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

// Mel-cepstral distortion by another tool's recipe:
//   MCD = mean over pairs of frames of K·√( Σ_{m=0…M} (c_m − ĉ_m)² ),  K = 10·√2/ln 10,
// over the frames that ``ToolAnalysis`` has, c₀ with them. How they are paired:
//   - espnet: the cheapest path by the distance of c₀ … c_M;
//   - pymcd-dtw: the cheapest path by that of c₁ … c_M, the cost counted with c₀; pymcd-dtw-sl multiplies by the ratio of
//     the numbers of frames, longer to shorter; pymcd-plain fills the shorter file up with zeros, and pairs by number;
//   - versa: of either file, the frames above −20 dB of its mean power, and the cheapest path by c₀ … c_M through those;
//     versa-plain pairs all frames by number up to the end of the shorter, and refuses a pair whose numbers of frames
//     differ by 10 % or more of their sum.
// The path is the exact one (``DynamicTimeWarping``): the tools call `fastdtw`, whose path costs a little more.
//
// A recording without any sound has no score here: two silent files would be a perfect pair.

/// MCD in dB by the recipe of another tool.
struct PresetMCD: Metric {
  /// What the metric is.
  let info: MetricInfo
  private let preset: Preset

  /// - Parameter preset: the tool.
  init(_ preset: Preset) {
    self.preset = preset
    let ours = MCD().info
    info = MetricInfo(
      id: ours.id, revision: 1, name: "\(ours.name), \(preset.name)", summary: preset.explanation, scale: ours.scale,
      input: .init(rate: preset.rate, timing: .own, minimumSeconds: PresetFrames.minimumSeconds),
      recipe: ["preset:\(preset.name)"] + preset.recipe, citations: preset.citations, isDefault: false)
  }

  /// Scores the whole of both files.
  /// - Returns: undefined for a silent file, for one sampled below the rate of the recipe, and in `versa-plain` for files of
  ///   unlike length.
  /// - Throws: `unsupportedRate` where the tool has no parameters for the run's rate.
  func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    switch try PresetFrames.of(pair, preset.analysis, preset.rate, padded: preset == .pymcdPlain) {
    case .failure(let reason): return .undefined(reason)
    case .success(let frames): return distance(frames)
    }
  }

  private func distance(_ frames: PresetFrames) -> Measurement {
    let (reference, synthesis) = (frames.reference, frames.synthesis)
    switch preset {
    case .espnet:
      return .value(frames.meanDistance(frames.path(Array(0..<reference.count), Array(0..<synthesis.count))))
    case .pymcdPlain:
      return .value(frames.meanDistance((0..<min(reference.count, synthesis.count)).map { ($0, $0) }))
    case .pymcdDTW, .pymcdDTWSL:
      let path = frames.path(Array(0..<reference.count), Array(0..<synthesis.count), from: 1)
      let ratio = preset == .pymcdDTWSL ? frames.lengthRatio : 1
      return .value(frames.meanDistance(path) * ratio)
    case .versa:
      return .value(frames.meanDistance(frames.path(reference.sounding, synthesis.sounding)))
    case .versaPlain:
      if let reason = frames.unlikeLengths { return .undefined(reason) }
      return .value(frames.meanDistance((0..<min(reference.count, synthesis.count)).map { ($0, $0) }))
    }
  }
}

extension Preset {
  /// What moves the number, in signature form.
  fileprivate var recipe: [String] {
    switch self {
    case .espnet:
      [
        "scale:int16", "frame:1024/256", "window:hamming-energy1", "cepstrum:mcep-uels-eps1e-6", "order:23-39-by-rate",
        "alpha:.42-.55-by-rate", "c0:yes", "silence:keep", "pairs:dtw-exact",
      ]
    case .pymcdPlain: pymcd + ["pairs:by-number-zero-padded"]
    case .pymcdDTW: pymcd + ["pairs:dtw-exact-without-c0"]
    case .pymcdDTWSL: pymcd + ["pairs:dtw-exact-without-c0", "times:length-ratio"]
    case .versa: versaFrames + ["silence:-20dB-of-mean", "pairs:dtw-exact"]
    case .versaPlain: versaFrames + ["silence:keep", "pairs:by-number"]
    }
  }

  private var pymcd: [String] {
    [
      "f0:dio-stonemask-71-800Hz", "frame:5ms", "spectrum:cheaptrick-512", "cepstrum:mcep-itype3-maxiter0-eps1e-8",
      "order:13", "alpha:.65", "c0:yes", "silence:keep",
    ]
  }

  private var versaFrames: [String] {
    [
      "scale:32767", "highpass:70Hz-255", "f0:harvest-40-800Hz", "frame:5ms", "spectrum:cheaptrick-1024",
      "cepstrum:sp2mc", "order:39", "alpha:.466", "c0:yes",
    ]
  }
}
