// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance

// A run as an array of Slurm jobs and one that joins what they made.
//
// A part that dies (its node, or a signal) is put into the queue again, by Slurm or by its own script, and goes on where it was: its
// store has what it had scored. The joining job runs when all parts have ended, however they did: what is missing
// is told by the run that it makes.

/// A run to be submitted to Slurm.
struct SlurmLaunch {
  /// This program, where every node finds it.
  let program: String
  /// Arguments of `compare`, as each part is to have them.
  let arguments: [String]
  let folder: ShardFolder
  let launch: ShardFolder.Launch
  /// The store that the joined run goes to; absolute.
  let store: String
  let jobs: Int
  /// Further arguments for sbatch.
  let options: [String]

  /// A part that dies of a signal is begun again at most this many times.
  private static let retries = 5

  /// Submits both jobs.
  func submit() throws -> ShardFolder.Launch {
    if let running = folder.launch?.merge, !folder.isMerged, !isGone(running) {
      throw SlurmError.running(job: running)
    }
    try? FileManager.default.removeItem(atPath: folder.mergedPath)
    for number in 1...launch.shards {
      try? FileManager.default.removeItem(atPath: folder.store("\(number)") + ".progress")
    }
    try folder.save(launch)
    try TextFile.write(partScript, to: folder.path + "/part.sh")
    try TextFile.write(mergeScript, to: folder.path + "/merge.sh")
    var submitted = launch
    submitted.array = try sbatch(
      [
        "--job-name=ttseval", "--array=1-\(launch.shards)", "--requeue", "--cpus-per-task=\(jobs)",
        "--output=\(folderPattern)/shard-%a.log",
      ], script: "part.sh")
    do {
      submitted.merge = try sbatch(
        [
          "--job-name=ttseval-merge", "--dependency=afterany:\(submitted.array ?? "")", "--requeue",
          "--output=\(folderPattern)/merge.log",
        ], script: "merge.sh")
    } catch {
      _ = run("scancel", [submitted.array ?? ""])
      throw error
    }
    try folder.save(submitted)
    return submitted
  }

  /// Waits until the joining job has left the queue.
  func wait(for job: String, _ progress: Progress) async throws {
    var (progress, known) = (progress, 0)
    defer { progress.finish() }
    while true {
      try await Task.sleep(for: .seconds(1))
      // A part that begins again counts from the start.
      let done = max(known, folder.progress(launch.shards).done)
      progress.advance(by: done - known)
      known = done
      if folder.isMerged { return }
      // A job that squeue does not know of has ended; squeue may fail for other reasons, so a second look decides.
      if isGone(job) {
        try await Task.sleep(for: .seconds(2))
        if isGone(job) { return }
      }
    }
  }

  /// The folder in names that sbatch makes up, where a per cent sign begins a pattern.
  private var folderPattern: String { folder.path.replacingOccurrences(of: "%", with: "%%") }

  private func isGone(_ job: String) -> Bool {
    switch run("squeue", ["--noheader", "--jobs=\(job)", "--format=%T"]) {
    case .exited(0, let output, _): output.allSatisfy(\.isWhitespace)
    case .exited(_, _, let errors): errors.contains("Invalid job id")
    default: false
    }
  }

  private func sbatch(_ arguments: [String], script: String) throws -> String {
    let outcome = run(
      "sbatch", ["--parsable", "--open-mode=append"] + options + arguments + ["\(folder.path)/\(script)"])
    guard case .exited(0, let output, _) = outcome else { throw SlurmError.refused(outcome) }
    // `12`, or `12;cluster`.
    return String(output.prefix(while: \.isNumber))
  }

  private func run(_ program: String, _ arguments: [String]) -> CommandOutcome {
    Subprocess.run(Command(program, arguments, environment: ProcessInfo.processInfo.environment, timeout: 60))
  }

  private var partScript: String {
    let own =
      #"--launch-id \#(launch.id) --shard "$part/\#(launch.shards)" --db \#(Self.quoted(folder.path))"/shard-$part.sqlite" --jobs \#(jobs)"#
    let others = arguments.map(Self.quoted).joined(separator: " ")
    let here = Self.quoted(FileManager.default.currentDirectoryPath)
    return """
      #!/bin/bash
      # Scores one part; written by ttseval.
      cd \(here) || exit
      part=$SLURM_ARRAY_TASK_ID
      \(Self.quoted(program)) compare \(own) --quiet --format csv \(others) >/dev/null
      code=$?
      # 2: some files could not be scored, which is a result.
      [ $code -eq 2 ] && exit 0
      # Killed: again, with all that was scored so far.
      if [ $code -ge 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt \(Self.retries) ]; then scontrol requeue "$SLURM_JOB_ID"; fi
      exit $code

      """
  }

  private var mergeScript: String {
    """
    #!/bin/bash
    # Joins the parts; written by ttseval.
    \(Self.quoted(program)) merge \(Self.quoted(folder.path))/shard-*.sqlite --into \(Self.quoted(store)) &&
      touch \(Self.quoted(folder.mergedPath))

    """
  }

  /// For a shell: as it is, whatever is in it.
  static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}

/// Slurm would not.
enum SlurmError: Error, CustomStringConvertible {
  case refused(CommandOutcome)
  case running(job: String)

  var description: String {
    switch self {
    case .running(let job):
      "this run is being scored already (it ends with slurm job \(job)); wait for it, or scancel it"
    case .refused(.notFound): "no sbatch here: this is no machine of a Slurm cluster"
    case .refused(.exited(let status, _, let errors)): "sbatch refused (\(status)): \(Self.line(errors))"
    case .refused(.crashed(let signal, _, _)): "sbatch was ended by signal \(signal)"
    case .refused(.timedOut): "sbatch does not answer"
    case .refused(.notStarted(let reason)): "sbatch does not start: \(reason)"
    }
  }

  private static func line(_ text: String) -> String {
    text.split(separator: "\n").joined(separator: "; ").trimmingCharacters(in: .whitespaces)
  }
}
