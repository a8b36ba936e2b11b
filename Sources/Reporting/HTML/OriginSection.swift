// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Provenance
internal import SpeechMetrics

/// Conditions, signatures, and where and with what the run was made.
enum OriginSection {
  static func content(_ run: Run) -> [String: Any] {
    let conditions = run.settings.conditions
    let facts: [(String, String?)] = [
      ("alignment", conditions.alignment.rawValue), ("analysis rate", "\(conditions.analysisRate) Hz"),
      ("resampler", conditions.resampler), ("silence", conditions.silence.rawValue), ("channel", conditions.channel),
      ("level", conditions.level), ("host", run.host.id), ("processor", "\(run.host.cpu), \(run.host.cores) cores"),
      ("gpu", run.host.gpu), ("system", run.host.os), ("container", run.host.container),
    ]
    let folders = run.systems.map { ("folder of \($0.name)", Optional($0.path)) }
    let signatures = run.settings.metrics.flatMap { id in
      let found = Set(run.systems.flatMap { $0.utterances.compactMap { $0.score(id)?.signature.description } })
      return found.sorted().map { (id, Optional($0)) }
    }
    let surroundings = run.provenance.facts.map { ("\($0.topic) \($0.name)", Optional($0.value)) }
    return [
      "facts": entries(facts + folders), "signatures": entries(signatures), "surroundings": entries(surroundings),
      "hasSurroundings": !surroundings.isEmpty,
    ]
  }

  private static func entries(_ pairs: [(String, String?)]) -> [[String: String]] {
    pairs.compactMap { name, value in value.map { ["name": name, "value": $0] } }
  }
}
