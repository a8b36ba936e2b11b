// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import ListeningPanel
import Reporting
import RunStore

/// `ttseval panel status PANEL`: who did what.
struct PanelStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Who did what, how many votes each recording has, and what is missing.")

  @Argument(help: ArgumentHelp("The panel (default: a list of all).", valueName: "panel")) var panel: String?
  @OptionGroup var store: StoreOptions

  func run() throws {
    let console = Console(quiet: false)
    do {
      let opened = try RunStore(existing: store.path)
      guard let panel else {
        let panels = try opened.panels().map { try OpenedPanel($0, in: opened) }
        guard !panels.isEmpty else { return try Console.print("no panels\n") }
        let rows = panels.map {
          ["\($0.panel.hash.prefix(8))", $0.panel.name, $0.panel.addedAt.formatted(.iso8601), $0.progressInWords]
        }
        return try Console.print(PanelStatus.table(["panel", "name", "here since (UTC)", ""], rows))
      }
      let found = try OpenedPanel(panel, in: opened)
      guard let plan = found.plan else {
        return try Console.print("\(found.panel.name): \(found.ratings.count) ratings from elsewhere\n")
      }
      try Console.print(PanelStatus.render(PanelProgress(plan, found.sessions)))
    } catch {
      throw console.stop(error)
    }
  }
}

extension OpenedPanel {
  /// How far it is, in a few words.
  fileprivate var progressInWords: String {
    guard let plan else {
      return "\(ratings.count) ratings of \(Set(ratings.map(\.listener)).count) listeners, from elsewhere"
    }
    let finished = sessions.count { $0.record.finish == .complete }
    let going = sessions.count { $0.record.finish == nil }
    return "\(finished) of \(plan.listeners.count) listeners have finished, \(going) are under way"
  }
}
