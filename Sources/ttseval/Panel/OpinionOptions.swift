// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import ListeningPanel
import RunStore
import SpeechMetrics

/// Which listeners' scores stand beside a run's metrics: those of `--panel`, else of the latest panel that played these very files.
struct OpinionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The panel whose scores stand beside the metrics.",
      discussion:
        "Default: the latest that played these very files. One that is named may also be an import, which runs meet by names."
    ))
  var panel: String?

  /// Runs with what listeners said of them. Those that are compared are shown by one panel, if one heard them all.
  /// - Parameter console: told of what is rough.
  func added(to runs: [Run], from store: RunStore, _ console: Console? = nil) throws -> [Run] {
    let rated = try rated(runs, store)
    for line in Set(rated.flatMap(RunWarnings.ofListeners)).sorted() { console?.warn(line) }
    return rated
  }

  private func rated(_ runs: [Run], _ store: RunStore) throws -> [Run] {
    if let panel {
      let clips = try RatedClips(OpenedPanel(panel, in: store))
      guard runs.contains(where: clips.isAbout) else { throw UnratedRun(panel: panel) }
      return runs.map { $0.rated(in: clips) }
    }
    let panels = try store.panels().filter { $0.document != nil }.compactMap { panel in
      try? RatedClips(OpenedPanel(panel, in: store))
    }
    let common = panels.first { panel in runs.allSatisfy(panel.isAbout) }
    return runs.map { run in (common ?? panels.first { $0.isAbout(run) }).map(run.rated(in:)) ?? run }
  }
}

extension RatedClips {
  /// A panel of the store.
  /// - Throws: ``UnscoredPanel`` where its answers are no scores of single clips.
  init(_ opened: OpenedPanel) throws {
    let ratings = opened.ratings
    guard let plan = opened.plan else {
      let scale = opened.setup.scale?.opinion ?? .mos
      let range = scale.info.scale.range
      guard ratings.allSatisfy({ range.contains($0.score) && $0.against == nil }) else {
        let within = "\(range.lowerBound.formatted())…\(range.upperBound.formatted())"
        throw UnscoredPanel(
          name: opened.panel.name, reason: "its ratings are not all of single clips, within \(within)")
      }
      self.init(ratings, panel: opened.panel.hash, name: opened.panel.name, scale: scale, files: nil)
      return
    }
    guard let scale = PanelScale(rawValue: plan.method.rawValue)?.opinion else {
      throw UnscoredPanel(name: opened.panel.name, reason: "preferences of pairs are no scores of single clips")
    }
    // An anchor is made of the reference's file, and is not that.
    let files = plan.stimuli.filter { $0.lowpass == nil }.map {
      (PanelClip(system: $0.system, utterance: $0.utterance), $0.sha256)
    }
    self.init(
      ratings, panel: opened.panel.hash, name: opened.panel.name, scale: scale,
      files: Dictionary(files, uniquingKeysWith: { first, _ in first }))
  }
}

/// A panel that no run can show.
private struct UnscoredPanel: Error, CustomStringConvertible {
  let name: String
  let reason: String
  var description: String { "the panel “\(name)” cannot stand beside metrics: \(reason)" }
}

/// A panel that is about something else.
private struct UnratedRun: Error, CustomStringConvertible {
  let panel: String
  var description: String { "the listeners of “\(panel)” heard nothing of this" }
}
