// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles

/// Where sound can go: PortAudio, a program, a file, nowhere. One sound at a time.
public protocol ClipPlayer {
  /// What is played on.
  var device: PlaybackDevice { get }
  /// Begins.
  /// - Throws: `PanelError.sound`.
  mutating func start(_ sound: PreparedSound, at time: PanelTime) throws(PanelError)
  /// What became of the sound, once it has ended; nil while it plays, and when there is none.
  mutating func report(at time: PanelTime) -> PlaybackReport?
  /// Ends the sound soon; its report still comes.
  mutating func stop()
  /// Gives the device back.
  mutating func close()
}

/// A player for tests and trial runs: no time passes, and what would have been heard can be kept.
public struct FilePlayer: ClipPlayer {
  /// What is played on.
  public let device: PlaybackDevice
  private let folder: String?
  private var count = 0
  private var ending: PlaybackReport?

  /// Keeps nothing.
  /// - Parameter rate: Hz.
  public init(rate: Int) {
    device = PlaybackDevice(method: "none", name: "", rate: rate, version: "")
    folder = nil
  }

  /// Keeps files `0001.s32`, `0002.s32`, …: interleaved stereo, little-endian.
  /// - Parameters:
  ///   - rate: Hz.
  ///   - folder: an existing one.
  /// - Throws: `PanelError.sound` where there is no such folder.
  public init(rate: Int, folder: String) throws(PanelError) {
    guard AudioTree.isFolder(folder) else { throw .sound("no folder “\(folder)” for the sound") }
    device = PlaybackDevice(method: "file", name: "", rate: rate, version: "")
    self.folder = folder
  }

  /// Begins.
  public mutating func start(_ sound: PreparedSound, at time: PanelTime) throws(PanelError) {
    count += 1
    if let folder {
      let name = "\(folder)/\(String(repeating: "0", count: max(0, 4 - String(count).count)))\(count).s32"
      guard RawFile.write(sound.samples, to: name) else { throw .sound("the sound cannot be written to a file") }
    }
    ending = PlaybackReport(
      device: device, start: time, end: time, frames: sound.frames, framesPlanned: sound.frames, underruns: 0)
  }

  /// What became of the sound, once it has ended.
  public mutating func report(at time: PanelTime) -> PlaybackReport? {
    defer { ending = nil }
    ending?.end = time
    return ending
  }

  /// Ends the sound soon.
  public mutating func stop() {}
  /// Gives the device back.
  public mutating func close() {}
}
