// SPDX-License-Identifier: GPL-3.0-or-later

/// The git commit of the folder being evaluated.
enum SourceFacts {
  /// Commit, and whether tracked files differ from it. Files git does not track are no sign: synthesised audio commonly
  /// lies beside the code that made it. Nothing where there is no git, no repository, or one git refuses to trust.
  static func read(_ folder: String, from surroundings: Surroundings) -> [Fact] {
    guard let head = git(["rev-parse", "HEAD"], folder, surroundings)?.trimmed,
      head.wholeMatch(of: /[0-9a-f]{40}|[0-9a-f]{64}/) != nil
    else { return [] }
    let changes = git(["status", "--porcelain", "--untracked-files=no"], folder, surroundings)
    return [
      Fact("source", "commit", head),
      Fact("source", "dirty", ifKnown: changes.map { $0.trimmed.isEmpty ? "false" : "true" }),
    ].compactMap { $0 }
  }

  private static func git(_ arguments: [String], _ folder: String, _ surroundings: Surroundings) -> String? {
    // A repository may name a program to watch its files, and git's hooks set variables that say which repository is
    // meant: neither has a say here. No lock is taken: somebody may be at work in there.
    let pinned = ["--no-optional-locks", "-c", "core.fsmonitor=false", "-C", folder]
    return surroundings.ask(
      "git", pinned + arguments,
      dropping: ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"]
    ).success
  }
}
