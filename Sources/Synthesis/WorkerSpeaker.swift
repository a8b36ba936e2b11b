// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// One long-lived process that makes one sound after the other, so that loading its model is timed once and apart.
///
/// It may say `{"ready":true}`, then gets a line of JSON on stdin for each sound and answers each with a line on
/// stdout: `{"id":"…","ok":true}` once the file is written, or `{"id":"…","error":"…"}`. Its stdin is closed after
/// the last. One that answers wrongly, not in time, or ends, is ended, and another started for the next line.
final class WorkerSpeaker: Speaker {
  private let settings: SpeakerSettings
  private let lane: Int
  private var worker: Worker?
  /// Workers in a row that ended before they had answered anything.
  private var vainStarts = 0
  private static let mostVainStarts = 3

  /// A process, and what its report will say.
  private struct Worker {
    let process: SupervisedProcess
    var startSeconds: Double?
    var saidReady = false
    var lines = 0
    var firstMemory: Int?
    var lastMemory: Int?
  }

  init(settings: SpeakerSettings, lane: Int) {
    self.settings = settings
    self.lane = lane
  }

  func speak(_ request: SpeechRequest) -> SpeechAttempt? {
    request.file.discard()
    guard vainStarts < Self.mostVainStarts else {
      return SpeechAttempt(
        result: .failure(.notStarted("\(vainStarts) workers in a row ended before they answered anything")))
    }
    var current: Worker
    if let worker {
      current = worker
    } else {
      do throws(SystemError) { current = try start() } catch {
        return SpeechAttempt(result: .failure(.notStarted(error.description)))
      }
      let event = awaitReady(&current)
      worker = current
      if event == .cancelled {
        _ = end(grace: settings.grace)
        return nil
      }
      if event == .exited { return ended(request.file) }
    }
    return serve(request, &current)
  }

  func finish() {
    guard let worker else { return }
    worker.process.closeInput()
    let limit = ContinuousClock.now + .seconds(settings.grace)
    while case .line = worker.process.next(before: limit) {}
    _ = end(grace: settings.grace)
  }

  private func start() throws(SystemError) -> Worker {
    let process = try SupervisedProcess(
      program: settings.program, arguments: settings.command.arguments([:]), environment: settings.environment,
      lines: true, cancellation: settings.cancellation)
    return Worker(process: process)
  }

  private func awaitReady(_ worker: inout Worker) -> SupervisedProcess.Event {
    let limit = worker.process.started + .seconds(settings.startTimeout)
    while true {
      let event = worker.process.next(before: limit)
      guard case .line(let line) = event else { return event }
      if WorkerLine.answer(line, awaiting: nil) == .ready {
        worker.startSeconds = (.now - worker.process.started).seconds
        worker.saidReady = true
        return event
      }
    }
  }

  private func serve(_ request: SpeechRequest, _ current: inout Worker) -> SpeechAttempt? {
    let process = current.process
    process.beginMeasuring(output: request.file.temporaryPath)
    current.lines += 1
    let begin = ContinuousClock.now
    process.send(WorkerLine.request(request))
    let limit = begin + .seconds(settings.timeout)
    var answer = WorkerLine.Answer.none
    var event = SupervisedProcess.Event.deadline
    while answer == .none || answer == .ready {
      event = process.next(before: limit)
      guard case .line(let line) = event else { break }
      answer = WorkerLine.answer(line, awaiting: request.utterance.id)
    }
    let end = process.child.ended ?? .now
    let meter = process.endMeasuring()
    current.startSeconds = current.startSeconds ?? (end - process.started).seconds
    worker = current

    let size = Descriptor.size(request.file.temporaryPath)
    let result: Result<SynthesisedAudio, SynthesisFailure>
    switch event {
    case .cancelled:
      _ = self.end(grace: settings.grace)
      request.file.discard()
      return nil
    case .exited: return ended(request.file)
    case .deadline: result = .failure(.timedOut(seconds: settings.timeout))
    case .line:
      vainStarts = 0
      if let bytes = meter?.lastBytes, bytes > 0 {
        current.firstMemory = current.firstMemory ?? bytes
        current.lastMemory = bytes
        worker = current
      }
      if case .failed(let failure) = answer {
        result = .failure(failure)
      } else {
        result = Result { () throws(SynthesisFailure) in try request.file.keep() }
      }
    }
    let speed = settings.speed(
      from: begin, to: end, cpu: meter?.cpuSeconds ?? 0, meter: meter, peak: meter?.peakBytes ?? 0,
      memoryAfter: meter.flatMap { $0.lastBytes > 0 ? $0.lastBytes : nil }, result: result, finalSize: size)
    let said = SpeakerSettings.said(process)
    switch result {
    case .failure(.timedOut), .failure(.badAnswer): _ = self.end(grace: settings.grace)
    default: break
    }
    if case .failure = result { request.file.discard() }
    return SpeechAttempt(result: result, speed: speed, said: said)
  }

  /// The worker ended by itself.
  private func ended(_ file: OutputFile) -> SpeechAttempt {
    if worker?.firstMemory == nil { vainStarts += 1 }
    let said = worker.map { SpeakerSettings.said($0.process) } ?? ""
    let (ending, others) = end(grace: settings.grace)
    file.discard()
    let failure = ending.map { SpeakerSettings.failure($0) ?? .exited(code: 0) } ?? .exited(code: -1)
    return SpeechAttempt(result: .failure(failure), said: said, leftBehind: others)
  }

  private func end(grace: Double) -> (ChildProcess.Ending?, others: Int) {
    guard let worker else { return (nil, 0) }
    self.worker = nil
    let lifetime = ((worker.process.child.ended ?? .now) - worker.process.started).seconds
    let others = worker.process.endTree(grace: .seconds(grace))
    let ending = worker.process.reap()
    settings.reportWorker(
      WorkerReport(
        lane: lane, startSeconds: worker.startSeconds ?? lifetime, saidReady: worker.saidReady, lines: worker.lines,
        firstMemoryBytes: worker.firstMemory, lastMemoryBytes: worker.lastMemory, cpuSeconds: ending?.cpuSeconds ?? 0))
    return (ending, others)
  }
}
