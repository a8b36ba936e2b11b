// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics

// A MOS among a run's scores. A panel that played a run's very files (by the SHA-256 of their bytes) says something of that run, whatever
// either calls its systems; ratings from elsewhere have nothing but names. Either way each clip's mean is a row beside the metrics',
// with the votes behind it: means over clips and differences of runs go by them, as votes of one listener resemble each other.

/// A panel's votes, by clip.
public struct RatedClips: Sendable, Equatable {
  /// What people call the panel.
  public let name: String
  /// The scale its scores are read on.
  public let scale: OpinionScale
  /// Of its scores.
  public let signature: Signature
  private let votes: [Key: [Vote]]

  private enum Key: Hashable {
    case file(sha256: String)
    case clip(PanelClip)
  }

  /// A panel's votes.
  /// - Parameters:
  ///   - ratings: of any kind; gold, catch and repeated trials are passed over.
  ///   - hash: the panel's.
  ///   - name: what people call it.
  ///   - scale: what the ratings are scores of.
  ///   - files: the SHA-256 of each clip's file; nil where nothing but names is known.
  public init(
    _ ratings: [PanelRating], panel hash: String, name: String, scale: OpinionScale, files: [PanelClip: String]?
  ) {
    self.name = name
    self.scale = scale
    signature = scale.signature(panel: hash)
    votes = ratings.filter { $0.kind == .rated }.reduce(into: [:]) { votes, rating in
      let clip = PanelClip(system: rating.system, utterance: rating.utterance)
      guard let files else { return votes[.clip(clip), default: []].append(Vote(rating)) }
      if let sha256 = files[clip] { votes[.file(sha256: sha256), default: []].append(Vote(rating)) }
    }
  }

  /// Whether a listener heard anything of a run.
  public func isAbout(_ run: Run) -> Bool {
    run.systems.contains { system in system.utterances.contains { votes(system.name, $0) != nil } }
  }

  fileprivate func votes(_ system: String, _ utterance: UtteranceResult) -> [Vote]? {
    utterance.synthesis.fileSHA256.flatMap { votes[.file(sha256: $0)] }
      ?? votes[.clip(PanelClip(system: system, utterance: utterance.id))]
  }
}

extension Vote {
  fileprivate init(_ rating: PanelRating) { self.init(listener: rating.listener, score: rating.score) }
}

extension Run {
  /// The run with what listeners said of its sounds as its last score; without a vote as it is.
  public func rated(in panel: RatedClips) -> Run {
    var run = self
    guard panel.isAbout(self) else { return run }
    run.settings.metrics.append(panel.scale.rawValue)
    for system in run.systems.indices {
      for place in run.systems[system].utterances.indices {
        guard let votes = panel.votes(run.systems[system].name, run.systems[system].utterances[place]) else { continue }
        let mean = votes.reduce(0) { $0 + $1.score } / Double(votes.count)
        run.systems[system].utterances[place].scores.append(
          Score(metric: panel.scale.rawValue, signature: panel.signature, outcome: .value(mean), votes: votes))
      }
    }
    return run
  }

  /// How many listeners a score is of; nil for a metric.
  public func listeners(_ metric: String) -> Int? {
    guard OpinionScale(rawValue: metric) != nil else { return nil }
    let scores = systems.lazy.flatMap(\.utterances).compactMap { $0.score(metric) }
    return Set(scores.flatMap(\.votes).map(\.listener)).count
  }
}
