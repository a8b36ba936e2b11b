// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Testing

@Suite struct HardwareMatrixTests {
  /// A run on a machine, of takes whose score of an utterance is what `score` says.
  private func run(
    _ host: String, takes: [String] = ["tts"], sound: String = "", score: (_ utterance: Int, _ take: Int) -> Double
  ) -> Run {
    let systems = takes.enumerated().map { take, name in
      SystemResult(
        name: name, path: name,
        utterances: (0..<30).map { i in
          UtteranceResult(
            id: "u\(100 + i)", reference: FileFacts(path: "r", audioSHA256: "r\(i)"),
            synthesis: FileFacts(path: "s", audioSHA256: "\(sound)\(take)-\(i)"), alignment: nil,
            scores: [Score(metric: "mcd", signature: Signature(stored: "mcd|v1"), outcome: .value(score(i, take)))])
        })
    }
    return Run(
      id: UUID(), startedAt: Date(timeIntervalSince1970: 0), finishedAt: Date(timeIntervalSince1970: 1), tool: "1",
      label: "l", host: Host(id: host, cpu: "c", cores: 2, memoryBytes: 8, gpu: nil, os: "o", container: nil),
      settings: RunSettings(
        metrics: ["mcd"], conditions: .init(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay)),
      systems: systems, unmatched: Unmatched())
  }

  @Test func machinesAreIdenticalEquivalentOrDifferent() {
    let a = run("a") { i, _ in 4 + Double(i) / 30 }
    let same = run("b") { i, _ in 4 + Double(i) / 30 }
    let near = run("c", sound: "x") { i, _ in 4 + Double(i) / 30 + (i.isMultiple(of: 2) ? 0.001 : -0.001) }
    let far = run("d", sound: "y") { i, _ in 5 + Double(i) / 30 + (i.isMultiple(of: 2) ? 0.1 : 0) }
    let matrix = HardwareMatrix([a, same, near, far])
    #expect(matrix.pairs.map(\.places) == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    #expect(
      matrix.pairs.map(\.sameness) == [.identical, .equivalent, .different, .equivalent, .different, .different])
    #expect(matrix.spreads.isEmpty)
    // A voice that is better on one machine is another voice, too.
    #expect(HardwareMatrix([far, a]).pairs[0].sameness == .different)
  }

  /// A random TTS differs between machines by no more than between takes, and is not blamed on the machine.
  @Test func takesAreAveragedAndTheirSpreadIsTold() throws {
    func noise(_ i: Int, _ take: Int, _ seed: Int) -> Double {
      let mixed = (i * 37 + take * 59 + seed * 23) % 101
      return Double(mixed) / 101 - 0.5
    }
    let takes = ["out/take1", "out/take2", "out/take3"]
    let a = run("a", takes: takes) { 4 + 0.1 * noise($0, $1, 1) }
    let b = run("b", takes: takes, sound: "b") { 4 + 0.1 * noise($0, $1, 2) }
    let matrix = HardwareMatrix([a, b])
    let system = try #require(matrix.pairs[0].diff.systems.first)
    #expect(matrix.pairs[0].diff.systems.count == 1 && system.name == "out")
    #expect(matrix.pairs[0].sameness == .equivalent)
    let spread = try #require(matrix.spreads["out"]?["mcd"])
    #expect((0.05...0.1).contains(spread))
    let greatest = try #require(system.metrics[0].greatestDifference)
    #expect(greatest > 0 && greatest < spread)
  }

  @Test func takesThatAreTheSameSoundAreIdentical() {
    let takes = ["take1", "take2"]
    let (a, b) = (run("a", takes: takes) { i, t in Double(i + t) }, run("b", takes: takes) { i, t in Double(i + t) })
    #expect(HardwareMatrix([a, b]).pairs[0].sameness == .identical)
  }

  /// Neither machine is the yardstick.
  @Test func whatOneMachineLacksDiffersEitherWay() {
    let whole = run("a") { i, _ in Double(i) }
    var (fewer, failing, more) = (whole, whole, whole)
    fewer.systems[0].utterances.removeLast()
    failing.systems[0].utterances[3].scores[0].outcome = .failed("why")
    more.systems.append(whole.systems[0])
    more.systems[1].name = "another"
    for other in [fewer, failing, more] {
      for pair in [[whole, other], [other, whole]] {
        #expect(HardwareMatrix(pair).pairs[0].sameness == .different)
      }
    }
    for (count, answer) in [(3, HardwareMatrix.Sameness.inconclusive), (8, .different)] {
      // Sounds that differ a little, so that they are not the same by their hashes.
      var undefined = run("b", sound: "x") { i, _ in Double(i) + (i.isMultiple(of: 2) ? 0.001 : -0.001) }
      for i in 0..<count { undefined.systems[0].utterances[i].scores[0].outcome = .undefined("no voice") }
      #expect(HardwareMatrix([whole, undefined]).pairs[0].sameness == answer)
      #expect(HardwareMatrix([undefined, whole]).pairs[0].sameness == answer)
    }
    // What one machine lacks is not made good by what the other lacks.
    var (first, second) = (run("a", sound: "x") { i, _ in Double(i) }, run("b", sound: "y") { i, _ in Double(i) })
    for i in 0..<3 {
      first.systems[0].utterances[i].scores[0].outcome = .undefined("no voice")
      second.systems[0].utterances[i + 3].scores[0].outcome = .undefined("no voice")
    }
    #expect(HardwareMatrix([first, second]).pairs[0].sameness == .inconclusive)
    // And what is plain in the others stays so, in both orders.
    var far = second
    for i in 6..<30 { far.systems[0].utterances[i].scores[0].outcome = .value(Double(i) + 50 + Double(i % 3)) }
    for pair in [[first, far], [far, first]] { #expect(HardwareMatrix(pair).pairs[0].sameness == .different) }
    #expect(HardwareMatrix([whole, whole], rules: GateRules(limits: ["mcd": -1])).pairs[0].sameness == .identical)
  }

  @Test func aNameThatEndsInTakeIsNone() {
    let systems = ["intake1", "intake2", "a-take1", "a-take2", "Take 3"]
    let diff = HardwareMatrix([
      run("a", takes: systems) { i, _ in Double(i) }, run("b", takes: systems) { i, _ in Double(i) },
    ])
    #expect(diff.pairs[0].diff.systems.map(\.name) == ["intake1", "intake2", "a", "Take 3"])
  }

  /// What improved moved, too, though another metric decides nothing and is the worse verdict of a run.
  @Test func oneMetricThatMovedIsEnough() {
    func both(_ host: String, _ shift: Double, _ noise: (Int) -> Double) -> Run {
      var run = run(host, sound: host) { i, _ in 4 + shift + Double(i % 3) / 100 }
      run.settings.metrics = ["mcd", "vde"]
      for i in run.systems[0].utterances.indices {
        run.systems[0].utterances[i].scores.append(
          Score(metric: "vde", signature: Signature(stored: "vde|v1"), outcome: .value(0.5 + noise(i))))
      }
      return run
    }
    let matrix = HardwareMatrix([both("a", 0) { _ in 0 }, both("b", -1) { $0.isMultiple(of: 2) ? 0.4 : -0.4 }])
    #expect(matrix.pairs[0].diff.verdict == .inconclusive && matrix.pairs[0].sameness == .different)
  }
}
