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
        let rows = try opened.panels().map {
          ["\($0.hash.prefix(8))", $0.name, $0.document == nil ? "imported" : "planned"]
        }
        return try Console.print(PanelStatus.table(["panel", "name", "ratings"], rows))
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
