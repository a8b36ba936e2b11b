// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Statistics
import Testing

@Suite struct RunDiffTests {
  /// A run of one system with these scores by metric, one utterance for each.
  private func run(
    _ scores: [String: [Outcome]], system: String = "tts", sound: String = "a", reference: [Int: String] = [:],
    signature: String = "v1", dropping dropped: Set<Int> = [], alignment: AlignmentClass = .delay
  ) -> Run {
    let count = scores.values.map(\.count).max() ?? 0
    let utterances = (0..<count).filter { !dropped.contains($0) }.map { i in
      UtteranceResult(
        id: "u\(1000 + i)", reference: FileFacts(path: "r/\(i).wav", audioSHA256: reference[i] ?? "r\(i)"),
        synthesis: FileFacts(path: "s/\(i).wav", audioSHA256: "\(sound)\(i)"), alignment: nil,
        scores: scores.sorted { $0.key < $1.key }.map {
          Score(metric: $0, signature: Signature(stored: "\($0)|fs:16000|\(signature)"), outcome: $1[i])
        })
    }
    return Run(
      id: UUID(), startedAt: Date(timeIntervalSince1970: 0), finishedAt: Date(timeIntervalSince1970: 1), tool: "0.1.0",
      label: nil, host: Host(id: "h", cpu: "c", cores: 2, memoryBytes: 8, gpu: nil, os: "o", container: nil),
      settings: RunSettings(
        metrics: scores.keys.sorted(),
        conditions: .init(analysisRate: 16_000, resampler: "soxr-vhq", alignment: alignment)),
      systems: [SystemResult(name: system, path: "s", utterances: utterances)], unmatched: Unmatched())
  }

  /// Scores about a mean, the same for the same seed.
  private func values(_ mean: Double, spread: Double = 0.05, count: Int = 40, seed: Int = 0) -> [Outcome] {
    (0..<count).map { .value(mean + spread * (Double(($0 * 37 + seed * 11) % 41) / 20 - 1)) }
  }

  private func metric(_ diff: RunDiff, _ id: String) throws -> MetricDiff {
    try #require(diff.systems.first?.metrics.first { $0.metric == id })
  }

  @Test func theSameSoundIsIdentical() throws {
    let scores = ["estoi": values(0.9), "mcd": values(4)]
    let diff = RunDiff(run(scores), run(scores, system: "other name"))
    #expect(diff.verdict == .identical && diff.reasons.isEmpty)
    #expect(diff.systems[0].audioIdentical == 40 && diff.systems[0].formerName == "tts")
    #expect(try metric(diff, "mcd").verdict == .identical)
  }

  @Test func whatIsWorseHasRegressed() throws {
    let a = run(["estoi": values(0.9), "mcd": values(4)])
    let b = run(["estoi": values(0.9, seed: 3), "mcd": values(4.5, seed: 5)], sound: "b")
    let diff = RunDiff(a, b)
    #expect(diff.verdict == .regressed)
    #expect(diff.reasons.count == 1 && diff.reasons[0].hasPrefix("tts: mcd: +0.5 dB over 40 pairs, p < 0.0001"))
    let mcd = try metric(diff, "mcd")
    #expect(mcd.worst.count == 5 && mcd.worst[0].b - mcd.worst[0].a >= mcd.worst[4].b - mcd.worst[4].a)
    #expect(mcd.comparison?.losses == 40 && mcd.comparison?.wins == 0)
    #expect(try metric(RunDiff(b, a), "mcd").verdict == .improved)
  }

  /// Metrics beyond the gate have verdicts of their own, and no say.
  @Test func whatDoesNotDecideDoesNot() throws {
    let a = run(["mcd": values(4), "lsd": values(10)])
    let b = run(["mcd": values(4.001), "lsd": values(20)], sound: "b")
    let diff = RunDiff(a, b)
    #expect(try metric(diff, "lsd").verdict == .regressed && !metric(diff, "lsd").isGate)
    #expect(diff.verdict == .equivalent)
    #expect(RunDiff(a, b, rules: GateRules(metrics: ["lsd"])).verdict == .regressed)
  }

  @Test func aWarpedRunIsJudgedByWhatHearsNoWarpedSound() {
    let ids = ["pesq-wb", "stoi", "estoi", "mcd", "f0-rmse-cents", "vde"]
    #expect(GateRules.family(of: ids, alignment: .warp, analysisRate: 16_000) == ["mcd", "f0-rmse-cents", "vde"])
    #expect(GateRules.family(of: ids, alignment: .delay, analysisRate: 16_000) == ids.filter { $0 != "stoi" })
    let narrow = ["pesq-nb", "stoi", "estoi"]
    #expect(GateRules.family(of: narrow, alignment: .delay, analysisRate: 8000) == ["pesq-nb", "estoi"])
    #expect(GateRules.family(of: narrow, alignment: .delay, analysisRate: 48_000) == ["estoi"])
    // Who asked for nothing of the family meant what was asked for; but a height of voice is neither good nor bad.
    #expect(GateRules.family(of: ["lsd", "f0-mean-diff-cents"], alignment: .delay, analysisRate: 16_000) == ["lsd"])
  }

  @Test func otherSignaturesAreNotCompared() throws {
    let scores = ["estoi": values(0.9), "mcd": values(4)]
    let diff = RunDiff(run(scores), run(scores, signature: "align:warp|v2"))
    #expect(diff.verdict == .notComparable)
    #expect(try metric(diff, "mcd").finding == .notComparable("revision: 1 → 2, align: none → warp"))
    #expect(try metric(diff, "mcd").means == nil)
    let fewer = RunDiff(run(scores), run(["estoi": values(0.9)]))
    #expect(try metric(fewer, "mcd").finding == .notComparable("only in a") && fewer.verdict == .notComparable)
  }

  @Test func otherReferencesAreNotCompared() {
    let scores = ["mcd": values(4)]
    let diff = RunDiff(run(scores), run(scores, reference: [3: "other"]))
    #expect(diff.verdict == .notComparable && diff.systems[0].pairs == 39)
    #expect(diff.reasons == ["tts: 1 utterances have another reference, and are not compared: u1003"])
  }

  @Test func whatFailsOrIsMissingHasRegressed() {
    let scores = ["mcd": values(4)]
    var broken = scores
    broken["mcd"]?[7] = .failed("a short clip")
    let failing = RunDiff(run(scores), run(broken))
    #expect(failing.verdict == .regressed && failing.systems[0].coverage.newlyFailed == ["u1007"])
    #expect(RunDiff(run(broken), run(broken)).verdict == .identical)
    #expect(RunDiff(run(broken), run(scores)).verdict == .identical)
    let missing = RunDiff(run(scores), run(scores, dropping: [0, 1]))
    #expect(missing.verdict == .regressed && missing.systems[0].coverage.missing == ["u1000", "u1001"])
    #expect(missing.reasons == ["tts: 2 utterances are missing: u1000, u1001"])
  }

  /// Two clips more without a voice may be chance, and leave the question open; eight are not.
  @Test func manyThatBecomeUndefinedHaveRegressed() throws {
    let a = run(["vde": values(0.1, spread: 0.001)])
    func losing(_ count: Int) -> Run {
      var scores = values(0.1, spread: 0.001, seed: 1)
      for i in 0..<count { scores[i] = .undefined("no voice") }
      return run(["vde": scores], sound: "b")
    }
    let few = RunDiff(a, losing(2))
    #expect(few.verdict == .inconclusive && few.reasons == ["tts: vde: 2 scores became undefined"])
    let many = RunDiff(a, losing(8))
    #expect(many.verdict == .regressed && many.reasons == ["tts: vde: 8 scores became undefined"])
    #expect(try metric(many, "vde").comparison?.n == 32)
  }

  /// A run that warps gives scores where one that shifts has none: that is the recipe's doing.
  @Test func undefinedScoresOfAnotherRecipeAreNotComparable() {
    func recipe(_ name: String, undefined: Int) -> Run {
      var scores = values(0.1, spread: 0.001)
      for i in 0..<undefined { scores[i] = .undefined("free-running") }
      var run = run(["vde": scores])
      for i in run.systems[0].utterances.indices {
        run.systems[0].utterances[i].scores[0].signature = Signature(stored: "vde|align:\(name)|v1")
      }
      return run
    }
    let (warped, shifted) = (recipe("warp", undefined: 0), recipe("delay", undefined: 8))
    #expect(RunDiff(warped, shifted).verdict == .notComparable)
    #expect(RunDiff(shifted, warped).verdict == .notComparable)
  }

  @Test func rulesAreKept() throws {
    let (a, b) = (run(["mcd": values(4)]), run(["mcd": values(4.5, seed: 5)], sound: "b"))
    #expect(RunDiff(a, b, rules: GateRules(tolerances: ["mcd": 2])).verdict == .equivalent)
    let few = RunDiff(a, b, rules: GateRules(minimumPairs: 41))
    #expect(few.verdict == .inconclusive && few.reasons == ["tts: mcd: 40 pairs, at least 41 are asked for"])
    let same = RunDiff(a, a, rules: GateRules(limits: ["mcd": 3]))
    #expect(same.verdict == .regressed && same.reasons[0].contains("beyond the limit of 3.0"))
    // A metric that does not decide has limits, too; and a mean is of all that b has, not of pairs.
    #expect(RunDiff(a, a, rules: GateRules(limits: ["estoi": 0.5])).verdict == .regressed)
    #expect(RunDiff(a, b, rules: GateRules(metrics: ["pesq-wb"])).reasons == ["tts: pesq-wb: in neither run"])
    #expect(GateRules(limits: ["mcd": 3]).brokenLimits(a).count == 1)
    #expect(
      GateRules(limits: ["mcd": 5, "estoi": 0.5]).brokenLimits(a) == ["tts: estoi has no mean to hold against 0.5"])
  }

  /// The family is of all systems: two tests, though each system has one.
  @Test func moreSystemsMakeTheFamilyLarger() throws {
    func both(_ sound: String, _ shift: Double) -> Run {
      var run = run(["mcd": values(4 + shift, spread: 0.8, count: 12, seed: sound == "b" ? 3 : 0)], sound: sound)
      var other = run.systems[0]
      other.name = "second"
      run.systems.append(other)
      return run
    }
    let diff = RunDiff(both("a", 0), both("b", 0.3))
    for system in diff.systems {
      guard case .judged(let judgement) = system.metrics[0].finding else {
        Issue.record("not judged")
        continue
      }
      #expect(judgement.adjustedP == min(1, 2 * judgement.comparison.test.p))
    }
  }

  @Test func whatDiffersAroundIsTold() {
    var b = run(["mcd": values(4)])
    b.host.gpu = "A100"
    #expect(RunDiff(run(["mcd": values(4)]), b).provenance == [.init(name: "gpu", a: nil, b: "A100")])
  }

  @Test func theSameSoundIsIdenticalThoughNothingIsDefined() {
    let scores = ["vde": [Outcome](repeating: .undefined("free-running"), count: 8)]
    #expect(RunDiff(run(scores), run(scores)).verdict == .identical)
    #expect(RunDiff(run(scores), run(scores, sound: "b")).reasons == ["tts: vde: no pair has a value on both sides"])
  }

  @Test func whatHappenedIsToldToTheGate() {
    let scores = ["mcd": values(4)]
    var broken = scores
    broken["mcd"]?[7] = .failed("a short clip")
    let (a, worse, failing) = (run(scores), run(["mcd": values(4.5, seed: 5)], sound: "b"), run(broken))
    func happened(_ b: Run, diff: Bool = true, _ rules: GateRules = GateRules()) -> Set<FailureCause> {
      FailureCause.happened(in: b, diff: diff ? RunDiff(a, b, rules: rules) : nil, rules: rules)
    }
    #expect(happened(a) == [])
    #expect(happened(worse) == [.regressed, .inconclusive])
    #expect(happened(worse, diff: false) == [])
    #expect(happened(failing, diff: false) == [.failed])
    #expect(happened(failing) == [.regressed, .inconclusive, .failed])
    #expect(happened(run(scores, dropping: [1])) == [.regressed, .inconclusive, .unmatched])
    #expect(happened(worse, GateRules(minimumPairs: 41)) == [.inconclusive])
    #expect(happened(a, diff: false, GateRules(limits: ["mcd": 3])) == [.regressed, .inconclusive])
    var added = a
    added.systems.append(a.systems[0])
    added.systems[1].name = "another"
    #expect(happened(added) == [.unmatched])
  }
}
