// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
package import SpeechSignal
internal import Synchronization

/// A recording as the WORLD vocoder sees it: F0 and spectral envelope every 5 ms, each computed when first asked for.
///
/// Frame i stands at 5·i ms from the first sample. F0 by ``Harvest`` between 71 and 800 Hz, the envelope by ``CheapTrick``
/// under that F0, and of the envelope the mel-cepstrum (``MelCepstrum``, SPTK's `sp2mc`) of order 24.
///
/// An instance belongs to one task.
package final class VocoderAnalysis {
  /// Frames in a second; a whole number, so that a frame's place among samples is exact.
  package static let framesPerSecond = 200
  /// M: mel-cepstra have M + 1 coefficients.
  package static let order = 24
  /// The F0 under which the envelope is found.
  static let f0Method = F0Method(.harvest, floor: 71, ceiling: 800)
  /// Seconds.
  private static let framePeriod = 1 / Double(framesPerSecond)

  /// Frames of the recording.
  let frameCount: Int

  private let waveform: Waveform
  private let tables: Tables
  private let remembered: Memory
  private var tracked: [F0Method: Result<[Double], AnalysisError>] = [:]

  /// Gives the contour of a method: one that is known already, or what `make` finds.
  package typealias Memory = (
    _ method: F0Method, _ make: () throws(AnalysisError) -> F0Track
  ) throws(AnalysisError) -> F0Track

  /// - Parameters:
  ///   - waveform: full scale ±1, at a rate of `Harvest.sampleRates`.
  ///   - remembered: where contours are looked up before they are made.
  package init(
    _ waveform: Waveform, remembered: @escaping Memory = { _, make throws(AnalysisError) in try make() }
  ) {
    self.waveform = waveform
    self.remembered = remembered
    tables = .at(waveform.sampleRate)
    frameCount = FrameGrid.count(
      samples: waveform.count, sampleRate: waveform.sampleRate, framePeriod: Self.framePeriod)
  }

  /// F0 in Hz, 0 where unvoiced; no frames at all for fewer samples than Harvest takes.
  package private(set) lazy var track = (try? contour(by: Self.f0Method)) ?? F0Track(times: [], f0: [])

  /// F0 by any method at these frames, each the value of the method's nearest frame: Hz, 0 where unvoiced, shape
  /// `[frames]`.
  /// - Throws: `tooShort` where the method needs more samples than there are.
  package func f0(by method: F0Method) throws(AnalysisError) -> [Double] {
    if let known = tracked[method] { return try known.get() }
    let instants = FrameGrid.times(count: frameCount, framePeriod: Self.framePeriod)
    let made = Result { () throws(AnalysisError) in
      method == Self.f0Method ? track.f0 : try contour(by: method).f0(at: instants)
    }
    tracked[method] = made
    return try made.get()
  }

  private func contour(by method: F0Method) throws(AnalysisError) -> F0Track {
    try remembered(method) { () throws(AnalysisError) in
      try Tables.tracker(method, sampleRate: waveform.sampleRate).track(waveform)
    }
  }

  /// Shape `[frames × (order + 1)]`, c₀ first, for the frames of `track`.
  package private(set) lazy var melCepstra =
    (try? tables.cheapTrick.melCepstra(waveform, track, tables.mel)) ?? []

  /// What depends on the sample rate and on nothing else, made once per process: α alone is a search over 1000 curves.
  private struct Tables: Sendable {
    let cheapTrick: CheapTrick
    let mel: MelCepstrum

    init(sampleRate: Int) {
      cheapTrick = CheapTrick(sampleRate: sampleRate, floor: VocoderAnalysis.f0Method.floor)
      mel = MelCepstrum(
        order: VocoderAnalysis.order, alpha: MelCepstrum.alpha(sampleRate: sampleRate), binCount: cheapTrick.binCount)
    }

    private static let known = Mutex<[Int: Tables]>([:])
    private static let trackers = Mutex<[Int: [F0Method: any F0Tracker]]>([:])

    static func at(_ sampleRate: Int) -> Tables {
      known.withLock { $0.memoised(sampleRate) { Tables(sampleRate: sampleRate) } }
    }

    static func tracker(_ method: F0Method, sampleRate: Int) -> any F0Tracker {
      trackers.withLock { $0[sampleRate, default: [:]].memoised(method) { method.make(sampleRate: sampleRate) } }
    }
  }
}

extension Dictionary {
  /// The value of a key, made when it is first asked for.
  fileprivate mutating func memoised(_ key: Key, _ make: () -> Value) -> Value {
    if let known = self[key] { return known }
    let made = make()
    self[key] = made
    return made
  }
}
