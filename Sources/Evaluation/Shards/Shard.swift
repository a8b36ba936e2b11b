// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
public import Foundation
public import Provenance

// A run in parts, each scored by itself, on any machine, into a store of its own; merge joins them. A part knows which it is
// and of what whole: facts among those of its run. The parts of one whole are equal in everything that moves a number and
// in the list of all its pairs; a digest of that is the whole's name, which every part finds without hearing of the others.

/// One part of a run: `3/8`.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
  /// From 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// - Returns: nil unless 1 ≤ `number` ≤ `count` ≤ 100,000.
  public init?(number: Int, of count: Int) {
    guard (1...100_000).contains(count), (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `3/8`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number: number, of: count)
  }

  /// As it is typed.
  public var description: String { "\(number)/\(count)" }

  /// The topic of the facts that a part's run carries: `number`, `count`, the whole's name `of` and its `pairs`; `launch` where a launcher
  /// began it.
  public static let topic = "shard"

  /// The topic of the facts that the joined run carries: `count`, `of`, `launch` where there was one, and `missing` where parts are.
  public static let wholeTopic = "shards"

  /// What a part's run says of itself.
  /// - Parameters:
  ///   - pairs: of the whole: parts that saw other files than each other do not add up to it.
  ///   - launch: what the parts that were begun together share; parts of two launches may have heard different sounds.
  public func facts(of whole: String, pairs: Int, launch: String? = nil) -> [Fact] {
    let facts = ["number": "\(number)", "count": "\(count)", "of": whole, "pairs": "\(pairs)", "launch": launch]
    return facts.compactMap { name, value in value.map { Fact(Self.topic, name, $0) } }.sorted { $0.name < $1.name }
  }

  /// What a joined run says of itself.
  /// - Parameter missing: numbers of the parts that are not complete.
  public static func facts(joining count: Int, of whole: String, launch: String?, missing: [Int]) -> [Fact] {
    let gaps = missing.isEmpty ? [] : [Fact(wholeTopic, "missing", missing.map(String.init).joined(separator: ", "))]
    let begun = launch.map { [Fact(wholeTopic, "launch", $0)] } ?? []
    return [Fact(wholeTopic, "count", "\(count)"), Fact(wholeTopic, "of", whole)] + begun + gaps
  }

  /// The joined run's id: the same for the same parts in the same order, and as good as never for others. The start of a SHA-256, in the
  /// form of RFC 9562's version 8.
  public static func id(joining parts: [UUID], of whole: String) -> UUID {
    let name = ([whole] + parts.map { $0.uuidString.lowercased() }).joined(separator: " ")
    var digits = Array(SHA256Digest.hex(of: name).prefix(32))
    digits[12] = "8"
    digits[16] = "8"
    let text = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    return UUID(uuidString: text) ?? UUID()
  }
}

extension Pairing {
  /// One part of these pairs. The parts take utterances in turn from the longest to the shortest, there and back, so that they differ in length by
  /// no more than about one utterance; references without a synthesis and the like stay with the first.
  /// - Parameter seconds: an utterance's length; what is not known counts as nothing.
  public func part(_ shard: Shard, seconds: (Utterance) -> Double?) -> Pairing {
    let lengths = utterances.map { seconds($0) ?? 0 }
    let longestFirst = utterances.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let own = longestFirst.enumerated().filter { place, _ in
      let (turn, seat) = place.quotientAndRemainder(dividingBy: shard.count)
      return (turn.isMultiple(of: 2) ? seat : shard.count - 1 - seat) == shard.number - 1
    }.map(\.element).sorted()
    return Pairing(
      systems: systems, utterances: own.map { utterances[$0] }, unmatched: shard.number == 1 ? unmatched : Unmatched())
  }

  /// An utterance's length by the header of its reference, in seconds; nil where it cannot be read.
  public static func seconds(_ utterance: Utterance) -> Double? {
    guard case .file(let path) = utterance.reference, let header = try? AudioFile.probe(path) else { return nil }
    return header.frames.map { Double($0) / Double(header.sampleRate) }
  }

  /// The name of a whole that is scored in parts: SHA-256 of all that its parts have in common.
  public func whole(_ settings: RunSettings, label: String?, shards: Int) -> String {
    let conditions = settings.conditions
    var lines = settings.metrics
    lines += [
      "\(conditions.analysisRate)", conditions.resampler, conditions.alignment.rawValue, conditions.channel ?? "",
      conditions.level ?? "", conditions.silence.rawValue, label ?? "", "\(shards)",
    ]
    lines += systems.flatMap { [$0.name, $0.path] }
    for utterance in utterances {
      lines.append("\(utterance.id)\t\(utterance.reference.path)")
      lines += utterance.partners.map { "\($0.system)\t\($0.file.path)" }
    }
    return SHA256Digest.hex(of: lines.joined(separator: "\n"))
  }

  /// At most so many of the utterances, evenly spaced.
  public func sample(_ count: Int) -> Pairing {
    guard utterances.count > count, count > 0 else { return self }
    return Pairing(
      systems: systems, utterances: (0..<count).map { utterances[$0 * utterances.count / count] }, unmatched: unmatched)
  }
}

extension Run {
  /// What a joined run lacks, in words; nil where it lacks no part.
  public var missingShards: String? {
    provenance[Shard.wholeTopic, "missing"].map {
      "of \(provenance[Shard.wholeTopic, "count"] ?? "?") parts these are missing: \($0)"
    }
  }
}
