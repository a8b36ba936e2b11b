// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Degradations
import Foundation
import SpeechMetrics
import SpeechSignal
import Testing

/// A file of scores by an independent implementation: `Goldens/reference-<metric>.json`, written by `Tests/Oracles`.
struct GoldenFile: Decodable {
  let metric: String
  let revision: Int
  let tool: String
  let version: String
  let command: String
  /// How far a score may lie from the golden's, in the metric's unit.
  let tolerance: Double
  let cases: [Case]

  /// One pair: a clip of `reference_audio` and one of our own degradations of it, or another clip (`instead:<clip>`).
  struct Case: Decodable {
    let clip: String
    let degradation: String
    /// Hz; where it is not the clip's own, the samples are only declared to have it.
    let rate: Int
    /// SHA-256 of the natural clip's samples, 16-bit little-endian.
    let reference: String
    /// The same of the degraded clip.
    let synthesis: String
    let value: Double
  }

  init(metric: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "reference-\(metric)", withExtension: "json", subdirectory: "Goldens"),
      "no golden file for \(metric)")
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}

/// A natural clip as 16-bit samples, and what our degradations make of it.
struct ReferenceClip {
  let id: String
  let sampleRate: Int
  let samples: [Int16]

  /// Folders are found from this file, not from the current folder.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// - Throws: with advice when the clip is missing: a golden test that cannot run has failed.
  init(_ id: String) throws {
    let path = Self.repository.appending(path: "reference_audio/reference/\(id).wav").path(percentEncoded: false)
    let audio: DecodedAudio
    do {
      audio = try AudioFile.read(path)
    } catch {
      throw Unprepared(problem: "clip \(id) cannot be read (\(error))")
    }
    self.id = id
    sampleRate = audio.sampleRate
    samples = audio.channels[0].map { Int16($0 * 32768) }
  }

  /// The clip as a golden's case has it.
  func reference(of golden: GoldenFile.Case) -> SignalAnalysis { analysis(samples, golden.rate) }

  /// The clip and what the case's degradation makes of it, compared as they are.
  func pair(of golden: GoldenFile.Case, _ reference: SignalAnalysis) throws -> PairAnalysis {
    if let other = golden.degradation.wholeMatch(of: /instead:(.*)/)?.1 {
      let synthesis = analysis(try ReferenceClip(String(other)).samples, golden.rate)
      return PairAnalysis(
        reference: reference, synthesis: synthesis, analysisRate: golden.rate, alignment: .none)
    }
    let degradation = try #require(
      Degradation(rawValue: golden.degradation), "no degradation is called \(golden.degradation)")
    let degraded = degradation.apply(to: samples, sampleRate: sampleRate, seed: Degradation.seed(clip: id))
    return PairAnalysis(
      reference: reference, synthesis: analysis(degraded, golden.rate), analysisRate: golden.rate, alignment: .none)
  }

  private func analysis(_ samples: [Int16], _ rate: Int) -> SignalAnalysis {
    SignalAnalysis(
      source: Waveform(samples: samples.map { Double($0) / 32768 }, sampleRate: rate), resample: Resampler.convert)
  }

  /// - Throws: with both hashes when the audio is not what the oracle had.
  static func require(_ audio: Waveform, _ sha256: String, _ name: String) throws {
    let bytes = audio.samples.flatMap { sample in
      let integer = Int16(sample * 32768)
      return [UInt8(truncatingIfNeeded: integer), UInt8(truncatingIfNeeded: integer >> 8)]
    }
    let found = SHA256Digest.hex(of: bytes)
    guard found == sha256 else {
      throw Unprepared(problem: "\(name) is not the audio of the golden: SHA-256 \(found), expected \(sha256)")
    }
  }

  struct Unprepared: Error, CustomStringConvertible {
    let problem: String
    var description: String { "\(problem): run reference_audio/prepare" }
  }
}
