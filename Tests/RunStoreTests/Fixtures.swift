// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import RunStore
import SpeechMetrics

/// A folder of a test's own, gone with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
    path = base.path
  }

  deinit {
    chmod(path, 0o755)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A path in the folder.
  subscript(_ name: String) -> String { "\(path)/\(name)" }

  /// The store most tests use.
  var store: String { self["store.sqlite"] }
}

/// A SHA-256 made of one byte.
func hash(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return String(repeating: digits.count == 1 ? "0" + digits : digits, count: 32)
}

extension UUID {
  /// An id that begins with these eight digits.
  init(start: String) {
    guard let id = UUID(uuidString: "\(start)-0000-4000-8000-000000000000") else { preconditionFailure(start) }
    self = id
  }
}

extension Signature {
  static let stoi = Signature(stored: "stoi|fs:22050|resample:soxr-vhq|align:delay|v1")
  static let estoi = Signature(stored: "estoi|fs:22050|resample:soxr-vhq|align:delay|v1")
  static let lsd = Signature(stored: "lsd|fs:22050|resample:soxr-vhq|align:delay|v1")
}

extension Signature.Conditions {
  static let sample = Signature.Conditions(analysisRate: 22050, resampler: "soxr-vhq", alignment: .delay)
}

extension FileFacts {
  static func sample(_ path: String, _ byte: UInt8) -> FileFacts {
    FileFacts(
      path: path, fileSHA256: hash(byte), audioSHA256: hash(byte ^ 0xFF), sampleRate: 22050, channels: 1,
      seconds: 6.28 + Double(byte) / 3)
  }
}

extension PairAlignment {
  static let sample = PairAlignment(
    class: .delay, delaySeconds: 0.0116, durationRatio: 0.998, meanDeviation: 0.0042, isFreeRunning: false,
    cutSamples: 120, cutSpeechSeconds: 0.25, levelDifferenceDb: -0.4, pathSearch: .band)
}

extension PairAlignment {
  /// As version 1 of the store had it.
  static let withoutCutSpeech = PairAlignment(
    class: .delay, delaySeconds: 0.0116, durationRatio: 0.998, meanDeviation: 0.0042, isFreeRunning: false,
    cutSamples: 120, levelDifferenceDb: -0.4)
}

extension Trace {
  static let sample = Trace(
    name: "disturbance", start: 0.016, period: 1 / 3,
    values: [0, -0.0, 0.1, -45, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
}

extension UtteranceResult {
  static func sample(_ id: String, reference: UInt8, synthesis: UInt8, scores: [Score]) -> UtteranceResult {
    UtteranceResult(
      id: id, reference: .sample("natural/\(id).wav", reference), synthesis: .sample("modelA/\(id).flac", synthesis),
      alignment: .sample, scores: scores, f0Range: F0RangeUse(voiced: 240, atBounds: 3),
      speed: Speed(
        wallSeconds: 0.1 + 0.2, cpuSeconds: 0, latencySeconds: 0.3, realTimeFactor: 1e-3, peakMemoryBytes: 1 << 40,
        gpuPowerWatts: 70.5))
  }
}

extension Run {
  /// A run without utterances.
  static func empty(
    _ start: String = "0000000a", at seconds: TimeInterval = 1_770_000_000, label: String? = nil,
    conditions: Signature.Conditions = .sample, systems: [String] = ["modelA"]
  ) -> Run {
    Run(
      id: UUID(start: start), startedAt: Date(timeIntervalSince1970: seconds), tool: "1.0.0", label: label,
      host: Provenance.Host(
        id: "h", cpu: "a processor", cores: 2, memoryBytes: 1 << 34, gpu: nil, os: "an os", container: nil),
      settings: RunSettings(metrics: ["stoi", "estoi", "lsd"], conditions: conditions),
      systems: systems.map { SystemResult(name: $0, path: "out/\($0)", utterances: []) }, unmatched: Unmatched())
  }

  /// A run with one of everything: each outcome, extreme doubles, absent facts, awkward strings.
  static var full: Run {
    var run = Run.empty("0000000f", at: 1_770_000_000.123, label: "a \"label\"\n'with' <script> 🗣️")
    run.finishedAt = Date(timeIntervalSince1970: 1_770_000_060.999)
    run.host.gpu = "a card"
    run.host.container = "docker"
    run.provenance = FactSheet([
      Fact("gpu", "0.model", "a card"), Fact("cpu", "simd", "avx2"), Fact("os", "name", "\"'"),
    ])
    run.settings.conditions.channel = "mix"
    run.settings.conditions.level = "match"
    run.settings.conditions.silence = .keep
    run.unmatched = Unmatched(reference: ["a.wav", "b\n.wav"], synthesis: ["modelA/ü.wav"])
    run.systems = [
      SystemResult(
        name: "model B; DROP TABLE runs", path: "/data/model B",
        utterances: [
          .sample(
            "clip-1", reference: 1, synthesis: 2,
            scores: [
              Score(
                metric: "stoi", signature: .stoi, outcome: .value(0.1 + 0.2),
                traces: [.sample, Trace(name: "another", start: -0.1, period: 1e-3, values: [])]),
              Score(metric: "estoi", signature: .estoi, outcome: .undefined("12 frames of speech, needs 30")),
              Score(metric: "lsd", signature: .lsd, outcome: .failed("the computation gave no finite number")),
            ]),
          UtteranceResult(
            id: "clip/\u{1F600}\t\"'\u{FFFD}", reference: FileFacts(path: "natural/gone.wav"),
            synthesis: FileFacts(path: "modelA/x.wav", fileSHA256: hash(9)), alignment: nil,
            scores: [Score(metric: "stoi", signature: .stoi, outcome: .failed("reference natural/gone.wav: no file"))]),
        ]),
      SystemResult(
        name: "modelA", path: "out",
        utterances: [
          UtteranceResult(
            id: "clip-1", reference: .sample("natural/clip-1.wav", 1), synthesis: .sample("out/clip-1.wav", 3),
            alignment: PairAlignment(
              class: .none, delaySeconds: 0, durationRatio: 1.5, meanDeviation: nil, isFreeRunning: true,
              cutSamples: 0, levelDifferenceDb: nil),
            scores: [])
        ]),
      SystemResult(name: "nothing", path: "none", utterances: []),
    ]
    return run
  }
}
