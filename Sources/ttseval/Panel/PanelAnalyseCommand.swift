// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import RunStore

/// `ttseval panel analyse PANEL`.
struct PanelAnalyseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyse",
    abstract:
      "MOS with intervals that know of listeners and sentences, comparisons, agreement, screening with and without.",
    discussion: """
      The headline interval is of a two-way clustered standard error: as if other listeners had heard other sentences. \
      “Not significant” is not “equal”: that is what TOST, with --margin, is for. Preferences (AB) are tested as votes.

        ttseval panel analyse voices
        ttseval panel analyse voices --report reports/voices.html,reports/voices.json
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, html

    init?(path: String) {
      switch (path as NSString).pathExtension.lowercased() {
      case "txt": self = .table
      case "json": self = .json
      case "html", "htm": self = .html
      default: return nil
      }
    }
  }

  @Argument(help: ArgumentHelp("The panel.", valueName: "panel")) var panel: String
  @Option(help: "A difference that counts as none, in steps of the scale (default: 0.5; of MUSHRA 10).") var margin:
    Double?
  @Option(help: ArgumentHelp("Files to write, by extension: .html, .json, .txt; with commas.")) var report: [String] =
    []
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout.") var format: Format = .table

  func validate() throws {
    guard margin.map({ $0 > 0 && $0.isFinite }) ?? true else { throw ValidationError("--margin is above 0") }
    for path in FormatOption.paths(report) where Format(path: path) == nil {
      throw ValidationError("--report \(path): the name must end in .html, .json or .txt")
    }
  }

  func run() throws {
    let console = Console(quiet: false)
    do {
      let opened = try OpenedPanel(panel, in: try RunStore(existing: store.path))
      for path in FormatOption.paths(report) { try FormatOption.makeFolder(of: path) }
      let rehearsals = opened.sessions.filter { $0.record.rehearsal != nil }.map(\.listener)
      if !rehearsals.isEmpty {
        console.warn("held by a script or without sound, and counted: \(rehearsals.joined(separator: ", "))")
      }
      let analysis = try PanelAnalysis(
        opened.ratings, plan: opened.panel.name, options: opened.options(margin: margin))
      try Console.print(try format.render(analysis, opened))
      for path in FormatOption.paths(report) {
        try Format(path: path).map { try TextFile.write(try $0.render(analysis, opened), to: path) }
      }
    } catch {
      throw console.stop(error)
    }
  }
}

extension PanelAnalyseCommand.Format {
  fileprivate func render(_ analysis: PanelAnalysis, _ opened: OpenedPanel) throws -> String {
    switch self {
    case .table: return PanelText.render(analysis)
    case .json: return try PanelJSON.render(analysis, planHash: opened.plan == nil ? nil : opened.panel.hash)
    case .html:
      let made = opened.panel.addedAt.formatted(.iso8601)
      return PanelPage.render(
        analysis, title: opened.panel.name,
        facts: [
          (opened.plan == nil ? "ratings from elsewhere, SHA-256" : "plan, SHA-256", opened.panel.hash),
          ("in the store since", made),
          ("ttseval", TTSEval.version),
        ])
    }
  }
}

/// `ttseval panel export PANEL`.
struct PanelExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Prints a panel's ratings as CSV or JSON.")

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case long, wide, webmushra, json }

  @Argument(help: ArgumentHelp("The panel.", valueName: "panel")) var panel: String
  @Option(
    help:
      "A row for each rating, a column for each listener, the columns of webMUSHRA's results, or everything as JSON.")
  var format: Format = .long
  @OptionGroup var store: StoreOptions

  func run() throws {
    do {
      let opened = try OpenedPanel(panel, in: try RunStore(existing: store.path))
      switch format {
      case .long: try Console.print(PanelExport.long(opened.rows, setup: opened.setup))
      case .wide: try Console.print(PanelExport.wide(opened.ratings))
      case .webmushra: try Console.print(PanelExport.webMUSHRA(opened.rows, plan: opened.panel.name))
      case .json:
        try Console.print(
          try PanelExport.json(
            opened.rows, plan: opened.panel.name, setup: opened.setup))
      }
    } catch {
      throw Console(quiet: false).stop(error)
    }
  }
}

/// `ttseval panel import FILE.csv`.
struct PanelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Takes in ratings of any origin, as a table in long form.",
    discussion: """
        ttseval panel import ratings.csv --columns listener=worker,system=model,stimulus=file,score=mos

      Further columns: utterance (the sentence, which pairs systems; without it the stimulus does), against (the other \
      system of a trial that compares two), session, order, kind (rated, gold, catch, repeat), right (true, false: was \
      gold answered as it should be), reaction and clip (seconds), scale, role (reference, anchor). A .json file is a list \
      of objects with these keys. Of what export writes, ratings and how the panel was held are read back; what else is \
      there, such as comments, is named and left out.
      """)

  @Argument(help: ArgumentHelp("A CSV or JSON file.", valueName: "file")) var file: String
  @Option(help: "What its columns are called, where they are not listener, system, stimulus, score.") var columns:
    String?
  @Option(help: "What to call the panel (default: the file's name).") var name: String?
  @Option(
    help: ArgumentHelp("How listeners were asked, where the file does not say; needed where two systems were compared.")
  )
  var scale: PanelScale?
  @Option(help: ArgumentHelp("The hidden reference, of mushra.", valueName: "system")) var reference: String?
  @Option(help: ArgumentHelp("An anchor, of mushra; several times for several.", valueName: "system"))
  var anchor: [String] = []
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard name?.isEmpty != true else { throw ValidationError("--name is empty") }
    guard name?.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) != true else {
      throw ValidationError("--name has a control character")
    }
    guard scale == nil || scale == .mushra || reference == nil && anchor.isEmpty else {
      throw ValidationError("--reference and --anchor are of --scale mushra")
    }
    guard columns == nil || !PanelImport.isJSON(file) else { throw ValidationError("--columns is of CSV files") }
  }

  func run() throws {
    let console = Console(quiet: false)
    do {
      let setup = PanelSetup(scale: scale, reference: reference, anchors: Set(anchor).sorted())
      let imported = try PanelImport.panel(file, columns: columns, setup: setup)
      guard let hash = PanelImport.digest(file, columns: columns, setup: setup) else {
        throw UnreadableFile(path: file)
      }
      for note in imported.notes { console.warn(note) }
      let ratings = imported.ratings
      let stem = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
      let panel = StoredPanel(
        hash: hash, name: name ?? stem, addedAt: Date(), document: nil, setup: imported.setup)
      let opened = try RunStore(path: store.path)
      if let known = try opened.panels().first(where: { $0.hash == hash }) {
        console.note("these ratings were taken in before, as \(known.name)")
        return
      }
      // Two panels of one name can be told apart by their hashes alone.
      guard try !opened.panels().contains(where: { $0.name == panel.name }) else { throw PanelNameTaken(panel.name) }
      _ = try opened.add(ratings, as: panel)
      console.note(
        "\(ratings.count) ratings of \(Set(ratings.map(\.listener)).count) listeners taken in as \(panel.name)")
    } catch {
      throw console.stop(error)
    }
  }
}

/// A panel of that name is here already.
private struct PanelNameTaken: Error, CustomStringConvertible {
  let name: String
  init(_ name: String) { self.name = name }
  var description: String { "there is a panel “\(name)” already; give these ratings another name: --name" }
}

extension PanelScale: ExpressibleByArgument {}
