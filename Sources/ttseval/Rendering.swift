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

  /// The run in this format, for stdout.
  func render(_ result: RunResult, _ console: Console) throws -> String {
    let table = TextTable(result.run, width: Console.width, style: Console.usesColour ? .ansi : .plain)
    return try render(result, table, folder: ".", console)
  }

  /// Writes the run to a file, whole or not at all, in a folder that is there.
  func write(_ result: RunResult, to path: String, _ console: Console) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let table = TextTable(result.run, width: 120, style: .plain)
    try Self.write(try render(result, table, folder: folder, console), to: path)
  }

  private func render(_ result: RunResult, _ table: TextTable, folder: String, _ console: Console) throws -> String {
    let (run, diff) = (result.run, result.diff)
    switch self {
    case .table: return table.render() + (diff.map { "\n" + DiffTable.render($0) } ?? "")
    case .json: return try JSONReport.render(run, diff: diff)
    case .csv: return CSVReport.render(run)
    case .markdown:
      return MarkdownReport.complaints(result.gate, besides: diff)
        + (diff.map { DiffMarkdown.render($0) + "\n" } ?? "") + MarkdownReport.render(run)
    case .html:
      let clips = ReportClips(
        run: run, diff: diff, folder: folder, embeddedBytes: result.embeddedBytes, limit: result.clips)
      let history = result.history
      return HTMLReport.render(
        run, diff: diff, gate: result.gate, trend: try history?.trend(),
        machines: try history?.machines(console),
        assets: clips.gather(console))
    case .junit: return JUnitReport.render(run, diff: diff, gate: result.gate)
    case .prometheus: return PrometheusReport.render(run)
    }
  }

  /// Makes the folder of a file that is to be written, and looks whether it may be.
  static func makeFolder(of path: String) throws {
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

  /// Writes a file whole or not at all, at the place that a link leads to. What is no regular file, such as a pipe, or is open already, as
  /// /dev/stdout, is written to its end.
  static func write(_ text: String, to path: String) throws {
    var (status, link) = (stat(), stat())
    let isThere = stat(path, &status) == 0
    let leadsNowhere = !isThere && lstat(path, &link) == 0
    let isOpen = ["/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/"].contains(where: path.hasPrefix)
    guard isOpen || leadsNowhere || isThere && status.st_mode & S_IFMT != S_IFREG else {
      do {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        return try Data(text.utf8).write(to: target, options: .atomic)
      } catch {
        throw OutputError(path: path, reason: error.localizedDescription)
      }
    }
    let descriptor = open(path, O_WRONLY | O_APPEND | (leadsNowhere ? O_CREAT : 0), 0o644)
    guard descriptor >= 0 else { throw OutputError(path: path, reason: String(cString: strerror(errno))) }
    do {
      try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
  }
}
