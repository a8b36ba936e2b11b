// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import SpeechSignal

/// The stages of the default metrics as Benchmarks/ counts and times them, each by itself on one pair in memory.
///
///   analyse count STAGE RATE SECONDS TIMES   runs a stage so often on a synthetic voice; for counters of instructions
///   analyse time RATE STAGE,… LIST [TIMES]   runs stages on every pair of a list, the quickest of so many times each, and prints for
///                                            each stage its CPU seconds, all pairs together, then the seconds of the references
///
/// A line of the list names four files of raw 64-bit floats: reference and synthesis at RATE, and both at 16 kHz.
enum Stage: String, CaseIterable {
  case harvest, cheaptrick, sp2mc, dtw, pesq, stoi, estoi

  /// Both recordings at the rate of the run and at that of PESQ.
  struct Pair {
    let sampleRate: Int
    let sides: [[Double]]
    let wide: [[Double]]

    init(sampleRate: Int, sides: [[Double]], wide: [[Double]]) {
      (self.sampleRate, self.sides, self.wide) = (sampleRate, sides, wide)
    }

    static func synthetic(sampleRate: Int, seconds: Int) -> Pair {
      let takes = [SyntheticVoice.Take.reference, .synthesis]
      func both(_ rate: Int) -> [[Double]] {
        takes.map { SyntheticVoice.samples($0, sampleRate: rate, seconds: seconds) }
      }
      return Pair(sampleRate: sampleRate, sides: both(sampleRate), wide: both(wideRate))
    }

    static let wideRate = 16_000
  }

  /// The stage on a pair, with all that comes before it done.
  func prepared(_ pair: Pair) throws -> () throws -> Void {
    let rate = pair.sampleRate
    let waveforms = pair.sides.map { Waveform(samples: $0, sampleRate: rate) }
    switch self {
    case .harvest:
      let tracker = F0Method(.harvest).make(sampleRate: rate)
      return { for waveform in waveforms { _ = try tracker.track(waveform) } }
    case .cheaptrick:
      let (spectra, tracks) = (CheapTrick(sampleRate: rate), try tracks(waveforms))
      // As MCD has it: in chunks, never as a whole.
      return { for (waveform, track) in zip(waveforms, tracks) { try spectra.forEachChunk(waveform, track) { _ in } } }
    case .sp2mc:
      let (envelopes, mel) = (try envelopes(waveforms), mel(rate))
      return { for envelope in envelopes { _ = mel.cepstra(envelope) } }
    case .dtw:
      let mel = mel(rate)
      let frames = try envelopes(waveforms).map { FrameRows(mel.cepstra($0), width: order + 1, columns: 1..<order + 1) }
      return { _ = DynamicTimeWarping.align(frames[0], frames[1]) }
    case .pesq:
      let pesq = PESQ(mode: .wideBand, sampleRate: Pair.wideRate)
      return { _ = try? pesq.evaluate(reference: pair.wide[0], degraded: pair.wide[1]) }
    case .stoi:
      let cut = cut(pair)
      return { if let envelopes = try? ThirdOctaveEnvelopes(cut) { _ = STOI.meanCorrelation(envelopes) } }
    case .estoi:
      // Shares the envelopes with STOI, which has them counted.
      guard let envelopes = try? ThirdOctaveEnvelopes(cut(pair)) else { return {} }
      return { _ = ESTOI.meanCorrelation(envelopes) }
    }
  }

  private func tracks(_ waveforms: [Waveform]) throws -> [F0Track] {
    try waveforms.map { try F0Method(.harvest).make(sampleRate: $0.sampleRate).track($0) }
  }

  private func envelopes(_ waveforms: [Waveform]) throws -> [SpectralEnvelope] {
    try zip(waveforms, tracks(waveforms)).map { try CheapTrick(sampleRate: $0.sampleRate).envelope($0, $1) }
  }

  private func mel(_ rate: Int) -> MelCepstrum {
    MelCepstrum(
      order: order, alpha: MelCepstrum.alpha(sampleRate: rate), binCount: CheapTrick(sampleRate: rate).binCount)
  }

  private func cut(_ pair: Pair) -> SynchronousPair {
    let count = min(pair.sides[0].count, pair.sides[1].count)
    return SynchronousPair(
      reference: Array(pair.sides[0].prefix(count)), synthesis: Array(pair.sides[1].prefix(count)),
      sampleRate: pair.sampleRate)
  }
}

/// `analyse time`: lines of stage and CPU seconds, and at last `seconds` and how long the references are together.
func timeStages(_ rate: Int, _ stages: [Stage], list: String, times: Int) throws -> String {
  let pairs = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map { line in
    let files = try line.split(separator: " ").map { try read(String($0)) }
    return Stage.Pair(sampleRate: rate, sides: Array(files[0..<2]), wide: Array(files[2..<4]))
  }
  var lines: [String] = []
  for stage in stages {
    var total = 0.0
    for (n, pair) in pairs.enumerated() {
      let run = try stage.prepared(pair)
      // Plans and tables, which a process makes once.
      if n == 0 { try run() }
      var least = Double.infinity
      for _ in 0..<times {
        let start = clock()
        try run()
        least = min(least, Double(clock() - start) / Double(CLOCKS_PER_SEC))
      }
      total += least
    }
    lines.append("\(stage.rawValue) \(total)")
  }
  let seconds = pairs.reduce(0) { $0 + Double($1.sides[0].count) } / Double(rate)
  return (lines + ["seconds \(seconds)"]).joined(separator: "\n")
}
