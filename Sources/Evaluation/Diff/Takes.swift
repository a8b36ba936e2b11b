// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechMetrics

// Many TTS are random: they say a sentence differently each time. `synthesize --repeat` has them say it several times, and each
// take is a system of its own: `take1`, `take2`, … What two machines differ by means something only beside what two takes
// on one machine differ by.

/// Systems that are takes of one.
struct Takes {
  /// What the takes are of; `all takes` where they are called nothing else.
  let name: String
  /// Each take's results, by utterance; every utterance here has as many as there are takes.
  let utterances: [[UtteranceResult]]
  let path: String

  /// The systems of a run, takes of one together, in order.
  static func of(_ run: Run) -> [Takes] {
    var order: [String] = []
    var groups: [String: [SystemResult]] = [:]
    for system in run.systems {
      let name = base(system.name)
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(system)
    }
    return order.map { name in Takes(name, groups[name] ?? []) }
  }

  private init(_ name: String, _ systems: [SystemResult]) {
    self.name = name.isEmpty ? "all takes" : name
    path = systems.first?.path ?? ""
    let byID = systems.map { system in
      Dictionary(system.utterances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
    utterances = (systems.first?.utterances ?? []).compactMap { first in
      let takes = byID.compactMap { $0[first.id] }
      return takes.count == systems.count ? takes : nil
    }
  }

  private static let separators: Set<Character> = ["/", "_", "-", " ", "."]

  /// `modelA/take2` is a take of `modelA`.
  private static func base(_ name: String) -> String {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0, name.dropLast(digits).lowercased().hasSuffix("take") else { return name }
    var base = name.dropLast(digits + 4)
    // `intake1` is no take of `in`.
    guard base.last.map({ separators.contains($0) }) ?? true else { return name }
    while let last = base.last, separators.contains(last) { base.removeLast() }
    return String(base)
  }

  /// One system whose scores are the means over the takes; a score that a take lacks is lacking. Its sound is the same as
  /// another's if that of every take is.
  var averaged: SystemResult {
    SystemResult(name: name, path: path, utterances: utterances.map(Self.average))
  }

  private static func average(_ takes: [UtteranceResult]) -> UtteranceResult {
    var result = takes[0]
    guard takes.count > 1 else { return result }
    // Of several takes, no one's own stands for all.
    (result.speed, result.alignment) = (nil, nil)
    let sounds = takes.map(\.synthesis.audioSHA256)
    result.synthesis.audioSHA256 = sounds.contains(nil) ? nil : sounds.compactMap { $0 }.joined(separator: "+")
    result.scores = takes[0].scores.map { score in
      var mean = Score(metric: score.metric, signature: score.signature, outcome: score.outcome)
      let outcomes = takes.map { $0.score(score.metric)?.outcome ?? .undefined("a take has no score") }
      let values = outcomes.compactMap(\.value)
      mean.votes = values.count == takes.count ? takes.flatMap { $0.score(score.metric)?.votes ?? [] } : []
      mean.outcome =
        values.count == takes.count
        ? .value(values.reduce(0, +) / Double(values.count))
        : outcomes.first(where: \.isFailure) ?? outcomes.first { $0.value == nil } ?? score.outcome
      return mean
    }
    return result
  }

  /// The greatest difference of two takes of one utterance under a metric; nil with one take.
  func spread(_ metric: String) -> Double? {
    utterances.compactMap { takes -> Double? in
      let values = takes.compactMap { $0.score(metric)?.outcome.value }
      guard values.count > 1, let least = values.min(), let greatest = values.max() else { return nil }
      return greatest - least
    }.max()
  }
}

extension Outcome {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
