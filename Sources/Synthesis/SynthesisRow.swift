// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation

/// What became of one take of one utterance: a line of the journal.
public struct SynthesisRow: Sendable, Equatable, Codable {
  /// The utterance's.
  public let id: String
  /// Counted from 1.
  public let take: Int
  /// What `{seed}` stood for.
  public let seed: Int
  /// What was said.
  public let text: String
  /// Names the command and how it is run; rows of different recipes are not results of one TTS.
  public let recipe: String
  /// When the last attempt began.
  public let startedAt: Date
  /// Of the sound, relative to the output folder; nil for a failure.
  public let path: String?
  /// Nil for a failure.
  public let audio: SynthesisedAudio?
  /// Nil for sound.
  public let failure: SynthesisFailure?
  /// The end of what the program said on stderr, or on stdout if nothing there; of failures only.
  public let said: String?
  /// Nil where nothing ran.
  public let speed: SynthesisSpeed?
  /// 1, and one more for each retry.
  public let attempts: Int
  /// Why the attempts before the last one failed.
  public let earlierFailures: [SynthesisFailure]
  /// Processes that the program left running when it ended; they were ended too.
  public let leftBehind: Int
  /// Which of the parallel lanes it ran in, counted from 0.
  public let lane: Int
}

/// What making a sound took, in the last attempt.
public struct SynthesisSpeed: Sendable, Equatable, Codable {
  /// From starting the program to its end; of a worker, from sending the line to its answer.
  public let wallSeconds: Double
  /// User and system time of the process tree. Of a worker in hundredths, as the kernel shows it.
  public let cpuSeconds: Double
  /// Until the file first held sound, if it was seen to grow after that; else the wall time.
  public let latencySeconds: Double
  /// Whether the file was seen to grow.
  public let isStreamed: Bool
  /// Wall time per second of sound; nil for a failure.
  public let realTimeFactor: Double?
  /// The most memory the process tree held; nil where nobody could see.
  public let peakMemoryBytes: Int?
  /// What the worker's process tree held after its answer; nil without a worker.
  public let memoryAfterBytes: Int?
  /// Of each GPU that was seen. All of its users count, other lanes too.
  public let gpus: [GPUUsage]
}

/// What one worker process did, from its start to its end: another line of the journal.
public struct WorkerReport: Sendable, Equatable, Codable {
  /// Which of the parallel lanes it served.
  public let lane: Int
  /// From its start until it said that it was ready, or else until its first answer (the first line's work included),
  /// or its end.
  public let startSeconds: Double
  /// Whether it said that it was ready.
  public let saidReady: Bool
  /// Lines it was sent.
  public let lines: Int
  /// Memory of its process tree after its first answer; nil with no answer.
  public let firstMemoryBytes: Int?
  /// The same after its last.
  public let lastMemoryBytes: Int?
  /// User and system time of all it did, loading the model too.
  public let cpuSeconds: Double
  /// The difference of the two; nil with fewer than two answers.
  public var growthBytes: Int? {
    guard lines > 1, let firstMemoryBytes, let lastMemoryBytes else { return nil }
    return lastMemoryBytes - firstMemoryBytes
  }
}
