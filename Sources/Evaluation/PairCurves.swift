// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics
internal import SpeechSignal

/// Where in a clip a pair differs: F0 of both and what the spectra are apart, over the reference's time.
public struct PairCurves: Sendable, Equatable {
  /// The F0 tracker and its range, e.g. `harvest-71-800Hz`.
  public let tracker: String
  /// The reference's frames that have a partner: their middles, seconds, every 5 ms, shape `[frames]`.
  public let times: [Double]
  /// F0 of the reference, Hz, 0 where unvoiced, shape `[frames]`.
  public let reference: [Double]
  /// F0 of the synthesis at the frame that goes with it (the first, where a path has several), shape `[frames]`.
  public let synthesis: [Double]
  /// Distance of the mel-cepstra in dB; nil where MCD has none.
  public let distance: Trace?
  /// PESQ's disturbance; nil where PESQ has no score.
  public let disturbance: Trace?

  /// Curves from their parts, as many values of F0 on either side as there are times.
  public init(
    tracker: String, times: [Double], reference: [Double], synthesis: [Double], distance: Trace? = nil,
    disturbance: Trace? = nil
  ) {
    precondition(times.count == reference.count && times.count == synthesis.count, "as many as frames")
    self.tracker = tracker
    self.times = times
    self.reference = reference
    self.synthesis = synthesis
    self.distance = distance
    self.disturbance = disturbance
  }

  /// The curves of a pair.
  /// - Throws: why no frames go together.
  init(_ pair: PairAnalysis, f0 method: F0Method) throws(UndefinedReason) {
    let pairs = try pair.framePairs
    let (reference, synthesis) = try pairs.f0(by: method)
    let firsts = pairs.steps.enumerated().filter { $0 == 0 || $1.first != pairs.steps[$0 - 1].first }.map(\.element)
    let pesq = pair.analysisRate < 16_000 ? PESQMetric.narrowBand : PESQMetric.wideBand
    var disturbance: Trace?
    if case .value? = try? pesq.measure(pair) { disturbance = try? pesq.traces(pair).first }
    self.init(
      tracker: method.description, times: firsts.map { Double($0.first) / Double(VocoderAnalysis.framesPerSecond) },
      reference: firsts.map { reference[$0.first] }, synthesis: firsts.map { synthesis[$0.second] },
      distance: try? MCD().traces(pair).first, disturbance: disturbance)
  }

  /// What is wrong with the F0 of one frame.
  public enum F0Error: Sendable, Equatable {
    /// Only one of the two is voiced.
    case voicing
    /// Both are, and F0 is off by more than a fifth.
    case gross
  }

  /// What is wrong with F0, shape `[frames]`.
  public var errors: [F0Error?] {
    zip(reference, synthesis).map { f0, estimate in
      if (f0 > 0) != (estimate > 0) { return .voicing }
      return f0 > 0 && abs(estimate - f0) > F0Comparison.gross * f0 ? .gross : nil
    }
  }
}
