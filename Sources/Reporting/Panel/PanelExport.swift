// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation

/// A panel's ratings as CSV (RFC 4180).
public enum PanelExport {
  /// One row a rating, under the headings that ``PanelCSV`` reads by itself.
  public static func long(_ ratings: [PanelRating]) -> String {
    let rows = ratings.map { rating -> [String] in
      let trial = [rating.session ?? "", rating.order.map { "\($0)" } ?? "", rating.kind.rawValue]
      let times = [rating.reactionSeconds, rating.clipSeconds].map { seconds in seconds.map { "\($0)" } ?? "" }
      return [rating.listener, rating.system, rating.utterance, "\(rating.score)"] + trial + times
    }
    return text([["listener", "system", "stimulus", "score", "session", "order", "kind", "reaction", "clip"]] + rows)
  }

  /// One row a clip, one column a listener, of the trials that are analysed; a clip that a listener rated several times has
  /// the mean.
  public static func wide(_ ratings: [PanelRating]) -> String {
    struct Clip: Hashable {
      let system: String
      let utterance: String
    }
    let rated = ratings.filter { $0.kind == .rated }
    let listeners = Set(rated.map(\.listener)).sorted()
    let clips = Dictionary(grouping: rated) { Clip(system: $0.system, utterance: $0.utterance) }
    let rows = clips.sorted { ($0.key.system, $0.key.utterance) < ($1.key.system, $1.key.utterance) }.map {
      clip, votes in
      let byListener = Dictionary(grouping: votes, by: \.listener)
      return [clip.system, clip.utterance]
        + listeners.map { listener in
          byListener[listener].map { votes in "\(votes.reduce(0) { $0 + $1.score } / Double(votes.count))" } ?? ""
        }
    }
    return text([["system", "utterance"] + listeners] + rows)
  }

  /// One row a rating, under the headings of webMUSHRA's results: a trial is an utterance, a stimulus a system.
  /// - Parameter plan: the test's name.
  public static func webMUSHRA(_ ratings: [PanelRating], plan: String) -> String {
    let rows = ratings.filter { $0.kind == .rated }.map { rating -> [String] in
      let milliseconds = rating.reactionSeconds.map { "\(Int((1000 * $0).rounded()))" } ?? ""
      return [plan, rating.listener, rating.utterance, rating.system, "\(rating.score)", milliseconds, ""]
    }
    let header = [
      "session_test_id", "participant", "trial_id", "rating_stimulus", "rating_score", "rating_time", "rating_comment",
    ]
    return text([header] + rows)
  }

  /// Numbers stay numbers: one that leads with a minus is no formula.
  private static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map { Double($0) == nil ? PlainText.csv($0) : $0 }.joined(separator: ",") + "\r\n" }.joined()
  }
}
