// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

/// Both recordings of a pair as another tool sees them, and the ways in which tools pair their frames.
struct PresetFrames {
  let reference: ToolFrames
  let synthesis: ToolFrames

  /// The shortest recording, seconds: one frame of 1024 samples at 16 kHz.
  static let minimumSeconds = 0.064
  /// VERSA's bound on the difference of two numbers of frames, as a share of their sum.
  private static let mismatch = 0.1

  /// Analyses the whole of both files, each at most once.
  /// - Parameters:
  ///   - pair: the two recordings.
  ///   - analysis: the tool's.
  ///   - rate: where the tool works.
  ///   - padded: whether zeros follow the shorter file up to the length of the longer.
  /// - Returns: the frames, or why there are none to compare.
  /// - Throws: as ``ToolAnalysis/frames(_:)``.
  static func of(
    _ pair: PairAnalysis, _ analysis: ToolAnalysis, _ rate: MetricInfo.Rate, padded: Bool = false
  ) throws(MetricError) -> Result<PresetFrames, UndefinedReason> {
    let sampleRate = rate.sampleRate(analysisRate: pair.analysisRate)
    let lowest = min(pair.reference.source.sampleRate, pair.synthesis.source.sampleRate)
    guard lowest >= sampleRate else { return .failure(.rateBelow(lowest, minimum: sampleRate)) }
    guard Harvest.sampleRates.contains(sampleRate) else { throw .unsupportedRate(sampleRate) }
    guard pair.reference.speechExtent(at: sampleRate) != nil else { return .failure(.noActiveSpeech(.reference)) }
    guard pair.synthesis.speechExtent(at: sampleRate) != nil else { return .failure(.noActiveSpeech(.synthesis)) }
    let whole = pair.whole(at: sampleRate)
    let length = padded ? max(whole.referenceSound.count, whole.synthesisSound.count) : 0
    let frames = PresetFrames(
      reference: try Self.frames(pair.reference, analysis, sampleRate, whole.reference, length: length),
      synthesis: try Self.frames(pair.synthesis, analysis, sampleRate, whole.synthesis, length: length))
    guard frames.reference.cepstra.allSatisfy(\.isFinite), frames.synthesis.cepstra.allSatisfy(\.isFinite) else {
      throw .notFinite
    }
    let fewest = min(frames.reference.count, frames.synthesis.count)
    return fewest > 0 ? .success(frames) : .failure(.tooFewFrames(0, minimum: 1))
  }

  /// The frames of some samples; those of the signal itself are remembered by it.
  private static func frames(
    _ signal: SignalAnalysis, _ analysis: ToolAnalysis, _ sampleRate: Int, _ samples: [Double], length: Int
  ) throws(MetricError) -> ToolFrames {
    if samples.count >= length, samples == signal.waveform(at: sampleRate).samples {
      return try signal.frames(by: analysis, at: sampleRate)
    }
    let zeros = [Double](repeating: 0, count: max(0, length - samples.count))
    return try analysis.frames(Waveform(samples: samples + zeros, sampleRate: sampleRate))
  }

  /// The cheapest path through chosen frames of either side, as pairs of their numbers.
  /// - Parameters:
  ///   - a: frames of the reference, ascending.
  ///   - b: frames of the synthesis, ascending.
  ///   - first: the first coefficient to look at.
  func path(_ a: [Int], _ b: [Int], from first: Int = 0) -> [(Int, Int)] {
    DynamicTimeWarping.path(
      reference.rows(a, from: first), synthesis.rows(b, from: first), dimension: reference.width - first
    ).map { (a[$0.first], b[$0.second]) }
  }

  /// The mean distance of paired frames, c₀ with the rest, in dB.
  func meanDistance(_ pairs: [(Int, Int)]) -> Double {
    let width = reference.width
    let total = pairs.reduce(0.0) { total, pair in
      var square = 0.0
      for m in 0..<width {
        let difference = reference.cepstra[pair.0 * width + m] - synthesis.cepstra[pair.1 * width + m]
        square += difference * difference
      }
      return total + square.squareRoot()
    }
    return MCD.decibels * total / Double(pairs.count)
  }

  /// Number of frames of the longer over that of the shorter.
  var lengthRatio: Double {
    let counts = [reference.count, synthesis.count].sorted()
    return Double(counts[1]) / Double(counts[0])
  }

  /// Why frames cannot be paired by number, if they can't.
  var unlikeLengths: UndefinedReason? {
    let difference = abs(reference.count - synthesis.count)
    return Double(difference) / Double(reference.count + synthesis.count) < Self.mismatch
      ? nil : .unlikeLengths(reference.count, synthesis.count)
  }
}

extension ToolFrames {
  /// The frames above −20 dB of the mean power.
  var sounding: [Int] {
    let mean = power.reduce(0, +) / Double(power.count)
    return power.indices.filter { 10 * log10(power[$0] / mean) > -20 }
  }
}
