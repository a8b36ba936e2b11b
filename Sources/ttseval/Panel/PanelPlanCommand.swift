// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import ListeningPanel

/// `ttseval panel plan DESIGN.yaml`.
struct PanelPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Checks a design and every recording in it, balances the order, and freezes the plan under a hash.",
    discussion: """
      Says how many votes each recording gets, how long a listener sits, and what difference the panel can find. The plan \
      is written beside the design (paths in it start there): keep them together. Nothing is rated outside a plan.
      """)

  @Argument(help: ArgumentHelp("The design, a YAML file.", valueName: "design")) var design: String?
  @Flag(help: "Print a working design over reference_audio, to be changed.") var example = false
  @Flag(help: "Replace a plan that is there and differs. Sessions of the old one stay with the old one.") var replace =
    false

  func validate() throws {
    guard (design == nil) == example else {
      throw ValidationError(example ? "--example prints a design, and reads none" : "give a design, or --example")
    }
  }

  func run() throws {
    let console = Console(quiet: false)
    do {
      guard let design else { return try Console.print(PanelDesign.example()) }
      guard let data = FileManager.default.contents(atPath: design) else { throw UnreadableFile(path: design) }
      let read = try PanelDesign(yaml: String(decoding: data, as: UTF8.self), path: design)
      let plan = try Planner.plan(read)
      let path = Self.path(of: design)
      if let there = FileManager.default.contents(atPath: path), there != Data(plan.frozen().utf8), !replace {
        throw OutputError(path: path, reason: "another plan is there; --replace takes its place")
      }
      try TextFile.write(plan.frozen(), to: path)
      for note in plan.notes { console.note(note) }
      let lines = PlanSummary(plan).lines + ["frozen as \(path), \(plan.hash.prefix(12))"]
      try Console.print(lines.map { $0 + "\n" }.joined())
    } catch PanelError.stimuli(let lines) {
      for line in lines { console.warn(line) }
      throw console.stop(PanelError.design("nothing is frozen: \(lines.count) things are wrong with the recordings"))
    } catch {
      throw console.stop(error)
    }
  }

  /// `panel.yaml` → `panel.plan.json`.
  static func path(of design: String) -> String { (design as NSString).deletingPathExtension + ".plan.json" }

  /// `dir/panel.plan.json` → `panel`.
  static func name(of plan: String) -> String {
    let file = ((plan as NSString).lastPathComponent as NSString).deletingPathExtension
    return file.hasSuffix(".plan") ? String(file.dropLast(".plan".count)) : file
  }
}

/// A file that cannot be read.
struct UnreadableFile: Error, CustomStringConvertible {
  let path: String
  var description: String { "\(path): no such file, or not readable" }
}
