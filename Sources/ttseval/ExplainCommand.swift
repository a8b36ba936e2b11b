// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import SpeechMetrics

/// `ttseval explain REF SYN`: one pair by every recipe.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Scores one pair of files by every recipe, side by side.",
    discussion: """
      One pair has an MCD anywhere between 3 and 22 dB, depending on whose recipe it is. Nothing is stored. Every recipe \
      analyses the pair anew: a third of a second for each second of speech.

        ttseval explain clip.wav clip_gen.wav
        ttseval explain clip.wav clip_gen.wav --plot clip.svg --f0 dio
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: "The natural recording.") var reference: String
  @Argument(help: "What a system made of it.") var synthesis: String
  @Option(help: "How the two are brought into step where the recipe leaves that open.") var align: AlignOption = .auto
  @OptionGroup var pitch: F0Options
  @Option(help: "Analysis rate in Hz (default: the lower of the two files').") var rate: Int?
  @Option(help: "Leave levels as they are, or bring the synthesis to the reference's active level.")
  var level: LevelOption = .asIs
  @Option(help: "Which channel of multichannel files: a number from 1, or “mix”.") var channel: ChannelOption?
  @Option(help: "What goes to stdout.") var format: Format = .table
  @Option(help: "An SVG file for the picture of where the two differ; the table has one of characters.") var plot:
    String?

  func validate() throws {
    guard (1000...768_000).contains(rate ?? 1000) else { throw ValidationError("--rate is from 1000 to 768000 Hz") }
    guard plot?.lowercased().hasSuffix(".svg") ?? true else {
      throw ValidationError("--plot: the name must end in .svg")
    }
  }

  func run() throws {
    do {
      // Better now than after the analysis.
      if let plot {
        guard !isSameFile(plot, reference), !isSameFile(plot, synthesis) else { throw PlotOverInput(path: plot) }
        try FormatOption.makeFolder(of: plot)
      }
      let explanation = try explain()
      if let use = explanation.f0Range { Console(quiet: false).warnOfBounds(use) }
      switch format {
      case .table: try Console.print(ExplanationReport.render(explanation, width: Console.width))
      case .json: try Console.print(try ExplanationReport.json(explanation))
      }
      if let plot { try draw(explanation, plot) }
      if explanation.failures == explanation.recipeCount { throw ExitCode.nothingDone }
      if explanation.failures > 0 { throw ExitCode.someFailed }
    } catch let code as ExitCode {
      throw code
    } catch {
      throw Console(quiet: false).stop(error)
    }
  }

  private func explain() throws -> PairExplanation {
    for path in [reference, synthesis] {
      if let reason = PathFlaw(path) { throw NoFile(path: path, reason: reason) }
    }
    let pairing = try Pairing(reference: reference, systems: [Pairing.Argument(path: synthesis)], pattern: nil)
    guard let utterance = pairing.utterances.first, let candidate = utterance.syntheses[0] else {
      throw NoFile(path: synthesis, reason: .noFile)
    }
    let settings = EvaluationSettings(
      metrics: [], analysisRate: AnalysisRate(pairing, requested: rate)?.sampleRate ?? 16_000,
      alignment: align.alignment ?? .delay, channels: channel?.policy ?? .identicalOnly, matchesLevel: level == .match)
    if align == .warp, !settings.canWarp { throw WarpError(sampleRate: settings.analysisRate) }
    return try PairExplainer(settings: settings, choosesAlignment: align == .auto, f0Method: pitch.method)
      .explain(reference: utterance.reference, synthesis: candidate)
  }

  private func draw(_ explanation: PairExplanation, _ path: String) throws {
    switch explanation.curves {
    case .success(let curves):
      let titles = (explanation.reference.path, explanation.synthesis.path)
      try TextFile.write(ContourPicture.svg(curves, reference: titles.0, synthesis: titles.1), to: path)
    case .failure(let reason):
      Console(quiet: false).warn("--plot: nothing to draw: \(reason)")
      throw ExitCode.someFailed
    }
  }

  /// Whether two paths lead to one file, by links too.
  private func isSameFile(_ a: String, _ b: String) -> Bool {
    var (one, other) = (stat(), stat())
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }
}

/// A picture that would take the place of a recording.
private struct PlotOverInput: Error, CustomStringConvertible {
  let path: String
  var description: String { "--plot \(PlainText.terminal(path)): that is one of the two recordings" }
}

/// Why a path names no recording.
private enum PathFlaw: String {
  case noFile = "there is no such file"
  case folder = "a folder; explain takes two files (compare takes folders)"

  init?(_ path: String) {
    var isFolder: ObjCBool = false
    if !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      self = .noFile
    } else if isFolder.boolValue {
      self = .folder
    } else {
      return nil
    }
  }
}

private struct NoFile: Error, CustomStringConvertible {
  let path: String
  let reason: PathFlaw
  var description: String { "\(PlainText.terminal(path)): \(reason.rawValue)" }
}
