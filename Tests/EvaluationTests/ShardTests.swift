// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import SpeechMetrics
import Testing

/// Runs in parts.
@Suite struct ShardTests {
  @Test func isReadAsItIsTyped() {
    #expect(Shard("3/8")?.number == 3 && Shard("3/8")?.count == 8 && Shard("3/8")?.description == "3/8")
    for bad in ["9/8", "0/8", "3", "3/", "/8", "3/8/1", "a/b", "1/0", "-1/2", "1/100001"] { #expect(Shard(bad) == nil) }
  }

  private func pairing(_ count: Int, systems: [String] = ["a"]) throws -> Pairing {
    let folder = try TemporaryFolder()
    for name in 0..<count {
      try folder.touch("ref/\(100 + name).wav")
      for system in systems { try folder.touch("\(system)/\(100 + name).wav") }
    }
    try folder.touch("ref/alone.wav")
    return try Pairing(
      reference: folder.path + "/ref", systems: systems.map { Pairing.Argument(path: "\(folder.path)/\($0)") })
  }

  @Test(arguments: [(1, 3), (7, 3), (100, 7), (5, 1)])
  func partsAreAllAndNothingTwice(_ count: Int, _ shards: Int) throws {
    let whole = try pairing(count)
    let parts = (1...shards).compactMap { Shard(number: $0, of: shards) }.map { whole.part($0) { _ in nil } }
    #expect(parts.flatMap(\.utterances).map(\.id).sorted() == whole.utterances.map(\.id))
    #expect(parts.map(\.unmatched.reference.count) == [1] + Array(repeating: 0, count: shards - 1))
    #expect(parts.allSatisfy { $0.utterances.map(\.id) == $0.utterances.map(\.id).sorted() })
  }

  @Test func partsAreOfOneLength() throws {
    let whole = try pairing(101)
    // A few long ones among many short ones: 0.5 s to 50 s.
    let seconds: (Pairing.Utterance) -> Double? = { utterance in
      let number = Double(utterance.id).map { $0 - 100 } ?? 0
      return 0.5 + 49.5 * pow(number.truncatingRemainder(dividingBy: 17) / 16, 4)
    }
    let lengths = (1...8).compactMap { Shard(number: $0, of: 8) }.map { shard in
      whole.part(shard, seconds: seconds).utterances.compactMap(seconds).reduce(0, +)
    }
    let (least, greatest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    #expect(greatest - least <= 50 && least > 0)
    // In the order of names, by eights, it would be much worse.
    #expect(greatest / least < 1.6)
  }

  @Test func aWholeIsKnownByWhatItsPartsShare() throws {
    let conditions = Signature.Conditions(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay)
    let settings = RunSettings(metrics: ["stoi"], conditions: conditions)
    let pairs = try pairing(4)
    let name = pairs.whole(settings, label: nil, shards: 2)
    #expect(name == pairs.whole(settings, label: nil, shards: 2))
    var others = [pairs.whole(settings, label: "x", shards: 2), pairs.whole(settings, label: nil, shards: 3)]
    others.append(pairs.whole(RunSettings(metrics: ["estoi"], conditions: conditions), label: nil, shards: 2))
    others.append(pairs.sample(3).whole(settings, label: nil, shards: 2))
    #expect(Set(others + [name]).count == 5)
  }

  @Test func aSampleIsSpreadEvenly() throws {
    let pairs = try pairing(10)
    #expect(pairs.sample(20) == pairs && pairs.sample(10) == pairs)
    #expect(pairs.sample(5).utterances.map(\.id) == ["100", "102", "104", "106", "108"])
  }

  @Test func aJoinedRunsIdIsThatOfItsParts() {
    let parts = [UUID(), UUID()]
    #expect(Shard.id(joining: parts, of: "w") == Shard.id(joining: parts, of: "w"))
    #expect(Shard.id(joining: parts, of: "w") != Shard.id(joining: parts.reversed(), of: "w"))
    #expect(Shard.id(joining: parts, of: "w") != Shard.id(joining: parts, of: "v"))
    #expect(Shard.id(joining: parts, of: "w").uuidString.dropFirst(14).first == "8")
  }
}
