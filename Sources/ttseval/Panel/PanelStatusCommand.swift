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
        let panels = try opened.panels()
        guard !panels.isEmpty else { return try Console.print("no panels\n") }
        let rows = panels.map {
          ["\($0.hash.prefix(8))", $0.name, $0.addedAt.formatted(.iso8601), Self.progress(of: $0, in: opened)]
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

  /// How far a panel is, in a few words. One that cannot be read does not hide the others.
  private static func progress(of panel: StoredPanel, in store: RunStore) -> String {
    do {
      guard let document = panel.document else {
        let ratings = try store.importedRatings(of: panel)
        return "\(ratings.count) ratings of \(Set(ratings.map(\.listener)).count) listeners, from elsewhere"
      }
      let places = try PanelPlan(frozen: document).listeners.count
      let ends = try store.sessions(of: panel).map(\.finish)
      return
        "\(ends.count { $0 == .complete }) of \(places) listeners have finished, \(ends.count { $0 == nil }) are under way"
    } catch {
      return "cannot be read: \(error)"
    }
  }
}
