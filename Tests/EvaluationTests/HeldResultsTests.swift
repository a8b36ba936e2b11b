// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Evaluation
import SpeechMetrics
import Testing

/// What a result gives back is what was put into it, whatever it is held as.
@Suite struct HeldResultsTests {
  private let scores = [
    Score(metric: "mcd", signature: Signature(stored: "mcd|v1"), outcome: .value(-0.0)),
    Score(metric: "stoi", signature: Signature(stored: "stoi|v1"), outcome: .undefined("12 frames")),
    Score(metric: "estoi", signature: Signature(stored: "estoi|v1"), outcome: .value(0.7)),
    Score(metric: "lsd", signature: Signature(stored: "lsd|v1"), outcome: .failed("broke")),
    Score(metric: "si-sdr", signature: Signature(stored: "si-sdr|v1"), outcome: .value(.infinity)),
    Score(
      metric: "f0-rmse", signature: Signature(stored: "f0-rmse|v1"), outcome: .value(12),
      traces: [Trace(name: "f0", start: 0, period: 0.005, values: [1, 2])]),
    Score(
      metric: "mos", signature: Signature(stored: "mos|v1"), outcome: .value(4),
      votes: [Vote(listener: "L1", score: 3), Vote(listener: "L2", score: 5)]),
  ]

  private func result(_ scores: [Score], id: String = "a") -> UtteranceResult {
    let file = FileFacts(path: "\(id).wav")
    return UtteranceResult(id: id, reference: file, synthesis: file, alignment: nil, scores: scores)
  }

  @Test func eachRowComesBack() {
    var result = result(scores)
    #expect(result.scores == scores)
    #expect(result.scores[0].outcome.value?.sign == .minus)
    for score in scores { #expect(result.score(score.metric) == score) }
    #expect(result.score("pesq-wb") == nil)

    result.scores[1].outcome = .value(0.5)
    result.scores.removeLast()
    #expect(result.scores[1].outcome == .value(0.5))
    #expect(result.scores.count == scores.count - 1)
    #expect(result.scores.last == scores[5])
  }

  @Test func whatDiffersIsNotShared() {
    var other = scores
    other[2] = Score(metric: "estoi", signature: Signature(stored: "estoi|v2"), outcome: .value(0.6))
    var (same, differing) = (result(Array(scores.reversed().reversed()), id: "b"), result(other, id: "c"))
    for neighbour in [nil, result(scores)] {
      same.share(neighbour)
      differing.share(neighbour)
      #expect(same.scores == scores)
      #expect(differing.scores == other)
    }
    #expect(result(scores) == result(scores))
    #expect(result(scores) != result(other))
  }

  @Test(arguments: [SHA256Digest.hex(of: "sound"), SHA256Digest.hex(of: "sound").uppercased(), "abc", "", nil])
  func eachDigestComesBack(text: String?) {
    var facts = FileFacts(path: "a.wav", fileSHA256: text, audioSHA256: "b")
    #expect(facts.fileSHA256 == text)
    #expect(facts.audioSHA256 == "b")
    facts.audioSHA256 = text
    #expect(facts.audioSHA256 == text)
    #expect(facts == FileFacts(path: "a.wav", fileSHA256: text, audioSHA256: text))
    #expect(facts != FileFacts(path: "a.wav", fileSHA256: text, audioSHA256: "c"))
  }
}
