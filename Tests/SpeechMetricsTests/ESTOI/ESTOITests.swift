// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechMetrics
import Testing

struct ESTOITests {
  /// pystoi fills such holes with random noise; here they are zero, and the score is a number, the same every time.
  @Test func digitalSilenceWithinSpeechHasAScore() throws {
    let clip = TestSignal.speechLike(seconds: 3)
    var holed = clip
    for i in 16_000..<32_000 { holed[i] = 0 }
    let score = try #require(try ESTOI().measure(.inStep(clip, holed)).number)
    #expect(score > 0.4 && score < 0.8)
  }

  @Test func fallsFasterThanSTOIWithNoise() throws {
    let clip = TestSignal.speechLike(seconds: 3)
    let pairs = [0.02, 0.1].map { PairAnalysis.inStep(clip, TestSignal.noisy(clip, $0)) }
    let stoi = try pairs.map { try #require(try STOI().measure($0).number) }
    let estoi = try pairs.map { try #require(try ESTOI().measure($0).number) }
    #expect(estoi[0] - estoi[1] > stoi[0] - stoi[1])
  }

  /// Both metrics look at the same envelopes, which are computed once a pair.
  @Test func sharesItsEnvelopesWithSTOI() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let pair = PairAnalysis.inStep(clip, TestSignal.noisy(clip, 0.1))
    let first = try pair.thirdOctaveEnvelopes.reference
    let again = try pair.thirdOctaveEnvelopes.reference
    #expect(first.withUnsafeBufferPointer { $0.baseAddress } == again.withUnsafeBufferPointer { $0.baseAddress })
  }
}
