// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import SpeechSignal

/// Sound ready for a device: interleaved stereo.
public struct PreparedSound: Sendable, Equatable {
  /// Shape `[frame · 2]`, left and right in turn: x·2³¹, so that a 16-bit recording at 0 dB stands in the upper half of
  /// each number exactly, and reaches a 16-bit device unchanged.
  public let samples: [Int32]
  /// Hz.
  public let rate: Int
  /// Frames of sound; the rest, to the end of `samples`, is silence that devices may swallow.
  public let frames: Int
  /// Of the files' bytes that were read for it.
  public let sha256: [String]

  /// Seconds, the silence at the end included.
  public var seconds: Double { Double(samples.count / 2) / Double(rate) }
}

/// Reads a plan's recordings at the moment they are played, and makes sure that they are the plan's.
///
/// The file is read once; its bytes are hashed and decoded from memory, so what is heard is what was hashed. A file
/// that has other bytes than when the plan was frozen is refused, whatever its name, size and time say.
public struct ClipLoader {
  private let plan: PanelPlan
  private let folder: String

  /// Frames at both ends are faded over this time, so that no recording begins or ends with a click.
  static let fadeSeconds = 0.005
  /// Some devices drop what was handed to them last when they are stopped: 125 ms were seen.
  static let tailSeconds = 0.3

  /// A loader.
  /// - Parameter folder: where relative paths of the plan start: the folder of its design.
  public init(_ plan: PanelPlan, folder: String) {
    self.plan = plan
    self.folder = folder
  }

  /// Sound for a request.
  /// - Parameter rate: of the device, Hz.
  /// - Throws: `PanelError.stimulusChanged`.
  public func sound(_ request: PlayRequest, rate: Int) throws(PanelError) -> PreparedSound {
    var mono: [Double] = []
    var hashes: [String] = []
    for (place, clip) in request.clips.enumerated() {
      let (wave, sha256) = try waveform(clip, rate: rate)
      let factor = decibelsToAmplitude(plan.stimuli[clip].gain + request.gain)
      if place > 0 { mono += [Double](repeating: 0, count: Int(PanelPlan.gapSeconds * Double(rate))) }
      mono += Self.faded(wave.samples, rate: rate).map { $0 * factor }
      hashes.append(sha256)
    }
    let tail = Int(Self.tailSeconds * Double(rate))
    var samples = [Int32](repeating: 0, count: 2 * (mono.count + tail))
    for (frame, value) in mono.enumerated() {
      let number = Self.quantised(value)
      if request.side != .right { samples[2 * frame] = number }
      if request.side != .left { samples[2 * frame + 1] = number }
    }
    return PreparedSound(samples: samples, rate: rate, frames: mono.count, sha256: hashes)
  }

  /// Looks whether all that a listener hears is there and is what was planned.
  /// - Throws: `PanelError.stimulusChanged` of the first that is not, with how many there are.
  func check(_ trials: [PlannedTrial]) throws(PanelError) {
    var changed: [(path: String, reason: String)] = []
    let clips = Set(trials.flatMap(\.clips) + [plan.levelClip])
    for clip in clips.sorted() {
      let path = self.path(clip)
      do throws(AudioFileError) {
        if try AudioFile.digest(path) != plan.stimuli[clip].sha256 { changed.append((path, Self.another)) }
      } catch {
        changed.append((path, "\(error)"))
      }
    }
    guard let first = changed.first else { return }
    let others = changed.count > 1 ? " (the first of \(changed.count) recordings that have changed)" : ""
    let advice = changed.count == clips.count ? "; a plan finds its recordings from its own folder: was it moved?" : ""
    throw .stimulusChanged(path: first.path, reason: first.reason + others + advice)
  }

  private static let another = "not the file the plan was frozen with: its SHA-256 differs"

  private func path(_ clip: Int) -> String {
    let path = plan.stimuli[clip].path
    return path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }

  private func waveform(_ clip: Int, rate: Int) throws(PanelError) -> (Waveform, String) {
    let path = self.path(clip)
    let audio: DecodedAudio
    let wave: Waveform
    do {
      audio = try AudioFile.read(path)
      wave = try audio.waveform()
    } catch {
      throw .stimulusChanged(path: path, reason: "\(error)")
    }
    guard audio.fileSHA256 == plan.stimuli[clip].sha256 else {
      throw .stimulusChanged(path: path, reason: Self.another)
    }
    let heard = plan.stimuli[clip].lowpass.map { LowPass.filter(wave, cutoff: $0) } ?? wave
    return (Resampler.convert(heard, to: rate), audio.fileSHA256)
  }

  /// Half a cosine up and down.
  private static func faded(_ samples: [Double], rate: Int) -> [Double] {
    var samples = samples
    let length = min(Int(fadeSeconds * Double(rate)), samples.count / 2)
    for i in 0..<length {
      let factor = (1 - cos(.pi * (Double(i) + 0.5) / Double(length))) / 2
      samples[i] *= factor
      samples[samples.count - 1 - i] *= factor
    }
    return samples
  }

  private static func quantised(_ value: Double) -> Int32 {
    Int32(max(-2_147_483_648, min(2_147_483_647, (value * 2_147_483_648).rounded(.toNearestOrEven))))
  }
}
