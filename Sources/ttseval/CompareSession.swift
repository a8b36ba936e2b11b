// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import RunStore
import SpeechMetrics

/// One comparison, from pairs to a stored run.
struct CompareSession: Sendable {
  /// Of the whole run, also where a part is scored.
  let pairing: Pairing
  let settings: EvaluationSettings
  /// The run's class; nil when the pairs decide.
  let alignment: AlignmentClass?
  /// The part that is scored; nil: all.
  let shard: Shard?
  /// The launch that the part belongs to; nil: no launcher's.
  let launchID: String?
  let jobs: Int
  let label: String?
  let storePath: String
  /// Where the recordings go as they were scored; nil: nowhere.
  let alignedFolder: String?
  /// Finds out where the run is made.
  let look: @Sendable () throws -> RunOrigin
  let console: Console

  /// Scores all pairs, writing each to the store as it is finished.
  /// - Returns: the run, and whether it was not interrupted.
  func run() async throws -> (Run, isComplete: Bool) {
    let aligned = try alignedFolder.map { try AlignedAudio(folder: $0, inputs: pairing.paths) }
    // What waits for files is done beside each other: of a run of one pair it is a quarter of the time.
    async let looked = look()
    let store = try RunStore(path: storePath)
    let origin = try await looked
    // Where only warping needs them, that shows later.
    let comparesFrames = self.settings.comparesVocoderFrames
    async let early = comparesFrames ? contours(beside: store) : nil
    let (settings, survey) = try await alignedSettings(store)
    let own = shard.map { pairing.part($0, seconds: Pairing.seconds) } ?? pairing
    let part =
      shard.map { shard in
        shard.facts(
          of: pairing.whole(settings.stored, label: label, shards: shard.count), pairs: pairing.pairCount,
          launch: launchID)
      } ?? []
    // What was left undecided is no run.
    try Task.checkCancellation()
    var run = Run(
      id: UUID(), startedAt: Date().wholeMilliseconds, tool: TTSEval.version, label: label, host: origin.host,
      provenance: FactSheet(part + origin.facts.facts), settings: settings.stored,
      systems: pairing.systems.map { SystemResult(name: $0.name, path: $0.path, utterances: []) },
      unmatched: own.unmatched)
    try store.begin(run)
    console.note("run \(run.id.uuidString.lowercased().prefix(8)) in \(storePath)")

    var kept = await early
    if !comparesFrames, settings.comparesVocoderFrames { kept = contours(beside: store) }
    let (conditions, keepsTraces) = (settings.conditions, settings.keepsTraces)
    let evaluator = Evaluator(
      settings: settings, jobs: jobs, survey: survey, save: aligned?.write,
      contours: kept
    ) { reference, synthesis in
      // A look-up that fails costs time, not correctness: the scores are computed.
      try? store.finished(reference: reference, synthesis: synthesis, conditions: conditions, traces: keepsTraces)
    }
    var progress = Progress(total: own.pairCount, console: console)
    var shardProgress = shard.map { _ in ShardProgress(store: store.path, total: own.pairCount) }
    shardProgress?.advance(by: 0)
    let id = run.id
    let result = try await evaluator.evaluate(own) { utterances in
      try store.record(utterances, run: id)
      progress.advance(by: utterances.count)
      shardProgress?.advance(by: utterances.count)
    }
    progress.finish()
    if let shard {
      console.note(
        own.pairCount == 0
          ? "part \(shard) has no pairs: there are more parts than utterances"
          : "part \(shard) of a run; ttseval merge joins it with the others")
    }

    run.systems = result.systems
    if result.isComplete {
      run.finishedAt = Date().wholeMilliseconds
      try store.finish(run: id, at: run.finishedAt ?? Date())
    }
    let scores = run.systems.reduce(0) { $0 + $1.utterances.reduce(0) { $0 + $1.scores.count } }
    let done = run.systems.reduce(0) { $0 + $1.utterances.count }
    if result.reusedScores > 0 { console.note("\(result.reusedScores) of \(scores) scores had been computed before") }
    if !result.isComplete {
      console.warn(
        "interrupted: \(done) of \(own.pairCount) pairs are kept in \(storePath); the same command goes on from there"
      )
    }
    return (run, result.isComplete)
  }

  /// What is kept of references from run to run; nil where it can't be.
  private func contours(beside store: RunStore) -> KnownContours? {
    do throws(RunStoreError) {
      let kept = try ContourStore(beside: store, version: TTSEval.version)
      return KnownContours(find: kept.find, keep: kept.keep)
    } catch {
      let hint = if case .corrupt = error { "; the file may be deleted" } else { "" }
      console.warn("\(error); F0 of the references is computed anew\(hint)")
      return nil
    }
  }

  /// The settings with the run's class, and what was found out on the way to it.
  private func alignedSettings(_ store: RunStore) async throws -> (EvaluationSettings, AlignmentSurvey?) {
    var settings = settings
    if let alignment {
      guard alignment != .warp || settings.canWarp else { throw WarpError(sampleRate: settings.analysisRate) }
      settings.alignment = alignment
      return (settings, nil)
    }
    guard settings.canWarp, settings.metrics.contains(where: { $0.info.input.timing != .own }) else {
      return (settings, nil)
    }
    let conditions = settings.conditions
    let survey = await AlignmentSurvey(pairing, settings: settings, jobs: jobs) { reference, synthesis in
      // As below: what is not found is found out.
      (try? store.isFreeRunning(reference: reference, synthesis: synthesis, conditions: conditions)) ?? nil
    }
    settings.alignment = survey.alignment
    if survey.alignment == .warp {
      console.note("more than a tenth of the pairs are free-running: all are warped onto the reference's time")
    }
    return (settings, survey)
  }
}

extension Date {
  /// The instant cut to milliseconds, as the store keeps it.
  fileprivate var wholeMilliseconds: Date {
    Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded(.down) / 1000)
  }
}

/// A rate at which nothing can be warped.
struct WarpError: Error, CustomStringConvertible {
  let sampleRate: Int
  var description: String { "--align warp works from 8000 to 96000 Hz, and this run is at \(sampleRate) Hz" }
}
