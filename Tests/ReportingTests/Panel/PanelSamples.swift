// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation

/// A panel of which system b is a good point better than a, and c is a with another name and a little noise, not the same for all.
func samplePanel(listeners: Int = 12, systemA: String = "a") -> [PanelRating] {
  var ratings = [PanelRating]()
  for listener in 0..<listeners {
    for utterance in 0..<6 {
      let own = Double((listener * 5 + utterance * 3) % 4) * 0.5
      let noise = Double((listener * 7 + utterance * 11) % 3 - 1) * 0.5
      let taste = Double(listener % 3 - 1) * 0.05
      for (system, score) in [
        (systemA, 2 + own), ("b", 3.5 + own * 0.5 + noise * 0.2), ("c", 2 + own + noise * 0.1 + taste),
      ] {
        ratings.append(PanelRating(listener: "L\(listener)", system: system, utterance: "u\(utterance)", score: score))
      }
    }
  }
  return ratings
}

/// Votes of which b wins clearly against the others, which are much alike; some for neither.
func sampleVotes(systemA: String = "a") -> [PanelRating] {
  (0..<12).flatMap { listener in
    (0..<6).flatMap { utterance in
      [(systemA, "b"), (systemA, "c"), ("b", "c")].enumerated().map { place, pair in
        let draw = (listener * 5 + utterance * 3 + place) % 8
        let score = [[0, 0, 1, 0, 0, 0, 0.5, 0], [0, 1, 0, 1, 0, 1, 0.5, 1], [1, 1, 0, 1, 1, 1, 1, 1]][place][draw]
        return PanelRating(
          listener: "L\(listener)", system: pair.0, utterance: "u\(utterance)", score: score, against: pair.1)
      }
    }
  }
}

func sampleAnalysis(
  _ ratings: [PanelRating], margin: Double? = nil, change: (inout PanelOptions) -> Void = { _ in }
) throws -> PanelAnalysis {
  var options = PanelOptions()
  options.resamples = 300
  options.margin = margin
  change(&options)
  return try PanelAnalysis(ratings, plan: "p1", options: options)
}

/// Whether both are there and agree to the digits that a parser keeps.
func near(_ value: Double?, _ other: Double?) -> Bool {
  value.flatMap { value in other.map { abs(value - $0) < 1e-13 } } ?? false
}
