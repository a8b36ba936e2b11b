// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

// Two readings of one sentence, brought onto one time line.
//
// The path is that of exact dynamic time warping on mel-cepstra, c₀ left out, between the speech extents of the two
// (`silence` may ask for whole files). MCD and the F0 metrics compare frames along it and change no sound. Metrics that look at
// samples are handed the synthesis warped by ``WSOLA`` along the path smoothed (``TimeMap``): its pitch is its own, its
// tempo and pauses are the reference's. What they say of it is said under a condition that flatters: a wrong sentence, warped,
// still scores a STOI of .31 on average, and up to .47.

/// The course of the synthesis' time against the reference's.
struct PairWarp {
  /// Frames of the whole recordings, every 5 ms.
  let steps: [DynamicTimeWarping.Step]
  /// From the reference's time to the synthesis'.
  let map: TimeMap
  /// How the path was found.
  let search: PairAlignment.PathSearch

  /// Finds the path between two recordings.
  /// - Throws: `noActiveSpeech`; `tooFewFrames` where one has too little speech to have a path.
  init(
    _ reference: SignalAnalysis, _ synthesis: SignalAnalysis, analysisRate: Int, silence: SilencePolicy,
    sideBySide: SideBySide
  ) throws(UndefinedReason) {
    let vocoded = (reference.vocoderAnalysis(at: analysisRate), synthesis.vocoderAnalysis(at: analysisRate))
    sideBySide({ _ = vocoded.0.melCepstra }, { _ = vocoded.1.melCepstra })
    let first = try Self.rows(reference, .reference, analysisRate, silence)
    let second = try Self.rows(synthesis, .synthesis, analysisRate, silence)
    let found = DynamicTimeWarping.align(first, second)
    let path = found.steps
    search =
      switch found.search {
      case .whole: .whole
      case .band(_, touchesEdge: false): .band
      case .band(_, touchesEdge: true): .edge
      }
    let hop = 1 / Double(VocoderAnalysis.framesPerSecond)
    let (start, end) = (first.rows.lowerBound, second.rows.lowerBound)
    map = TimeMap(path, hop: hop, referenceStart: Double(start) * hop, synthesisStart: Double(end) * hop)
    steps = path.map { DynamicTimeWarping.Step(first: $0.first + start, second: $0.second + end) }
  }

  private static func rows(
    _ signal: SignalAnalysis, _ side: Side, _ rate: Int, _ silence: SilencePolicy
  ) throws(UndefinedReason) -> FrameRows {
    guard let extent = signal.speechExtent(at: rate) else { throw .noActiveSpeech(side) }
    let vocoded = signal.vocoderAnalysis(at: rate)
    let width = VocoderAnalysis.order + 1
    let all = 0..<vocoded.melCepstra.count / width
    let frames =
      silence == .keep
      ? all : VocoderAnalysis.frames(in: extent.samples, sampleRate: rate).clamped(to: all)
    guard frames.count >= FramePairs.minimum else { throw .tooFewFrames(frames.count, minimum: FramePairs.minimum) }
    // A lone click among zeros has an extent and no spectrum.
    guard vocoded.melCepstra[frames.lowerBound * width..<frames.upperBound * width].allSatisfy(\.isFinite) else {
      throw .noActiveSpeech(side)
    }
    return FrameRows(vocoded.melCepstra, width: width, rows: frames, columns: 1..<width)
  }
}
