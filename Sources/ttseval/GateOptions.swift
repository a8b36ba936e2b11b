// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Statistics

/// `--fail-on` and `--config`, wherever two runs are compared.
struct GateOptions: ParsableArguments {
  @Option(help: "Exit with 1 on: regressed, inconclusive (or regressed), failed, unmatched; with commas.")
  var failOn: CommaSeparated<FailureCause>?
  @Option(
    help: .init(
      "What decides: gate metrics, tolerances, limits, the least number of pairs.",
      discussion: "Default: ttseval.yaml in the current folder, where there is one."))
  var config: String?

  /// The name that is looked for where none is given.
  private static let usualName = "ttseval.yaml"

  /// What decides, and what ends with exit code 1.
  func rules(_ console: Console) throws -> (rules: GateRules, failOn: [FailureCause]) {
    let file = try Self.rules(config, console)
    return (file?.rules ?? GateRules(), failOn?.elements ?? file?.failOn ?? [])
  }

  /// What a file says, or the usual one; nil where there is none.
  static func rules(_ config: String?, _ console: Console) throws -> GateFile? {
    let isUsual = config == nil && FileManager.default.fileExists(atPath: usualName)
    guard let path = config ?? (isUsual ? usualName : nil) else { return nil }
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw GateFileError(path: path, line: nil, reason: error.localizedDescription)
    }
    let file = try GateFile(text, path: path)
    if isUsual { console.note("\(path): gate and tolerances are taken from it") }
    return file
  }
}

extension ExitCode {
  /// What two runs compared, or one run and its limits, end with: 3 before 1 before 2, as always.
  /// - Parameters:
  ///   - run: the run that is judged.
  ///   - diff: what became of it since its baseline, if it has one.
  ///   - causes: what is to end with 1.
  static func judging(_ run: Run, _ diff: RunDiff?, _ causes: [FailureCause], _ rules: GateRules) -> ExitCode? {
    let isAsked = causes.contains(.regressed) || causes.contains(.inconclusive)
    if diff?.verdict == .notComparable, isAsked { return .nothingDone }
    return FailureCause.happened(in: run, diff: diff, rules: rules).isDisjoint(with: causes) ? nil : .gateFailed
  }
}
