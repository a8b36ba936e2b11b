// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import Synchronization

/// What there is to do, and how it is done: lanes that take requests from one queue.
struct SynthesisPlan: Sendable {
  private let settings: SynthesisSettings
  private let program: String
  private let journal: SynthesisJournal
  /// Take by take, so that the first folder is whole when the second is begun.
  private let requests: [SpeechRequest]
  private let kept: [SynthesisJournal.Key: SynthesisRow]
  private let textFolder: String

  /// Checks everything that can be checked before a program is started, and opens the journal.
  init(texts: TextList, settings: SynthesisSettings) throws(SynthesisError) {
    try settings.check()
    guard let program = ChildProcess.find(settings.command.program, environment: settings.environment) else {
      throw .programNotFound(settings.command.program)
    }
    let folder = URL(fileURLWithPath: settings.outputFolder).standardizedFileURL.path
    var requests: [SpeechRequest] = []
    for take in 1...settings.takes {
      for utterance in texts.utterances {
        let file = OutputFile(
          folder: folder, id: utterance.id, take: settings.takes == 1 ? nil : take,
          fileExtension: settings.fileExtension)
        requests.append(
          SpeechRequest(utterance: utterance, take: take, seed: settings.seed + take - 1, file: file))
      }
    }
    try Self.prepare(folder, requests)
    journal = try SynthesisJournal(folder: folder)
    // Read under the lock: a run that ended just now has told of its last sound.
    kept =
      settings.resumes ? Self.kept(SynthesisJournal.read(folder: folder).rows, requests, recipe: settings.recipe) : [:]
    for request in requests where kept[request.key] == nil { request.file.clear() }

    try journal.append(
      SynthesisJournal.Header(
        schema: SynthesisJournal.schema, startedAt: settings.wholeSecond(), command: settings.command.source,
        usesShell: settings.command.usesShell, isWorker: settings.command.isWorker, recipe: settings.recipe,
        utterances: texts.utterances.count, takes: settings.takes, seed: settings.seed, jobs: settings.jobs,
        timeoutSeconds: settings.timeout, retries: settings.retries))
    self.settings = settings
    self.program = program
    self.requests = requests
    textFolder = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-\(UUID().uuidString)").path
  }

  /// Makes the folders, and sees that nothing of somebody else's would be written over.
  private static func prepare(_ folder: String, _ requests: [SpeechRequest]) throws(SynthesisError) {
    let files = FileManager.default
    let ours = SynthesisJournal.read(folder: folder).begun
    if let taken = requests.first(where: {
      !ours.contains($0.file.relativePath) && files.fileExists(atPath: $0.file.path)
    }) {
      throw .wouldOverwrite(taken.file.path)
    }
    for path in Set(requests.map { ($0.file.path as NSString).deletingLastPathComponent }).union([folder]) {
      do { try files.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
        throw .cannotWrite(path: path, reason: error.localizedDescription)
      }
    }
  }

  private static func kept(
    _ rows: [SynthesisRow], _ requests: [SpeechRequest], recipe: String
  ) -> [SynthesisJournal.Key: SynthesisRow] {
    let known = Dictionary(rows.map { (SynthesisJournal.Key(id: $0.id, take: $0.take), $0) }) { $1 }
    var kept: [SynthesisJournal.Key: SynthesisRow] = [:]
    for request in requests {
      guard let row = known[request.key], let audio = row.audio, row.recipe == recipe,
        row.text == request.utterance.text, row.seed == request.seed, row.path == request.file.relativePath,
        (try? AudioFile.digest(request.file.path)) == audio.sha256
      else { continue }
      kept[request.key] = row
    }
    return kept
  }

  /// What the lanes share.
  private struct State {
    var next = 0
    var rows: [SynthesisJournal.Key: SynthesisRow]
    var workers: [WorkerReport] = []
    var failure: SynthesisError?
  }

  /// Does it; returns when all lanes are done.
  func carryOut(
    _ cancellation: Cancellation, _ finished: @escaping @Sendable (SynthesisRow) -> Void
  ) throws(SynthesisError) -> SynthesisResult {
    let state = Shared(State(rows: kept))
    let waiting = requests.filter { kept[$0.key] == nil }
    let gpus =
      settings.watchesGPUs && !waiting.isEmpty ? GPUSampler(environment: settings.environment) : nil
    gpus?.waitForFirst(.seconds(settings.gpuPatience))
    // Everything that goes into the journal, in the order it does.
    @Sendable func record(_ body: (inout State) throws(SynthesisError) -> Void) {
      state.value.withLock { state in
        do throws(SynthesisError) { try body(&state) } catch {
          state.failure = state.failure ?? error
          cancellation.cancel()
        }
      }
    }
    let speakerSettings = SpeakerSettings(
      command: settings.command, program: program, environment: settings.environment, timeout: settings.timeout,
      startTimeout: settings.startTimeout, grace: settings.grace, cancellation: cancellation, gpus: gpus,
      reportWorker: { report in
        record { state throws(SynthesisError) in
          state.workers.append(report)
          try journal.append(report)
        }
      })

    let lanes = DispatchGroup()
    for lane in 0..<min(settings.jobs, waiting.count) {
      lanes.enter()
      Thread.detachNewThread {
        defer { lanes.leave() }
        Descriptor.ignoreBrokenPipes()
        let speaker: any Speaker =
          settings.command.isWorker
          ? WorkerSpeaker(settings: speakerSettings, lane: lane)
          : CommandSpeaker(settings: speakerSettings, textFolder: "\(textFolder)/\(lane)")
        defer { speaker.finish() }
        while !cancellation.isCancelled {
          let index = state.value.withLock { state in
            defer { state.next += 1 }
            return state.next
          }
          guard index < waiting.count else { return }
          record { _ throws(SynthesisError) in try journal.append(waiting[index].begin) }
          guard let row = speak(waiting[index], speaker, lane, cancellation) else { return }
          record { state throws(SynthesisError) in
            try journal.append(row)
            state.rows[waiting[index].key] = row
            finished(row)
          }
        }
      }
    }
    lanes.wait()
    gpus?.stop()
    journal.close()
    try? FileManager.default.removeItem(atPath: textFolder)

    let (rows, workers, failure) = state.value.withLock { ($0.rows, $0.workers, $0.failure) }
    if let failure { throw failure }
    return SynthesisResult(
      rows: requests.compactMap { rows[$0.key] }, kept: kept.count, workers: workers,
      isComplete: rows.count == requests.count,
      folders: settings.takes == 1 ? [""] : (1...settings.takes).map { "take\($0)" })
  }

  /// Tries until there is sound or no retry left; nil when cancelled.
  private func speak(
    _ request: SpeechRequest, _ speaker: any Speaker, _ lane: Int, _ cancellation: Cancellation
  ) -> SynthesisRow? {
    var failures: [SynthesisFailure] = []
    while true {
      let startedAt = settings.wholeSecond()
      guard let attempt = speaker.speak(request) else { return nil }
      if case .failure(let failure) = attempt.result, failures.count < settings.retries, !cancellation.isCancelled {
        failures.append(failure)
        continue
      }
      let audio = try? attempt.result.get()
      let failure: SynthesisFailure? = if case .failure(let failure) = attempt.result { failure } else { nil }
      return SynthesisRow(
        id: request.utterance.id, take: request.take, seed: request.seed, text: request.utterance.text,
        recipe: settings.recipe, startedAt: startedAt, path: audio == nil ? nil : request.file.relativePath,
        audio: audio, failure: failure, said: failure == nil || attempt.said.isEmpty ? nil : attempt.said,
        speed: attempt.speed, attempts: failures.count + 1, earlierFailures: failures,
        leftBehind: attempt.leftBehind, lane: lane)
    }
  }
}

extension SpeechRequest {
  /// Names it in the journal.
  var key: SynthesisJournal.Key { SynthesisJournal.Key(id: utterance.id, take: take) }

  /// What is said before it is made.
  var begin: SynthesisJournal.Begin {
    SynthesisJournal.Begin(id: utterance.id, take: take, path: file.relativePath)
  }
}

extension SynthesisSettings {
  /// Now, as precise as the journal writes it: a row read back equals the one that was written.
  func wholeSecond() -> Date { Date(timeIntervalSince1970: clock().timeIntervalSince1970.rounded(.down)) }
}

/// A lock that closures may share.
private final class Shared<Value: Sendable>: Sendable {
  let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
}
