// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Reporting
import Synthesis

/// `ttseval synthesize --command '…' TEXTS OUT/`: run a TTS, measure it, and score what it made.
struct SynthesizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Runs a TTS for each line of a text file, measures time and memory, and scores the result.",
    discussion: """
      Lines are “id|text”, “id<TAB>text” or text alone. In the command {text}, {textfile}, {out}, {id} and {seed} are \
      replaced, inside arguments and without a shell: a text never becomes an argument of its own. What was made stays, and \
      is not made again; OUT/synthesis.jsonl tells of each line what it took or why it failed.

        ttseval synthesize --command 'espeak-ng -w {out} -f {textfile}' texts.txt out/
        ttseval synthesize --command 'piper -f {out} --text {text}' texts.txt out/ --repeat 5 --reference natural/
        ttseval synthesize --worker --command './worker.py' texts.txt out/

      A worker is started once and told one JSON object per line on stdin, {"id", "text", "out", "seed"}; it answers each \
      with {"id", "ok": true} or {"id", "error": "…"} on stdout, and may say {"ready": true} first.
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(help: "The TTS: a program and its arguments, with placeholders.") var command: String
  @Argument(help: "A text file.") var texts: String
  @Argument(help: "The folder for the sounds.") var output: String
  @Flag(help: "Hand the command to sh; placeholders are quoted.") var shell = false
  @Flag(help: "The command is a worker that stays for many lines.") var worker = false
  @Option(name: .customLong("repeat"), help: "Takes of each line, each in a folder of its own: OUT/take1, …")
  var takes = 1
  @Option(help: "The first take's {seed}; each further one has the next.") var seed = 0
  @Option(help: "Lines at a time. Speed is measured best with one.") var jobs = 1
  @Option(help: "Seconds for one line.") var timeout = 300.0
  @Option(help: "Seconds until a worker says that it is ready.") var startTimeout = 120.0
  @Option(help: "Further attempts after a failure.") var retries = 0
  @Option(name: .customLong("extension"), help: "Of the sounds' names.") var fileExtension = "wav"
  @Flag(help: "Make everything anew.") var fresh = false
  @Option(help: "Natural recordings to score the result against, as compare does.") var reference: String?
  @Option(parsing: .unconditional, help: "Arguments for compare, separated by spaces: '--metrics all --align warp'.")
  var compare: String?
  @Option(help: "What to call the run that is scored.") var label: String?
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout; with --reference, what compare puts there.") var format: Format = .table
  @Flag(help: "No notes and no progress.") var quiet = false

  func validate() throws {
    guard takes >= 1 else { throw ValidationError("--repeat is at least 1") }
    guard jobs >= 1 else { throw ValidationError("--jobs is at least 1") }
    guard retries >= 0 else { throw ValidationError("--retries is at least 0") }
    do { _ = try CommandTemplate(command, shell: shell, worker: worker) } catch {
      throw ValidationError("--command: \(error)")
    }
    if let reference { _ = try scoring(reference, [output]) }
    guard reference != nil || (label == nil && compare == nil) else {
      throw ValidationError("--label and --compare have nothing to do without --reference")
    }
  }

  func run() async throws {
    let console = Console(quiet: quiet)
    let result: SynthesisResult
    do {
      let list: TextList
      do { list = try TextList(path: texts) } catch { throw TextsTrouble(path: texts, error: error) }
      // Better now than after hours of synthesis.
      if let reference { try scoring(reference, [output]).checkBeforehand() }
      let template = try CommandTemplate(command, shell: shell, worker: worker)
      result = try await synthesise(list, template, console)
    } catch is CancellationError {
      throw ExitCode.interrupted
    } catch {
      throw console.stop(error)
    }
    let summary = SynthesisReport.render(result)
    if reference == nil {
      try Console.print(format == .json ? try SynthesisReport.json(result) : summary)
    } else {
      for line in summary.split(separator: "\n") { console.note(String(line)) }
    }
    guard result.isComplete else { throw ExitCode.interrupted }
    let gone = result.rows.compactMap(\.path).filter { !FileManager.default.fileExists(atPath: "\(output)/\($0)") }
    for path in gone { console.warn("\(output)/\(path) was made, and is there no longer") }
    let failed = gone.count + result.rows.count { $0.failure != nil }
    if failed == result.rows.count { throw ExitCode.nothingDone }
    if let reference { try await score(reference, result) }
    if failed > 0 { throw ExitCode.someFailed }
  }

  private func synthesise(
    _ list: TextList, _ template: CommandTemplate, _ console: Console
  ) async throws -> SynthesisResult {
    var settings = SynthesisSettings(command: template, outputFolder: output)
    (settings.takes, settings.seed, settings.jobs) = (takes, seed, jobs)
    (settings.timeout, settings.startTimeout, settings.retries) = (timeout, startTimeout, retries)
    (settings.fileExtension, settings.resumes) = (fileExtension, !fresh)
    console.note("\(list.utterances.count) lines, \(takes) take\(takes == 1 ? "" : "s") of each")
    let job = SynthesisJob(texts: list, settings: settings)
    let said = SynthesisProgress(console: console)
    return try await Interruption.cancelling { try await job.run { said.tell($0) } }
  }

  private func score(_ reference: String, _ result: SynthesisResult) async throws {
    try await scoring(reference, result.folders.map { $0.isEmpty ? output : "\(output)/\($0)" }).run()
  }

  /// The comparison that scores what was made.
  private func scoring(_ reference: String, _ folders: [String]) throws -> CompareCommand {
    var arguments = [reference] + folders + (try compare.map(ArgumentSplitter.split) ?? [])
    arguments += ["--format", format.rawValue, "--db", store.path] + (quiet ? ["--quiet"] : [])
    if let label { arguments += ["--label", label] }
    do { return try CompareCommand.parse(arguments) } catch {
      throw ValidationError("--compare: \(CompareCommand.message(for: error))")
    }
  }
}

/// Says what fails as it fails.
private struct SynthesisProgress: Sendable {
  let console: Console

  func tell(_ row: SynthesisRow) {
    if let failure = SynthesisReport.failure(row) { console.warn(failure) }
  }
}

/// A list of texts that cannot be read.
private struct TextsTrouble: Error, CustomStringConvertible {
  let path: String
  let error: any Error
  var description: String { "\(path): \(error)" }
}
