// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import ListeningPanel
import Reporting
import RunStore

/// `ttseval panel`: listeners, from a design to a MOS.
struct PanelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "panel",
    abstract: "Holds listening panels in the terminal: plans them, runs sessions, and analyses what listeners said.",
    discussion: """
        ttseval panel plan --example > panel.yaml        a working design, to be changed
        ttseval panel plan panel.yaml                    checks it, and freezes it as panel.plan.json
        ttseval panel run panel.plan.json --listener a7  a session; the same command goes on with it
        ttseval panel status panel                       who did what
        ttseval panel analyse panel                      MOS with intervals, comparisons, agreement, screening

      PANEL is a name (that of the plan's file, without .plan.json, or what import was given), or the start of a plan's hash.
      """,
    subcommands: [
      PanelPlanCommand.self, PanelRunCommand.self, PanelStatusCommand.self, PanelAnalyseCommand.self,
      PanelExportCommand.self, PanelImportCommand.self,
    ])
}

/// A panel of the store, with what its sessions hold.
struct OpenedPanel {
  let panel: StoredPanel
  /// nil for ratings from elsewhere.
  let plan: PanelPlan?
  let sessions: [PanelSession]
  private let votes: [(listener: String, vote: PanelVote)]
  private let imported: [PanelRating]

  init(_ name: String, in store: RunStore) throws { try self.init(try store.panel(matching: name), in: store) }

  init(_ panel: StoredPanel, in store: RunStore) throws {
    self.panel = panel
    plan = try panel.document.map { try PanelPlan(frozen: $0) }
    let stored = try store.sessions(of: panel)
    sessions = try plan.map { plan in try stored.map { try PanelSession($0, of: plan) } } ?? []
    votes =
      try plan.map { plan in
        try stored.flatMap { session in
          PanelVote.all(of: try session.panelEvents(), plan: plan, slot: session.slot).map {
            (session.listener, $0)
          }
        }
      } ?? []
    imported = plan == nil ? try store.importedRatings(of: panel) : []
  }

  /// All ratings that stand, practice left out.
  var ratings: [PanelRating] { rows.map(\.rating) }

  /// The same, with what was stored beside them.
  var rows: [PanelExportRow] {
    guard let plan else { return imported.map { PanelExportRow($0) } }
    let intake = Dictionary(sessions.map { ($0.listener, $0.record.intake) }, uniquingKeysWith: { first, _ in first })
    return votes.filter { $0.vote.kind != .training }.map { listener, vote in
      PanelExportRow(
        rating(vote, listener, plan), comment: vote.comment,
        device: vote.device, underruns: vote.underruns, intake: intake[listener] ?? [:])
    }
  }

  private func rating(_ vote: PanelVote, _ listener: String, _ plan: PanelPlan) -> PanelRating {
    // Of a preference 1 stands for the first, 0 for the other, ½ for neither.
    let score = plan.method == .ab ? [0.5, 1, 0][vote.score] : Double(vote.score)
    let against: String? =
      switch plan.method {
      case .ab: vote.systems.dropFirst().first
      case .ccr: plan.reference
      default: nil
      }
    // A recording from outside the systems is somebody's, for the screening.
    return PanelRating(
      listener: listener, system: vote.systems.first ?? "", utterance: vote.utterance, score: score, against: against,
      order: vote.trial + 1, kind: PanelRating.Kind(vote.kind),
      reactionSeconds: vote.clipSeconds + vote.reactionSeconds,
      clipSeconds: vote.clipSeconds, isRight: vote.isRight)
  }

  /// How the panel is to be analysed.
  func options(margin: Double?) -> PanelOptions {
    var options = PanelOptions(setup)
    options.margin = margin
    return options
  }

  /// How it was held.
  var setup: PanelSetup {
    guard let plan else { return panel.setup }
    return PanelSetup(
      scale: PanelScale(rawValue: plan.method.rawValue), reference: plan.method == .mushra ? plan.reference : nil,
      anchors: Set(plan.stimuli.filter { $0.lowpass != nil }.map(\.system)).sorted())
  }
}

extension StoredSession {
  /// Its events as the panel knows them.
  func panelEvents() throws(PanelError) -> [PanelEvent] {
    var known: [PanelEvent] = []
    for event in events { known.append(try event.panelEvent()) }
    return known
  }

  /// How it ended; nil while it has not. One event tells, which is quicker than all.
  var finish: PanelEvent.Finish? {
    guard let last = events.last(where: { $0.kind == "finished" }),
      case .finished(let finish) = try? last.panelEvent().body
    else { return nil }
    return finish
  }
}

extension StoredEvent {
  fileprivate func panelEvent() throws(PanelError) -> PanelEvent {
    try PanelEvent(number: number, time: PanelTime(utc: utc, monotonic: monotonic), kind: kind, details: body)
  }
}

extension PanelSession {
  /// A session as it is stored.
  init(_ stored: StoredSession, of plan: PanelPlan, keys: KeyBindings = KeyBindings()) throws(PanelError) {
    try self.init(
      plan: plan, slot: stored.slot, listener: stored.listener, events: try stored.panelEvents(), keys: keys)
  }
}

extension PanelRating.Kind {
  fileprivate init(_ kind: PlannedTrial.Kind) {
    switch kind {
    case .rated, .training: self = .rated
    case .gold: self = .gold
    case .catch: self = .catch
    case .repeat: self = .repeat_
    }
  }
}
