// SPDX-License-Identifier: GPL-3.0-or-later

/// The recipe of another tool, by the name that `--preset` takes.
///
/// A preset reproduces the tool's own features and compares them as the tool does, on whole files, but with exact dynamic
/// time warping where the tool calls `fastdtw`, which finds a path that is not the cheapest.
public enum Preset: String, Sendable, CaseIterable {
  /// ESPnet's `evaluate_mcd.py` and `evaluate_f0.py`.
  case espnet
  /// pymcd's mode `plain`.
  case pymcdPlain = "pymcd-plain"
  /// pymcd's mode `dtw`.
  case pymcdDTW = "pymcd-dtw"
  /// pymcd's mode `dtw_sl`.
  case pymcdDTWSL = "pymcd-dtw-sl"
  /// VERSA's `mcd_f0` with `dtw: true`, as its configuration for text-to-speech has it.
  case versa
  /// VERSA's `mcd_f0` with `dtw: false`, as its configurations for speech and codecs have it.
  case versaPlain = "versa-plain"

  /// What `--preset` takes.
  public var name: String { rawValue }

  /// What makes its numbers differ from other recipes', in one sentence.
  public var explanation: String {
    switch self {
    case .espnet:
      """
      Cepstra of the waveform's own spectrum (SPTK's mcep, order 23 to 39 by rate) and not of a smooth envelope, every 256 \
      samples; level counts (c0 is kept), and so does silence; frames paired by time warping.
      """
    case .pymcdPlain:
      """
      At 22.05 kHz, with 14 coefficients of the power spectrum taken for an amplitude, which doubles every decibel; level \
      counts; the shorter file is filled up with zeros, so that unequal lengths cost much.
      """
    case .pymcdDTW:
      "The frames of pymcd-plain, paired by time warping that does not look at the level, which counts afterwards."
    case .pymcdDTWSL: "That of pymcd-dtw, times the ratio of the longer file to the shorter."
    case .versa:
      """
      WORLD's envelope above 70 Hz with 40 coefficients on one warped axis for all rates; level counts; frames of less than \
      -20 dB of the mean power are left out, the others paired by time warping.
      """
    case .versaPlain:
      "The frames of versa, silence and all, one by one from the start, and nothing for files of unlike length."
    }
  }

  /// What the metrics of this preset are; the first is `mcd`. They take the places of the default's metrics of the same id.
  public var metrics: [any Metric] {
    switch self {
    case .espnet: [PresetMCD(self), PresetF0(self, .rmseLog)]
    case .pymcdPlain, .pymcdDTW, .pymcdDTWSL: [PresetMCD(self)]
    case .versa, .versaPlain: [PresetMCD(self), PresetF0(self, .rmseHertz), PresetF0(self, .correlation)]
    }
  }

  /// The tools' analysis behind `mcd`.
  var analysis: ToolAnalysis {
    switch self {
    case .espnet: .espnet
    case .pymcdPlain, .pymcdDTW, .pymcdDTWSL: .pymcd
    case .versa, .versaPlain: .versa
    }
  }

  /// Where the tool works.
  var rate: MetricInfo.Rate { analysis == .pymcd ? .fixed(22_050) : .analysis }

  /// Sources, for every metric of the preset.
  var citations: [String] {
    switch self {
    case .espnet: ["ESPnet, egs2/TEMPLATE/asr1/pyscripts/utils/evaluate_mcd.py and evaluate_f0.py", Self.packages]
    case .pymcdPlain, .pymcdDTW, .pymcdDTWSL: ["pymcd 0.2.1", Self.packages]
    case .versa, .versaPlain: ["VERSA, versa/sequence_metrics/mcd_f0.py", Self.packages]
    }
  }

  private static let packages = """
    WORLD and SPTK, as pyworld 0.3.5 and pysptk 1.0.1 ship them, whose analyses are reproduced; time warping is exact
    """
}
