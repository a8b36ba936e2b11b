// SPDX-License-Identifier: GPL-3.0-or-later
//
// From disturbances per frame to one score. Within stretches of 0.32 s a high power (6) lets the
// worst frames dominate, as a click does for a listener; over the stretches a low one (2) averages.
// The score is linear in the two totals, and a logistic function fitted to listening tests maps it
// to the opinion scale (P.862 section 10.2.12 and following, P.862.1, P.862.2).

internal import Foundation

extension PESQDisturbance {
  private static let segmentFrames = 20
  private static let segmentHop = 10

  /// The total of `disturbance`, one of this record's two.
  func total(_ disturbance: [Double], _ model: PESQPerceptualModel) -> Double {
    let last = model.lastFrame
    var (sum, weights) = (0.0, 0.0)
    for start in stride(from: model.firstFrame, through: last, by: Self.segmentHop) {
      var powers = 0.0
      for f in start..<min(start + Self.segmentFrames, last + 1) {
        let cube = disturbance[f] * disturbance[f] * disturbance[f]
        powers += cube * cube
      }
      // Always 20: what lies beyond the end counts as undisturbed.
      let segment = pow(powers / Double(Self.segmentFrames), 1 / 6.0)
      let weight = timeWeight(start - model.firstFrame, model)
      sum += weight * segment * (weight * segment)
      weights += weight * weight
    }
    return (sum / weights).squareRoot()
  }

  /// In signals beyond 16 s the beginning counts less: it is remembered less.
  private func timeWeight(_ index: Int, _ model: PESQPerceptualModel) -> Double {
    guard model.lastFrame + 1 > 1000 else { return 1 }
    let constants = model.constants
    let count = Double((model.longest - 2 * constants.edge) / constants.hop - 1)
    let forgetting = min(0.5, (count - 1000) / 5500)
    return (1 - forgetting) + forgetting * Double(index) / count
  }
}

enum PESQAggregation {
  /// MOS-LQO from the raw score.
  static func opinionScore(raw: Double, mode: PESQ.Mode) -> Double {
    switch mode {
    case .narrowBand: 0.999 + 4 / (1 + exp(-1.4945 * raw + 4.6607))
    case .wideBand, .wideBandCorrigendum2: 0.999 + 4 / (1 + exp(-1.3669 * raw + 3.8224))
    }
  }
}
