// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting

/// A run, and what became of it since its baseline, if it has one.
struct RunResult {
  let run: Run
  var diff: RunDiff?
  /// The greatest file that a page has within itself, bytes.
  var embeddedBytes = ReportClips.embeddedBytes
  /// How many of the worst utterances a page shows, at most.
  var clips = ReportClips.count
  /// What the exit code says of it.
  var gate: GateResult?
  /// Where a page finds what it shows beside the run.
  var history: RunHistory?
}

extension FormatOption {
  /// What `--report` can write.
  static let extensions = ".html, .md, .xml (JUnit), .json, .csv, .prom, .txt"

  /// Paths typed with commas or one by one.
  static func paths(_ arguments: [String]) -> [String] {
    arguments.flatMap { $0.split(separator: ",") }.map(String.init)
  }

  /// Whether each path's extension is one that can be written.
  static func check(_ arguments: [String]) throws {
    for argument in arguments where argument.split(separator: ",", omittingEmptySubsequences: false).contains("") {
      throw ValidationError("--report “\(argument)”: a name is empty")
    }
    for path in paths(arguments) where FormatOption(path: path) == nil {
      throw ValidationError("--report \(path): the name must end in \(extensions)")
    }
  }

  /// Prints the run in this format.
  func print(_ result: RunResult, _ console: Console) throws {
    let table = { TextTable($0, width: Console.width, style: Console.usesColour ? .ansi : .plain) }
    try Console.print { try render(result, table, folder: ".", console, to: $0) }
  }

  /// Writes the run to a file, whole or not at all, in a folder that is there.
  func write(_ result: RunResult, to path: String, _ console: Console) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let table = { TextTable($0, width: 120, style: .plain) }
    try TextFile.write(to: path) { try render(result, table, folder: folder, console, to: $0) }
  }

  /// Writes the run to files, then prints it: who reads stdout may stop early. What can't be written keeps nothing else from being written.
  /// - Throws: the last failure; those before it are told of.
  static func deliver(
    _ result: RunResult, to paths: [String], printing format: FormatOption?, _ console: Console
  ) throws {
    var failures: [any Error] = []
    func attempt(_ body: () throws -> Void) { do { try body() } catch { failures.append(error) } }
    for path in paths { attempt { try FormatOption(path: path)?.write(result, to: path, console) } }
    if let format { attempt { try format.print(result, console) } }
    guard let last = failures.popLast() else { return }
    for failure in failures { _ = console.stop(failure) }
    throw last
  }

  private func render(
    _ result: RunResult, _ table: (Run) -> TextTable, folder: String, _ console: Console,
    to sink: (String) throws -> Void
  ) throws {
    let (run, diff) = (result.run, result.diff)
    switch self {
    case .table: try sink(table(run).render() + (diff.map { "\n" + DiffTable.render($0) } ?? ""))
    case .json: try JSONReport.write(run, diff: diff, to: sink)
    case .csv: try CSVReport.write(run, to: sink)
    case .markdown:
      try sink(
        MarkdownReport.complaints(result.gate, besides: diff)
          + (diff.map { DiffMarkdown.render($0) + "\n" } ?? "") + MarkdownReport.render(run))
    case .html:
      let clips = ReportClips(
        run: run, diff: diff, folder: folder, embeddedBytes: result.embeddedBytes, limit: result.clips)
      let history = result.history
      try sink(
        HTMLReport.render(
          run, diff: diff, gate: result.gate, trend: try history?.trend(),
          machines: try history?.machines(console),
          assets: clips.gather(console)))
    case .junit: try sink(JUnitReport.render(run, diff: diff, gate: result.gate))
    case .prometheus: try sink(PrometheusReport.render(run))
    }
  }

  /// Makes the folder of a file that is to be written, and looks whether it may be.
  static func makeFolder(of path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw OutputError(path: path, reason: "it is a folder")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw OutputError(path: path, reason: "its folder cannot be written to")
    }
  }
}
