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
  /// What moves F0, in signature form.
  static let f0Recipe = ["f0:harvest-71-800Hz", "frame:5ms"]

  private let waveform: Waveform
  private let tables: Tables

  /// - Parameter waveform: full scale ±1, at a rate of `Harvest.sampleRates`.
  package init(_ waveform: Waveform) {
    self.waveform = waveform
    tables = .at(waveform.sampleRate)
  }

  /// F0 in Hz, 0 where unvoiced; no frames at all for fewer samples than Harvest takes.
  package private(set) lazy var track =
    (try? tables.harvest.track(waveform)) ?? F0Track(times: [], f0: [])

  /// Shape `[frames × (order + 1)]`, c₀ first, for the frames of `track`.
  package private(set) lazy var melCepstra =
    (try? tables.cheapTrick.melCepstra(waveform, track, tables.mel)) ?? []

  /// What depends on the sample rate and on nothing else, made once per process: α alone is a search over 1000 curves.
  private struct Tables: Sendable {
    let harvest: Harvest
    let cheapTrick: CheapTrick
    let mel: MelCepstrum

    init(sampleRate: Int) {
      harvest = Harvest(
        sampleRate: sampleRate, floor: 71, ceiling: 800, framePeriod: 1 / Double(VocoderAnalysis.framesPerSecond))
      cheapTrick = CheapTrick(sampleRate: sampleRate, floor: 71)
      mel = MelCepstrum(
        order: VocoderAnalysis.order, alpha: MelCepstrum.alpha(sampleRate: sampleRate), binCount: cheapTrick.binCount)
    }

    private static let known = Mutex<[Int: Tables]>([:])

    static func at(_ sampleRate: Int) -> Tables {
      known.withLock { known in
        if let tables = known[sampleRate] { return tables }
        let made = Tables(sampleRate: sampleRate)
        known[sampleRate] = made
        return made
      }
    }
  }
}
