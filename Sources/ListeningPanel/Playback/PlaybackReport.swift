// SPDX-License-Identifier: GPL-3.0-or-later

/// Where sound goes.
public struct PlaybackDevice: Sendable, Equatable, Codable {
  /// `portaudio`, the name of a spawned player, `file` or `none`.
  public var method: String
  /// The device's name, as the system has it.
  public var name: String
  /// Hz.
  public var rate: Int
  /// The library or player with its version, if it says.
  public var version: String

  /// A device from its parts.
  public init(method: String, name: String, rate: Int, version: String) {
    (self.method, self.name, self.rate, self.version) = (method, name, rate, version)
  }

  /// Whether there is anything to hear.
  var isHeard: Bool { method != "none" && method != "file" }
}

/// What became of one playing.
public struct PlaybackReport: Sendable, Equatable, Codable {
  /// Where it went.
  public var device: PlaybackDevice
  /// When it began, and when the device had ended, 0.3 s of silence after the sound included.
  public var start, end: PanelTime
  /// Frames of sound the device took, the silence after them not counted; of how many.
  public var frames, framesPlanned: Int
  /// How often the device ran dry. A spawned player does not say: nil.
  public var underruns: Int?
  /// Whether it was stopped on purpose.
  public var wasStopped: Bool

  /// A report from its parts.
  public init(
    device: PlaybackDevice, start: PanelTime, end: PanelTime, frames: Int, framesPlanned: Int, underruns: Int?,
    wasStopped: Bool = false
  ) {
    (self.device, self.start, self.end) = (device, start, end)
    (self.frames, self.framesPlanned, self.underruns) = (frames, framesPlanned, underruns)
    self.wasStopped = wasStopped
  }

  /// Whether all was heard without a gap.
  public var isWhole: Bool { frames == framesPlanned && (underruns ?? 0) == 0 }
}
