// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Synthesis

/// What making one synthesis took, as `ttseval synthesize` measured it from outside.
public struct Speed: Sendable, Equatable, Codable {
  /// From start to end, seconds.
  public var wallSeconds: Double
  /// User and system time of all processes, seconds.
  public var cpuSeconds: Double
  /// Until the first sound, seconds.
  public var latencySeconds: Double
  /// Wall time per second of sound.
  public var realTimeFactor: Double?
  /// The most memory all processes held together, bytes.
  public var peakMemoryBytes: Int?
  /// The most memory that was in use on all GPUs together, MiB.
  public var gpuMemoryMiB: Double?
  /// Mean power of all GPUs together, watts.
  public var gpuPowerWatts: Double?

  /// What was measured.
  public init(
    wallSeconds: Double, cpuSeconds: Double, latencySeconds: Double, realTimeFactor: Double? = nil,
    peakMemoryBytes: Int? = nil, gpuMemoryMiB: Double? = nil, gpuPowerWatts: Double? = nil
  ) {
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
    self.latencySeconds = latencySeconds
    self.realTimeFactor = realTimeFactor
    self.peakMemoryBytes = peakMemoryBytes
    self.gpuMemoryMiB = gpuMemoryMiB
    self.gpuPowerWatts = gpuPowerWatts
  }

  fileprivate init(_ speed: SynthesisSpeed) {
    func total(_ values: [Double?]) -> Double? {
      let known = values.compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0, +)
    }
    self.init(
      wallSeconds: speed.wallSeconds, cpuSeconds: speed.cpuSeconds, latencySeconds: speed.latencySeconds,
      realTimeFactor: speed.realTimeFactor, peakMemoryBytes: speed.peakMemoryBytes,
      gpuMemoryMiB: total(speed.gpus.map(\.peakMemoryMiB)), gpuPowerWatts: total(speed.gpus.map(\.meanPowerWatts)))
  }
}

/// Figures of speed that runs are compared by.
public enum SpeedFigure: String, Sendable, CaseIterable {
  /// Wall time per second of sound.
  case realTimeFactor = "rtf"
  /// Seconds until the first sound.
  case latency
  /// Processor seconds.
  case cpu
  /// MiB.
  case memory
  /// MiB.
  case gpuMemory = "gpu-memory"
  /// Watts.
  case gpuPower = "gpu-power"

  /// What it is called, with its unit.
  public var name: String {
    switch self {
    case .realTimeFactor: "real-time factor"
    case .latency: "latency, s"
    case .cpu: "CPU, s"
    case .memory: "peak memory, MiB"
    case .gpuMemory: "GPU memory, MiB"
    case .gpuPower: "GPU power, W"
    }
  }

  /// The figure of an utterance, in its unit.
  public func value(_ speed: Speed) -> Double? {
    switch self {
    case .realTimeFactor: speed.realTimeFactor
    case .latency: speed.latencySeconds
    case .cpu: speed.cpuSeconds
    case .memory: speed.peakMemoryBytes.map { Double($0) / 1_048_576 }
    case .gpuMemory: speed.gpuMemoryMiB
    case .gpuPower: speed.gpuPowerWatts
    }
  }
}

/// What the journals beside syntheses tell of their making.
struct SpeedJournals {
  /// By the sound's absolute path.
  private let rows: [String: SynthesisRow]

  /// Reads the journals of these folders, or of the ones above them, where a TTS spoke several takes.
  init(_ folders: [String]) {
    var rows: [String: SynthesisRow] = [:]
    let absolute = folders.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    let above = absolute.map { ($0 as NSString).deletingLastPathComponent }
    // The nearer journal knows better.
    for folder in Array(Set(above).subtracting(absolute)).sorted() + Array(Set(absolute)).sorted() {
      for row in SynthesisJournal.read(folder: folder).rows {
        if let path = row.path { rows["\(folder)/\(path)"] = row }
      }
    }
    self.rows = rows
  }

  /// How a file was made; nil where nobody knows, or it is no longer what was made.
  func speed(of file: FileFacts) -> Speed? {
    guard !rows.isEmpty, let row = rows[URL(fileURLWithPath: file.path).standardizedFileURL.path],
      row.audio?.sha256 == file.fileSHA256
    else { return nil }
    return row.speed.map(Speed.init)
  }
}
