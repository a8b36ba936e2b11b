// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import SpeechMetrics
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func utterance(_ index: Int) -> UtteranceResult {
    .sample(
      "clip-\(1000 + index)", reference: 1, synthesis: UInt8(index % 200),
      scores: [
        Score(metric: "stoi", signature: .stoi, outcome: .value(Double(index))),
        Score(metric: "lsd", signature: .lsd, outcome: .undefined("no")),
      ])
  }

  @Test func twoConnectionsWriteAtOnce() throws {
    let errors = Mutex<[String]>([])
    // Also creates the store from two sides at once.
    DispatchQueue.concurrentPerform(iterations: 2) { side in
      do {
        let store = try RunStore(path: folder.store)
        let id = UUID(start: "0000000\(side)")
        try store.begin(.empty("0000000\(side)"))
        for index in 0..<100 {
          try store.record([("modelA", utterance(2 * index)), ("modelA", utterance(2 * index + 1))], run: id)
        }
        try store.finish(run: id, at: Date(timeIntervalSince1970: 1_770_000_001))
      } catch {
        errors.withLock { $0.append("\(error)") }
      }
    }
    #expect(errors.withLock { $0 } == [])
    let store = try RunStore(existing: folder.store)
    #expect(try store.runs().map(\.pairs) == [200, 200])
    #expect(try store.runs().map(\.state) == [.complete, .complete])
    let first = try store.load(UUID(start: "00000000"))
    #expect(first.systems == (try store.load(UUID(start: "00000001"))).systems)
    #expect(first.systems[0].utterances == (0..<200).map(utterance))
    #expect(try store.problems() == [])
  }

  @Test func manyConnectionsCreateTheStoreTogether() throws {
    for round in 0..<15 {
      let path = folder["deep/\(round)/store.sqlite"]
      let errors = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 4) { side in
        do {
          try RunStore(path: path).begin(.empty("0000000\(side)"))
        } catch {
          errors.withLock { $0.append("\(error)") }
        }
      }
      #expect(errors.withLock { $0 } == [])
      #expect(try RunStore(existing: path).runs().count == 4)
    }
  }

  /// The files of a store in use are what a killed process leaves behind.
  @Test func whatAKilledProcessLeavesIsKept() throws {
    let store = try RunStore(path: folder.store)
    try store.begin(.empty())
    for index in 0..<50 { try store.record([("modelA", utterance(index))], run: Run.empty().id) }
    let left = try TemporaryFolder()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: folder.store + suffix, toPath: left.store + suffix)
    }
    let found = try RunStore(path: left.store)
    #expect(try found.problems() == [])
    #expect(try found.runs().map(\.state) == [.incomplete])
    #expect(try found.load(Run.empty().id) == (try store.load(Run.empty().id)))
    #expect(try found.finished(reference: hash(1), synthesis: hash(49), conditions: .sample) != nil)
  }

  /// Cutting the log anywhere loses transactions from its end, never the store.
  @Test func aTornLogLosesItsEndOnly() throws {
    let store = try RunStore(path: folder.store)
    try store.begin(.empty())
    for index in 0..<20 { try store.record([("modelA", utterance(index))], run: Run.empty().id) }
    let log = try Data(contentsOf: URL(fileURLWithPath: folder.store + "-wal"))
    for tenths in 1...9 {
      let left = try TemporaryFolder()
      try FileManager.default.copyItem(atPath: folder.store, toPath: left.store)
      try log.prefix(log.count * tenths / 10 + 7).write(to: URL(fileURLWithPath: left.store + "-wal"))
      let found = try RunStore(path: left.store)
      #expect(try found.problems() == [])
      guard let run = try? found.load(Run.empty().id) else { continue }
      #expect(run.systems[0].utterances == (0..<run.systems[0].utterances.count).map(utterance))
    }
  }
}
