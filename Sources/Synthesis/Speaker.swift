// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// One take of one utterance, to be made.
struct SpeechRequest: Sendable, Equatable {
  let utterance: Utterance
  let take: Int
  let seed: Int
  let file: OutputFile
}

/// What one attempt gave.
struct SpeechAttempt {
  /// The sound, in its place; or why there is none.
  let result: Result<SynthesisedAudio, SynthesisFailure>
  /// Nil where nothing ran.
  var speed: SynthesisSpeed?
  /// The end of what the program said.
  var said = ""
  var leftBehind = 0
}

/// Makes sounds, one at a time, in a thread of its own.
protocol Speaker: AnyObject {
  /// - Returns: nil when it was cancelled; nothing is left of the attempt then.
  func speak(_ request: SpeechRequest) -> SpeechAttempt?
  /// Called once, after the last request.
  func finish()
}

/// What all speakers of a run share.
struct SpeakerSettings: Sendable {
  let command: CommandTemplate
  /// Where the command's program is.
  let program: String
  let environment: [String: String]
  let timeout: Double
  let startTimeout: Double
  let grace: Double
  let cancellation: Cancellation
  let gpus: GPUSampler?
  let reportWorker: @Sendable (WorkerReport) -> Void

  /// Why a program that ended made no sound; nil when its exit code says it did.
  static func failure(_ ending: ChildProcess.Ending) -> SynthesisFailure? {
    if let signal = ending.signal { return .signalled(signal) }
    return ending.code == 0 ? nil : .exited(code: ending.code ?? -1)
  }

  /// The end of what a program said: on stderr, where errors belong, else on stdout.
  static func said(_ process: SupervisedProcess) -> String {
    process.errorTail.text.isEmpty ? process.outputTail.text : process.errorTail.text
  }

  /// The figures of an attempt.
  func speed(
    from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant, cpu: Double, meter: ProcessMeter?, peak: Int,
    memoryAfter: Int?, result: Result<SynthesisedAudio, SynthesisFailure>, finalSize: Int?
  ) -> SynthesisSpeed {
    let wall = (end - begin).seconds
    let latency = finalSize.flatMap { meter?.latency(finalSize: $0) }?.seconds
    let audio = try? result.get()
    return SynthesisSpeed(
      wallSeconds: wall, cpuSeconds: cpu, latencySeconds: min(latency ?? wall, wall), isStreamed: latency != nil,
      realTimeFactor: audio.map { wall / $0.seconds }, peakMemoryBytes: peak > 0 ? peak : nil,
      memoryAfterBytes: memoryAfter, gpus: gpus?.usage(from: begin, to: end) ?? [])
  }
}
