// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import RunStore

/// `ttseval correlate PANEL RUN`: listeners against metrics.
struct CorrelateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correlate",
    abstract: "Says how well each stored metric predicts these listeners, after ITU-T P.1401.",
    discussion: """
      PANEL and RUN meet by the names of systems and utterances. Coefficients of utterances and of systems, with intervals \
      that know of listeners and sentences; a monotone map, judged on sentences it was not fitted to; the ceiling that \
      the listeners' own noise sets; which metric is best, and whether its lead is real.

        ttseval correlate voices nightly
        ttseval correlate voices nightly --plot plots/
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: ArgumentHelp("The panel.", valueName: "panel")) var panel: String
  @Argument(help: ArgumentHelp("A run whose systems it rated.", valueName: "run")) var which: String
  @Option(help: ArgumentHelp("A folder for scatter plots, METRIC.svg and METRIC-systems.svg.", valueName: "folder"))
  var plot: String?
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout.") var format: Format = .table

  func run() throws {
    let console = Console(quiet: false)
    do {
      let opened = try RunStore(existing: store.path)
      let rated = try OpenedPanel(panel, in: opened)
      let run = try opened.load(try opened.run(matching: which, toCompare: true), traces: false)
      if rated.plan != nil, let clips = try? RatedClips(rated), !clips.isAbout(run) {
        console.warn("the panel played none of this run's files: the two meet by names alone")
      }
      let correlation = PanelCorrelation(
        rated.ratings, metrics: run.settings.metrics.compactMap { ClipScores(run, metric: $0) },
        scale: rated.setup.scale)
      guard correlation.utterances.metrics.contains(where: { !$0.points.isEmpty }) else { throw NothingInCommon() }
      switch format {
      case .table: try Console.print(CorrelationText.render(correlation))
      case .json: try Console.print(try CorrelationJSON.render(correlation))
      }
      guard let plot else { return }
      for (level, ending, name) in [
        (correlation.utterances, "", "utterances"), (correlation.systems, "-systems", "systems"),
      ] {
        for prediction in level.metrics where !prediction.points.isEmpty {
          let path = "\(plot)/\(prediction.metric)\(ending).svg"
          try FormatOption.makeFolder(of: path)
          try TextFile.write(ScatterPicture.svg(prediction, level: name), to: path)
        }
      }
    } catch {
      throw console.stop(error)
    }
  }
}

/// No rated clip has a score.
private struct NothingInCommon: Error, CustomStringConvertible {
  var description: String {
    "no clip is both rated and scored: systems and utterances must have the same names in panel and run"
  }
}
