// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import SpeechSignal

/// A recording looked at before it may be part of a plan.
struct StimulusCheck {
  let fileSHA256: String
  let audioSHA256: String
  let sampleRate: Int
  let channels: Int
  let frames: Int
  let format: String
  let activeLevel: Double
  let loudness: Double?
  let peak: Double
  /// What listeners may stumble over.
  let notes: [String]

  /// Fewer samples than this many seconds are no speech.
  static let shortest = 0.2
  /// Silence before or after speech that listeners would take for a fault, seconds.
  static let longestSilence = 1.0
  /// This many samples at full scale in a row are clipping.
  static let clippedRun = 4

  /// Reads and looks.
  /// - Parameters:
  ///   - lowpass: Hz above which an anchor has nothing.
  ///   - level: what levels go by.
  /// - Throws: the reason, in one line without the path, why it cannot be played.
  init(_ path: String, lowpass: Int?, level policy: PanelDesign.Level) throws(Unfit) {
    let audio: DecodedAudio
    var wave: Waveform
    do {
      audio = try AudioFile.read(path)
      wave = try audio.waveform()
    } catch {
      throw Unfit(reason: "\(error)")
    }
    if let lowpass {
      guard 2 * lowpass < wave.sampleRate else {
        throw Unfit(reason: "an anchor of \(lowpass) Hz takes a rate above \(2 * lowpass) Hz, not \(wave.sampleRate)")
      }
      wave = LowPass.filter(wave, cutoff: lowpass)
    }
    guard wave.seconds >= Self.shortest else { throw Unfit(reason: "only \(Self.text(wave.seconds)) s long") }
    let peak = wave.samples.reduce(0) { max($0, abs($1)) }
    guard let level = ActiveLevel(wave), let extent = SpeechExtent(wave), level.decibels > -70 else {
      throw Unfit(reason: "silent")
    }
    // A filter may overshoot; the gain sees to that.
    guard peak <= 1 || lowpass != nil else { throw Unfit(reason: "beyond full scale: its peak is \(Self.text(peak))") }

    var notes: [String] = []
    let run = Self.longestRun(wave.samples) { abs($0) >= 0.999 }
    if run >= Self.clippedRun { notes.append("clipped: \(run) samples at full scale in a row") }
    let before = Double(extent.samples.lowerBound) / Double(wave.sampleRate)
    let after = Double(wave.count - extent.samples.upperBound) / Double(wave.sampleRate)
    if before > Self.longestSilence { notes.append("\(Self.text(before)) s of silence before the speech") }
    if after > Self.longestSilence { notes.append("\(Self.text(after)) s of silence after the speech") }

    fileSHA256 = audio.fileSHA256
    audioSHA256 = audio.audioSHA256
    sampleRate = audio.sampleRate
    channels = audio.channelCount
    frames = wave.count
    format = audio.format
    activeLevel = level.decibels
    loudness = policy == .loudness ? Loudness.integrated(wave) : nil
    if policy == .loudness && loudness == nil { throw Unfit(reason: "too short or too soft to have a loudness") }
    self.peak = 20 * log10(peak)
    self.notes = notes
  }

  /// Why a file cannot be played.
  struct Unfit: Error { let reason: String }

  private static func longestRun(_ samples: [Double], where isMet: (Double) -> Bool) -> Int {
    var (run, longest) = (0, 0)
    for sample in samples {
      run = isMet(sample) ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  private static func text(_ value: Double) -> String { String(format: "%.2f", value) }
}
