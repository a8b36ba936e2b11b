// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation

/// `--launcher`.
enum Launcher: String, ExpressibleByArgument, CaseIterable { case slurm }

extension Shard: ExpressibleByArgument {
  /// `3/8`.
  public init?(argument: String) { self.init(argument) }
}

/// A run in parts: one of them here, or all of them on a cluster.
struct LaunchOptions: ParsableArguments {
  @Option(help: "Score one part of n, 3/8, into a store of its own; merge joins the parts.") var shard: Shard?
  @Option(help: "Submit the run to a cluster, as --shards parts and a job that joins them.") var launcher: Launcher?
  @Option(help: "How many parts.") var shards: Int?
  @Option(help: "The cluster's partition.") var partition: String?
  @Option(help: ArgumentHelp("Another argument for sbatch, e.g. --sbatch=--time=2:00:00.", valueName: "argument"))
  var sbatch: [String] = []
  @Flag(help: "Do not wait for the cluster; runs list shows how far it is.") var noWait = false

  /// What a launcher tells its parts.
  @Option(name: .customLong("launch-id"), help: .hidden) var launchID: String?

  func validate() throws {
    guard shard == nil || launcher == nil else { throw ValidationError("--shard is what --launcher gives each job") }
    guard (launcher == nil) == (shards == nil) else {
      throw ValidationError(launcher == nil ? "--shards needs --launcher" : "--launcher needs --shards")
    }
    guard Shard(number: 1, of: shards ?? 1) != nil else { throw ValidationError("--shards is from 1 to 100000") }
    guard launcher != nil || (partition == nil && sbatch.isEmpty && !noWait) else {
      throw ValidationError("--partition, --sbatch and --no-wait need --launcher")
    }
  }

  /// Options of compare that the launcher decides itself or keeps to itself, with how many values follow.
  private static let own = [
    "--launcher": 1, "--shards": 1, "--partition": 1, "--sbatch": 1, "--no-wait": 0, "--db": 1, "--jobs": 1,
    "--format": 1, "--report": 1, "--baseline": 1, "--fail-on": 1, "--config": 1, "--align": 1, "--rate": 1,
    "--quiet": 0,
  ]

  /// What each part's command line repeats of this one's: all arguments but those that the launcher sees to.
  static func forwarded(_ arguments: [String]) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" { return kept + [argument] + rest }
      let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
      guard let values = own[name] else {
        kept.append(argument)
        continue
      }
      if !argument.contains("=") { rest = rest.dropFirst(values) }
    }
    return kept
  }
}
