// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Testing

@Suite struct BaselineFileTests {
  private func hash(_ digit: String) -> String { String(repeating: digit, count: 64) }

  /// A run with everything that a baseline keeps.
  private var full: Run {
    let alignment = PairAlignment(
      class: .delay, delaySeconds: 0.037, durationRatio: 1.01, meanDeviation: 0.001, isFreeRunning: true, cutSamples: 3,
      cutSpeechSeconds: 0.2, levelDifferenceDb: -0.5, pathSearch: .band)
    func facts(_ name: String, _ digit: String) -> FileFacts {
      FileFacts(path: name, audioSHA256: hash(digit), sampleRate: 22_050, channels: 2, seconds: 0.1 + 0.2)
    }
    let scores = [
      Score(metric: "mcd", signature: Signature(stored: "mcd|v1"), outcome: .value(1.0 / 3)),
      Score(metric: "vde", signature: Signature(stored: "vde|v1"), outcome: .undefined("no “voice”\n\u{202E}")),
      Score(metric: "stoi", signature: Signature(stored: "stoi|v1"), outcome: .failed("too short")),
    ]
    var other = scores
    other[0].signature = Signature(stored: "mcd|v2")
    return Run(
      id: UUID(), startedAt: Date(timeIntervalSince1970: 1_770_000_000.123),
      finishedAt: Date(timeIntervalSince1970: 1_770_000_060.5), tool: "0.1.0", label: "main \"x\"\nline",
      host: Host(id: "h", cpu: "c", cores: 2, memoryBytes: 8, gpu: "g", os: "o", container: "docker"),
      provenance: FactSheet([Fact("cpu", "model", "x"), Fact("library", "fftw", "3.3")]),
      settings: RunSettings(
        metrics: ["mcd", "vde", "stoi"],
        conditions: .init(
          analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay, channel: "mix", level: "match", silence: .keep
        )),
      systems: [
        SystemResult(
          name: "a", path: "a/",
          utterances: [
            UtteranceResult(
              id: "u1", reference: facts("r/1.wav", "1"), synthesis: facts("a/1.wav", "2"), alignment: alignment,
              scores: scores, f0Range: F0RangeUse(voiced: 10, atBounds: 3),
              speed: Speed(
                wallSeconds: 1, cpuSeconds: 2, latencySeconds: 0.1, realTimeFactor: 0.3, peakMemoryBytes: 5,
                gpuMemoryMiB: 1.5, gpuPowerWatts: 2)),
            UtteranceResult(
              id: "u2", reference: FileFacts(path: "r/2.wav"), synthesis: facts("a/2.wav", "3"), alignment: nil,
              scores: other),
          ]),
        SystemResult(name: "empty", path: "e", utterances: []),
      ], unmatched: Unmatched(reference: ["r/3.wav"], synthesis: ["a/4.wav"]))
  }

  @Test func aRunComesBackAsItWas() throws {
    let text = try BaselineFile.text(full)
    #expect(text.split(separator: "\n").count == 3 && text.hasSuffix("}\n"))
    var run = full
    run.id = try BaselineFile.run(text).id
    #expect(try BaselineFile.run(text) == run)
    #expect(try BaselineFile.text(BaselineFile.run(text)) == text)
  }

  @Test func hashesOfBytesAndTracesAreLeftOut() throws {
    var run = full
    run.systems[0].utterances[0].synthesis.fileSHA256 = hash("a")
    run.systems[0].utterances[0].scores[0].traces = [Trace(name: "t", start: 0, period: 1, values: [1])]
    let text = try BaselineFile.text(run)
    #expect(!text.contains(hash("a")) && !text.contains("\"t\""))
  }

  /// What one changed score changes of the text.
  @Test func aScoreIsALine() throws {
    var run = full
    let before = try BaselineFile.text(run).split(separator: "\n")
    run.systems[0].utterances[1].scores[0].outcome = .value(0.25)
    let after = try BaselineFile.text(run).split(separator: "\n")
    #expect(zip(before, after).map { $0 == $1 } == [true, true, false])
  }

  @Test(arguments: [
    (0, "{\"baseline\":1,", "{\"baseline\":2,", 1, "version 2"), (0, "\"tool\":\"0.1.0\",", "", 1, "tool is missing"),
    (0, "\"alignment\":\"delay\"", "\"alignment\":\"x\"", 1, "no alignment class: “x”"),
    (0, "\"baseline\"", "\"b\"", 1, "baseline is missing"),
    (0, "\"name\":\"empty\"", "\"name\":\"a\"", 1, "two systems"),
    (1, "\"value\":0.3333333333333333", "\"value\":null", 2, "scores.mcd: neither"),
    (1, "\"value\":0.3333333333333333", "\"value\":\"x\"", 2, "scores.mcd.value is of another kind"),
    (1, "\"vde\":", "\"vd\":", 2, "scores.vd: no metric of the run"), (1, "\"id\":\"u1\"", "\"id\":\"u2\"", 3, "twice"),
    (1, "\"system\":\"a\"", "\"system\":\"b\"", 2, "no system “b”"), (2, "{", "", 3, "no JSON object"),
    (0, "\"startedAt\":1770000000123", "\"startedAt\":9223372036854775807", 1, "no milliseconds"),
    (0, "\"utterances\":2", "\"utterances\":3", 3, "2 utterances of “a”, and not 3"),
    (1, "\"value\":0.3333333333333333", "\"value\":1.7e308", 2, "scores.mcd: 1.7e+308 is no score"),
    (1, "\"class\":\"delay\"", "\"class\":\"x\"", 2, "alignment: a class"),
  ])
  func whatIsWrongIsNamedByItsLine(_ line: Int, _ old: String, _ new: String, _ where: Int, _ reason: String) throws {
    var lines = try BaselineFile.text(full).split(separator: "\n").map(String.init)
    #expect(lines[line].contains(old))
    lines[line] = lines[line].replacingOccurrences(of: old, with: new)
    let error = #expect(throws: BaselineFile.Failure.self) { try BaselineFile.run(lines.joined(separator: "\n")) }
    #expect(error?.line == `where` && error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  @Test(arguments: ["", "\n", "not JSON", "[]", "\u{FEFF}", "{\"baseline\":1}"])
  func anythingElseIsNoBaseline(_ text: String) {
    #expect(throws: BaselineFile.Failure.self) { try BaselineFile.run(text) }
  }
}
