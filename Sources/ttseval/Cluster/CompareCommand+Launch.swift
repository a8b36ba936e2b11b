// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore

extension CompareCommand {
  /// Pairs that are looked at to choose between delay and warp, at most: each part has to have the same class.
  private static let surveyed = 200

  /// Has the run scored on a cluster.
  /// - Returns: the joined run; nil when nobody waits for it.
  func launched(_ pairing: Pairing, _ settings: EvaluationSettings, _ console: Console) async throws -> Run? {
    guard let shards = launch.shards else { return nil }
    var settings = settings
    if let alignment = align.alignment {
      settings.alignment = alignment
    } else if settings.canWarp {
      let sample = pairing.sample(Self.surveyed)
      settings.alignment = await AlignmentSurvey(sample, settings: settings, jobs: jobs) { _, _ in nil }.alignment
      console.note(
        "--align \(settings.alignment.rawValue), by \(sample.utterances.count) of \(pairing.utterances.count) utterances"
      )
    }
    let storePath = URL(fileURLWithPath: store.path).path
    // Better here than on a node.
    _ = try RunStore(path: storePath)
    let whole = pairing.whole(settings.stored, label: storedLabel, shards: shards)
    let folder = ShardFolder(store: storePath, whole: whole)
    let slurm = SlurmLaunch(
      program: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments[0],
      arguments: ["--align", settings.alignment.rawValue, "--rate", "\(settings.analysisRate)"]
        + LaunchOptions.forwarded(Array(CommandLine.arguments.dropFirst(2))),
      folder: folder,
      launch: .init(
        label: storedLabel, whole: whole, shards: shards, pairs: pairing.pairCount, id: UUID().uuidString.lowercased()),
      store: storePath, jobs: jobs,
      options: (launch.partition.map { ["--partition=\($0)"] } ?? []) + launch.sbatch)
    let submitted = try slurm.submit()
    guard let array = submitted.array, let merge = submitted.merge else { return nil }
    console.note("slurm job \(array) scores \(shards) parts in \(folder.path), job \(merge) joins them")
    guard !launch.noWait else { return nil }
    let (pairs, says) = (pairing.pairCount, console)
    try await Interruption.cancelling("leaving; the jobs go on") {
      try await slurm.wait(for: merge, Progress(total: pairs, console: says))
    }
    guard let id = try RunStore(existing: storePath).run(launchedAs: submitted.id) else {
      throw UnjoinedRun(folder: folder.path)
    }
    return try RunStore(existing: storePath).load(id)
  }
}

/// The jobs ended, and there is no run.
private struct UnjoinedRun: Error, CustomStringConvertible {
  let folder: String
  var description: String {
    "the jobs have ended and nothing was joined; \(folder)/*.log tell why. What was scored is kept: the same command goes on from there"
  }
}
