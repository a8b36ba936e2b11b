// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechSignal

/// One recording and what is derived from it, each computed at most once.
///
/// The reference's analysis is shared by every system that is compared with it. An instance belongs to one task.
public final class SignalAnalysis {
  /// Converts a waveform to another rate; handed in, so that this module knows no resampler.
  public typealias Resampler = (Waveform, _ sampleRate: Int) -> Waveform

  /// Gives the F0 contour of the recording at a rate, Hz: one that is known already, or what `make` finds.
  public typealias ContourMemory = (
    _ method: F0Method, _ sampleRate: Int, _ make: () throws(AnalysisError) -> F0Track
  ) throws(AnalysisError) -> F0Track

  /// The recording as decoded, at its own rate.
  public let source: Waveform
  private let resample: Resampler
  private let contour: ContourMemory
  private var byRate: [Int: Waveform] = [:]
  private var extents: [Int: SpeechExtent?] = [:]
  private var envelopes: [Int: BandEnvelopes] = [:]
  private var frames: [Int: LogMelFrames] = [:]
  private var levels: [Int: ActiveLevel?] = [:]
  private var vocoded: [Int: VocoderAnalysis] = [:]
  private var toolFrames: [ToolAnalysis.AtRate: Result<ToolFrames, MetricError>] = [:]

  /// - Parameters:
  ///   - source: the recording at its own rate.
  ///   - contour: where F0 contours of the whole recording are remembered; nowhere, if not said.
  ///   - resample: called at most once per rate, always with `source`: never 24 → 22.05 → 16 kHz.
  public init(
    source: Waveform, contour: @escaping ContourMemory = { _, _, make throws(AnalysisError) in try make() },
    resample: @escaping Resampler
  ) {
    self.source = source
    self.contour = contour
    self.resample = resample
  }

  /// The recording at a rate, Hz.
  public func waveform(at sampleRate: Int) -> Waveform {
    if sampleRate == source.sampleRate { return source }
    return memoised(\.byRate, sampleRate) { resample(source, sampleRate) }
  }

  /// First to last speech at a rate, or nil when nothing rises above digital silence.
  public func speechExtent(at sampleRate: Int) -> SpeechExtent? {
    memoised(\.extents, sampleRate) { SpeechExtent(waveform(at: sampleRate)) }
  }

  /// Envelopes at a rate, from which a delay is found.
  func bandEnvelopes(at sampleRate: Int) -> BandEnvelopes {
    memoised(\.envelopes, sampleRate) { BandEnvelopes(waveform(at: sampleRate)) }
  }

  /// Log-mel frames of the speech extent at a rate, for alignment.
  public func logMelFrames(at sampleRate: Int) -> LogMelFrames {
    let waveform = waveform(at: sampleRate)
    let make = { LogMelFrames(waveform, extent: self.speechExtent(at: sampleRate)) }
    // Of an hour they take 138 MB: they are made once more for the next system.
    return waveform.count > Waveform.longestPlain ? make() : memoised(\.frames, sampleRate, make)
  }

  /// Active speech level at a rate, or nil when there is no speech.
  public func activeLevel(at sampleRate: Int) -> ActiveLevel? {
    memoised(\.levels, sampleRate) { ActiveLevel(waveform(at: sampleRate)) }
  }

  /// F0 and mel-cepstra of the whole recording at a rate of `Harvest.sampleRates`, Hz.
  package func vocoderAnalysis(at sampleRate: Int) -> VocoderAnalysis {
    memoised(\.vocoded, sampleRate) {
      VocoderAnalysis(waveform(at: sampleRate)) { [contour] method, make throws(AnalysisError) in
        try contour(method, sampleRate, make)
      }
    }
  }

  /// The whole recording as another tool sees it, at a rate that tool works at, Hz.
  func frames(by analysis: ToolAnalysis, at sampleRate: Int) throws(MetricError) -> ToolFrames {
    try memoised(\.toolFrames, .init(analysis: analysis, sampleRate: sampleRate)) {
      Result { () throws(MetricError) in try analysis.frames(waveform(at: sampleRate)) }
    }.get()
  }

  private func memoised<Key, Value>(
    _ store: ReferenceWritableKeyPath<SignalAnalysis, [Key: Value]>, _ key: Key, _ make: () -> Value
  ) -> Value {
    if let known = self[keyPath: store][key] { return known }
    let made = make()
    self[keyPath: store][key] = made
    return made
  }
}
