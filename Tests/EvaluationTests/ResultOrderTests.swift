// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Testing

/// Results are in the order of their ids, however they arrive.
@Suite struct ResultOrderTests {
  @Test(arguments: [["a", "b", "c", "d"], ["d", "c", "b", "a"], ["b", "c", "d", "a"], ["b", "d", "a", "c"], ["a"]])
  func eachGoesToItsPlace(ids: [String]) {
    var results: [UtteranceResult] = []
    for id in ids {
      let file = FileFacts(path: "\(id).wav")
      results.insertInOrder(UtteranceResult(id: id, reference: file, synthesis: file, alignment: nil, scores: []))
    }
    #expect(results.map(\.id) == ids.sorted())
    #expect(results.allSatisfy { $0.synthesis.path == "\($0.id).wav" })
  }
}
