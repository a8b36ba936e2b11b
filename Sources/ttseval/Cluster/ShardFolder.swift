// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation

// Where the parts of a run are while a cluster scores them: `STORE.shards/NAME/`, NAME being the start of the whole's digest. The same
// command finds the same folder, so what was scored before a job died for good is not scored again.
//
//   launch.json            what was submitted
//   shard-3.sqlite         a part's store
//   shard-3.sqlite.progress  how far it is, `pairs done` and `pairs in all`, written whole every second
//   shard-3.log            what the part's jobs said
//   merge.log              what the joining job said
//   merged                 stands when that was done

/// The folder of a launched run.
struct ShardFolder {
  /// What was submitted.
  struct Launch: Codable, Equatable {
    var label: String?
    let whole: String
    let shards: Int
    let pairs: Int
    /// Tells one launch from another of the same command.
    let id: String
    var array: String?
    var merge: String?
  }

  let path: String

  /// Of a run that is to be launched.
  init(store: String, whole: String) { path = Self.all(store) + "/" + whole.prefix(12) }

  private init(path: String) { self.path = path }

  private static func all(_ store: String) -> String { store + ".shards" }

  func store(_ number: String) -> String { "\(path)/shard-\(number).sqlite" }
  var launchPath: String { path + "/launch.json" }
  var mergedPath: String { path + "/merged" }
  var isMerged: Bool { FileManager.default.fileExists(atPath: mergedPath) }

  func save(_ launch: Launch) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try JSONEncoder().encode(launch).write(to: URL(fileURLWithPath: launchPath), options: .atomic)
    } catch {
      throw OutputError(path: launchPath, reason: error.localizedDescription)
    }
  }

  var launch: Launch? {
    FileManager.default.contents(atPath: launchPath).flatMap { try? JSONDecoder().decode(Launch.self, from: $0) }
  }

  /// How far the parts are, all together.
  func progress(_ shards: Int) -> (done: Int, shardsDone: Int) {
    let parts = (1...shards).compactMap { ShardProgress.read(beside: store("\($0)")) }
    return (parts.reduce(0) { $0 + $1.done }, parts.count { $0.done == $0.total })
  }

  /// A line for each launched run that is not joined yet.
  static func lines(store: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: all(store))) ?? []
    return names.sorted().compactMap { name in
      let folder = ShardFolder(path: "\(all(store))/\(name)")
      guard let launch = folder.launch, !folder.isMerged else { return nil }
      let (done, shards) = folder.progress(launch.shards)
      return [
        launch.label, "\(shards) of \(launch.shards) shards done", "\(done) of \(launch.pairs) pairs",
        launch.array.map { "slurm job \($0)" }, folder.path,
      ].compactMap { $0 }.joined(separator: ", ")
    }
  }
}

/// How far a part is: a file beside its store, as another process cannot well read a store over a network while it is written.
struct ShardProgress {
  private let path: String
  private let total: Int
  private var done = 0
  private var written: ContinuousClock.Instant?

  init(store: String, total: Int) {
    path = store + ".progress"
    self.total = total
  }

  mutating func advance(by count: Int) {
    done += count
    let now = ContinuousClock.now
    guard done == total || written.map({ $0.duration(to: now) > .seconds(1) }) ?? true else { return }
    written = now
    // Nothing hangs on it.
    try? Data("\(done) \(total)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  static func read(beside store: String) -> (done: Int, total: Int)? {
    guard let data = FileManager.default.contents(atPath: store + ".progress") else { return nil }
    let numbers = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }
}
