// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import AudioFiles
import CMalloc
import Evaluation
import Foundation
import Provenance
import RunStore
import SpeechMetrics

/// `ttseval compare REF SYN…`: score, store, print.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Scores folders (or files) of synthesised speech against natural recordings.",
    discussion: """
      Files pair by relative path without extension, across formats. Scores of files that were scored before under \
      the same conditions are taken from the store, by the hash of their bytes.

        ttseval compare natural/ modelA/ modelB/
        ttseval compare natural/ --system old=out/1 --system new=out/2 --metrics all --format json
        ttseval compare --pairs pairs.csv
        ttseval compare natural/ out/ --baseline tag:main --fail-on regressed,failed
        ttseval compare clip.wav clip_gen.wav
      """)

  @Argument(help: "Folder (or file) of natural recordings.") var reference: String?
  @Argument(help: "Folders (or files) to score.") var syntheses: [String] = []
  @Option(help: "A folder to score, under a name of your own: NAME=DIR.") var system: [SystemOption] = []

  @Option(help: "Metric ids, “default” or “all”; with commas. (default: default)", transform: MetricSelection.parse)
  var metrics: [MetricSelection] = []
  @Option(help: "Another tool's recipe for MCD, and for F0 where it has one.") var preset: Preset?
  @OptionGroup var pitch: F0Options
  @Option(
    help: """
      How the two are brought into step: not at all, by one shift per pair, or (for TTS that keeps a time of its own) by \
      warping. “auto” shifts, or warps all when more than a tenth of the pairs are free-running.
      """)
  var align: AlignOption = .auto
  @Option(help: "Analysis rate in Hz (default: the lowest of the folders' most common rates).") var rate: Int?
  @Option(help: "What MCD, F0 and warping look at: from the first to the last speech, or all of it.")
  var silence: SilencePolicy = .trim
  @Option(help: "Leave levels as they are, or bring the synthesis to the reference's active level.")
  var level: LevelOption = .asIs
  @Option(help: "Which channel of multichannel files: a number from 1, or “mix”.") var channel: ChannelOption?
  @Option(help: "A CSV with columns id, reference and one per system; paths relative to it.") var pairs: String?
  @Option(
    help: "A regular expression that paths without extension match as a whole; its first group is the id: '(.*)_gen'.")
  var match: String?

  @Option(help: "References scored at a time, each with all its systems.") var jobs: Int = ProcessInfo.processInfo
    .activeProcessorCount
  @OptionGroup var launch: LaunchOptions
  @OptionGroup var origin: ProvenanceOptions
  @OptionGroup var store: StoreOptions
  @Option(help: "What to call the run.") var label: String?
  @Option(help: "What goes to stdout.") var format: FormatOption = .table
  @Option(help: "A folder for the recordings as they were scored, shifted or warped, to listen to.")
  var saveAligned: String?
  @Flag(help: "Keep what scores are made of frame by frame, where a metric has that (ttseval metrics ID); in JSON.")
  var traces = false
  @Option(help: ArgumentHelp("Files to write the result to, by extension: \(FormatOption.extensions); with commas."))
  var report: [String] = []
  @Option(
    help: "What the run is judged against: a stored run's id, its label, tag:NAME, or a baseline's file (.jsonl).")
  var baseline: String?
  @OptionGroup var gate: GateOptions
  @Flag(help: "No notes and no progress.") var quiet = false

  func validate() throws {
    guard pairs != nil || (reference != nil && syntheses.count + system.count > 0) else {
      throw ValidationError("give a reference and at least one synthesis, or --pairs")
    }
    guard pairs == nil || (reference == nil && system.isEmpty) else {
      throw ValidationError("--pairs names all files itself: leave the folders out")
    }
    guard pairs == nil || match == nil else { throw ValidationError("--match has nothing to do with --pairs") }
    guard label?.hasPrefix("tag:") != true else {
      throw ValidationError("--label: tag: begins the names that runs tag gives")
    }
    guard launch.shard == nil || align.alignment != nil else {
      throw ValidationError("--shard: all parts are aligned alike, so name how: --align delay, or warp")
    }
    guard launch.shard == nil || (baseline == nil && gate.failOn == nil) else {
      throw ValidationError("--shard scores a part: the whole is judged, by diff, after merge")
    }
    guard launch.launcher == nil || saveAligned == nil else {
      throw ValidationError("--save-aligned is for runs on this machine")
    }
    guard jobs >= 1 else { throw ValidationError("--jobs is at least 1") }
    guard (1000...768_000).contains(rate ?? 1000) else { throw ValidationError("--rate is from 1000 to 768000 Hz") }
    try FormatOption.check(report)
  }

  func run() async throws {
    keep_freed_memory()
    let console = Console(quiet: quiet)
    let result: Run
    let isComplete: Bool
    let diff: RunDiff?
    let causes: [FailureCause]
    let rules: GateRules
    do {
      (rules, causes) = try gate.rules(console)
      if baseline == nil, gate.failOn != nil, rules.limits.isEmpty,
        let cause = causes.first(where: { $0 == .regressed || $0 == .inconclusive })
      {
        console.warn("there is no --baseline, against which a run could be \(cause.rawValue)")
      }
      // Before the run gets a label that may be the baseline's.
      let yardstick = try baseline.map { try Yardstick(name: $0).load(store.path) }
      if yardstick?.finishedAt == nil, yardstick != nil { console.warn("the baseline is an incomplete run") }
      // Better now than after hours of scoring.
      for path in FormatOption.paths(report) { try FormatOption.makeFolder(of: path) }
      let pairing = try makePairing()
      let settings = try makeSettings(pairing, console)
      if launch.launcher != nil {
        guard let joined = try await launched(pairing, settings, console) else { return }
        (result, isComplete) = (joined, joined.finishedAt != nil)
      } else {
        // A Python that isn't there ends the run before there is a store.
        let known = origin.python == nil ? nil : try origin.look(at: pairing.systems.first?.path)
        let session = CompareSession(
          pairing: pairing, settings: settings, alignment: align.alignment, shard: launch.shard,
          launchID: launch.launchID,
          jobs: jobs, label: storedLabel, storePath: store.path, alignedFolder: saveAligned,
          look: { [origin] in try known ?? origin.look(at: pairing.systems.first?.path) }, console: console)
        (result, isComplete) = try await Interruption.cancelling { try await session.run() }
      }
      diff = isComplete ? yardstick.map { RunDiff($0, result, rules: rules) } : nil
    } catch is CancellationError {
      throw ExitCode.interrupted
    } catch {
      throw console.stop(error)
    }
    for warning in RunWarnings(result).lines { console.warn(warning) }

    do {
      var judged = RunResult(run: result, diff: diff)
      judged.gate = GateResult(result, diff: diff, rules: rules, failOn: causes)
      // Only a page shows it.
      if format == .html || FormatOption.paths(report).contains(where: { FormatOption(path: $0) == .html }) {
        judged.history = RunHistory(run: result, store: try RunStore(existing: store.path), rules: rules)
      }
      // An interrupted run takes no complete one's place.
      let paths = isComplete ? FormatOption.paths(report) : []
      try FormatOption.deliver(judged, to: paths, printing: format, console)
    } catch {
      throw console.stop(error)
    }
    guard isComplete else { throw try incomplete(result, console) }
    if diff == nil { for line in rules.brokenLimits(result) { console.warn(line) } }
    if format == .csv, diff != nil { console.note("\(diff?.verdict.rawValue ?? ""); --format json or table tells why") }
    let isEmpty = result.systems.allSatisfy(\.utterances.isEmpty)
    if result.systems.allSatisfy({ $0.utterances.allSatisfy(\.hasFailedThroughout) }), !(isEmpty && launch.shard != nil)
    {
      throw ExitCode.nothingDone
    }
    if let code = ExitCode.judging(result, diff, causes, rules) { throw code }
    if result.systems.contains(where: { $0.utterances.contains(where: \.hasFailure) }) { throw ExitCode.someFailed }
  }

  /// What can be found out before there is anything to score: the reference, the rules, the store, a stored baseline.
  func checkBeforehand() throws {
    if let reference, !FileManager.default.fileExists(atPath: reference) { throw PairingError.missing(reference) }
    _ = try gate.rules(Console(quiet: true))
    let opened = try RunStore(path: store.path)
    if let baseline, !baseline.hasSuffix(".jsonl") { _ = try opened.run(matching: baseline, toCompare: true) }
  }

  /// The label, if there is one.
  var storedLabel: String? { label?.isEmpty == true ? nil : label }

  /// How a run that lacks pairs ends.
  private func incomplete(_ run: Run, _ console: Console) throws -> ExitCode {
    guard launch.launcher != nil else { return .interrupted }
    if let line = run.missingShards { console.warn("\(line); the same command goes on from there") }
    return .nothingDone
  }

  private func makePairing() throws(PairingError) -> Pairing {
    if let pairs { return try Pairing(csv: pairs) }
    let systems =
      syntheses.map { Pairing.Argument(path: $0) } + system.map { Pairing.Argument(name: $0.name, path: $0.path) }
    return try Pairing(reference: reference ?? "", systems: systems, pattern: match)
  }

  private func makeSettings(_ pairing: Pairing, _ console: Console) throws -> EvaluationSettings {
    // A rate that is given spares a part the headers of all others.
    let looked = rate == nil ? pairing : launch.shard.map { pairing.part($0, seconds: Pairing.seconds) } ?? pairing
    let analysis = AnalysisRate(looked, requested: rate)
    // With no readable header there is nothing to score, and every pair fails with its own reason.
    let sampleRate = analysis?.sampleRate ?? 16_000
    for line in RunNotes(pairing, analysis).lines { console.note(line) }
    return EvaluationSettings(
      metrics: MetricSelection(metrics).metrics(analysisRate: sampleRate, preset: preset)
        .map { ($0 as? F0Metric)?.tracked(by: pitch.method) ?? $0 },
      analysisRate: sampleRate,
      alignment: align.alignment ?? .delay, channels: channel?.policy ?? .identicalOnly, matchesLevel: level == .match,
      silence: silence, keepsTraces: traces)
  }
}
