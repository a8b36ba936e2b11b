// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import SpeechMetrics
internal import SpeechSignal

/// Samples that are no recording.
public enum SoundFlaw: Sendable, Equatable, CustomStringConvertible {
  /// Every sample is 0.
  case silent
  /// Every sample has the same value, which is not 0.
  case constant(Double)
  /// A sample lies further beyond full scale (±1) than any recording does: the file is damaged or holds no sound.
  case beyondScale(peak: Double)

  /// Integers that were written as floats without being scaled reach 2³¹; beyond, powers and their sums may overflow.
  private static let greatestPeak = 4e9

  /// What is wrong with a recording; nil when nothing is.
  init?(_ waveform: Waveform) {
    let first = waveform.withSamples(0..<min(1, waveform.count)) { $0.isEmpty ? 0 : $0[0] }
    guard !waveform.isConstant(first) else {
      self = first == 0 ? .silent : .constant(first)
      return
    }
    let peak = waveform.greatest { abs($0) }
    guard peak > Self.greatestPeak else { return nil }
    self = .beyondScale(peak: peak)
  }

  /// The flaw in words.
  public var description: String {
    switch self {
    case .silent: "silent, every sample is 0"
    case .constant(let value): "no sound, every sample is \(value)"
    case .beyondScale(let peak): "no sound, samples reach \(peak), full scale is 1"
    }
  }
}

/// One side of a pair: its bytes' hash at once, its sound when a metric needs it, each found at most once.
final class Recording {
  /// What is known so far.
  private(set) var facts: FileFacts
  /// SHA-256 of the file's bytes; nil when they cannot be read.
  var fileSHA256: String? { facts.fileSHA256 }

  private let side: Side
  private let candidate: Pairing.Candidate
  private let settings: EvaluationSettings
  private let contours: KnownContours?
  private var analysed: Result<SignalAnalysis, EvaluationFailure>?
  /// Of the file's bytes; nil when they cannot be read.
  let digest: FileDigest?

  /// - Parameter digest: of the file, from an earlier look at it.
  init(
    _ side: Side, _ candidate: Pairing.Candidate, _ settings: EvaluationSettings, _ contours: KnownContours? = nil,
    digest: FileDigest? = nil
  ) {
    self.contours = contours
    self.side = side
    self.candidate = candidate
    self.settings = settings
    if case .file(let path) = candidate {
      self.digest = digest.flatMap { $0.isCurrent(at: path) ? $0 : nil } ?? (try? FileDigest(of: path))
    } else {
      self.digest = nil
    }
    facts = FileFacts(path: candidate.path, fileSHA256: self.digest?.digits)
  }

  /// Facts of the same bytes under this file's own path.
  func renamed(_ earlier: FileFacts) -> FileFacts {
    var facts = earlier
    facts.path = candidate.path
    return facts
  }

  /// The recording, decoded and checked.
  func analysis() throws(EvaluationFailure) -> SignalAnalysis {
    if let analysed { return try analysed.get() }
    let result: Result<SignalAnalysis, EvaluationFailure>
    do throws(EvaluationFailure) {
      result = .success(try analyse())
    } catch {
      result = .failure(error)
    }
    analysed = result
    return try result.get()
  }

  private func analyse() throws(EvaluationFailure) -> SignalAnalysis {
    guard case .file(let path) = candidate else {
      if case .ambiguous(let paths) = candidate { throw .ambiguous(side, paths: paths) }
      preconditionFailure("a candidate is a file or several")
    }
    let waveform: Waveform
    let lookedUp: String?
    do throws(AudioFileError) {
      let decoded = try AudioFile.read(path)
      lookedUp = facts.fileSHA256
      facts = FileFacts(
        path: path, fileSHA256: decoded.fileSHA256, audioSHA256: decoded.audioSHA256, sampleRate: decoded.sampleRate,
        channels: decoded.channelCount, seconds: decoded.seconds)
      waveform = try decoded.waveform(settings.channels)
    } catch {
      throw .unreadable(side, path: path, error)
    }
    // What was found in the store under the file's hash is about other sound.
    guard lookedUp == facts.fileSHA256 else { throw .changed(side, path: path) }
    if let flaw = SoundFlaw(waveform) { throw .noSound(side, path: path, flaw) }
    guard waveform.sampleRate >= settings.analysisRate else {
      throw .rateBelowAnalysis(side, path: path, rate: waveform.sampleRate, analysisRate: settings.analysisRate)
    }
    guard let contours, let digest = facts.audioSHA256 else {
      return SignalAnalysis(source: waveform) { Resampler.convert($0, to: $1) }
    }
    return SignalAnalysis(
      source: waveform,
      contour: { [conditions = settings.conditions] method, rate, make throws(AnalysisError) in
        try contours.contour(method, at: rate, of: digest, conditions, make)
      }
    ) { Resampler.convert($0, to: $1) }
  }
}
