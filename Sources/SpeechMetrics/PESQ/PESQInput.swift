// SPDX-License-Identifier: GPL-3.0-or-later
//
// Level and input filter (P.862 sections 10.1.1 and 10.1.2): from two recordings to the signals that the
// model works on. What was measured is kept, so that the signals can be made again: long ones are dropped
// while the delays are sought, on which only the filtered ones of the time alignment bear.

internal import SpeechSignal

/// Makes the two signals, as often as asked.
struct PESQInput {
  /// Reference and degraded, at the model's rate.
  let sounds: [Waveform]
  /// What both are divided by.
  let peak: Double
  let constants: PESQConstants
  let mode: PESQ.Mode
  /// Samples up to which signals are not made twice, and are measured whole.
  let longestPlain: Int
  /// Of reference and degraded, known once the signals were made.
  private(set) var factors: [Float] = []

  init(sounds: [Waveform], peak: Double, constants: PESQConstants, mode: PESQ.Mode, longestPlain: Int) {
    self.sounds = sounds
    self.peak = peak
    self.constants = constants
    self.mode = mode
    self.longestPlain = longestPlain
  }

  /// Whether memory matters more than the time of making the signals twice.
  var isLong: Bool { longest > longestPlain }

  private var longest: Int { sounds.reduce(0) { max($0, $1.count) } }

  /// Both signals at the standard level, filtered.
  mutating func signals() throws(PESQError) -> [PESQSignal] {
    var signals = sounds.map { PESQSignal($0, peak: peak, constants: constants, capacity: longest) }
    var filter = PESQFrequencyFilter()
    for i in 0..<2 {
      if factors.count <= i {
        let power = filter.levelPower(of: signals[i], longest: longest + 2 * constants.edge, inBlocks: isLong)
        guard power > 0, power.isFinite else { throw i == 0 ? .noActiveSpeech : .degradedSilent }
        factors.append(PESQSignal.factor(power: power))
      }
      signals[i].scale(by: factors[i])
    }
    switch mode {
    case .narrowBand: for i in 0..<2 { filter.apply(PESQConstants.receiveCurve, to: &signals[i]) }
    case .wideBand: PESQSignal.filterWideBand(&signals, by: PESQConstants.wideBandFilter)
    case .wideBandCorrigendum2: PESQSignal.filterWideBand(&signals, by: PESQConstants.wideBandFilterCorrigendum2)
    }
    return signals
  }
}
