// SPDX-License-Identifier: GPL-3.0-or-later
//
// From power to disturbance: compensation of slow gain changes, Zwicker's loudness, and the
// difference in loudness that exceeds what the louder signal masks; once as it is, once weighted by
// how much was added (Beerends et al. 2002, sections 5 to 8).

internal import Foundation

/// Disturbance and asymmetric disturbance of every frame.
struct PESQDisturbance: Sendable {
  var symmetric: [Double]
  var asymmetric: [Double]
  /// Some frame's disturbance exceeded `PESQDisturbance.badFrame`.
  private(set) var badFrameSeen = false
  /// Audible power of the compensated reference.
  let referenceAudible: [Double]
  private let loudness: Loudness

  /// Disturbance of a frame that is suspected of being badly aligned.
  static let badFrame = 30.0

  init(_ model: inout PESQPerceptualModel) {
    let frames = model.lastFrame + 1
    loudness = Loudness(model.constants)
    referenceAudible = (0..<frames).map { f in
      model.audiblePower(model.referencePower, frame: f, factor: 1)
    }
    symmetric = [Double](repeating: 0, count: frames)
    asymmetric = symmetric
    var gain: Double?
    for f in 0..<frames { (symmetric[f], asymmetric[f]) = disturbance(f, &model, &gain) }
    badFrameSeen = symmetric.contains { $0 > Self.badFrame }
  }

  /// Disturbances of one frame. Its degraded power is scaled on the way.
  ///
  /// - Parameter previousGain: Gain of the frame before, unlimited; `nil` if there is none.
  func disturbance(
    _ f: Int, _ model: inout PESQPerceptualModel, _ previousGain: inout Double?
  ) -> (Double, Double) {
    let bands = model.constants.bands
    let row = f * bands
    let audible = model.audiblePower(model.degradedPower, frame: f, factor: 1)
    var gain = (referenceAudible[f] + 5000) / (audible + 5000)
    if let previous = previousGain { gain = 0.2 * previous + 0.8 * gain }
    previousGain = gain
    gain = min(max(gain, 3e-4), 5)

    var (sum, weighted) = (0.0, 0.0)
    for b in 0..<bands {
      let x = Double(Float(Double(model.degradedPower[row + b]) * gain))
      model.degradedPower[row + b] = Float(x)
      // The lowest band enters neither sum.
      guard b > 0 else { continue }
      let r = Double(model.referencePower[row + b])
      let difference = loudness.audibleDifference(r, x, band: b)
      guard difference != 0 else { continue }
      let density = abs(difference) * loudness.width[b]
      sum += density * density
      weighted += density * Self.asymmetry((x + 50) / (r + 50))
    }
    return (loudness.totalWidth * (sum / loudness.totalWidth).squareRoot(), weighted)
  }

  /// ratio^1.2, but 0 below 3 and 12 above 12.
  private static func asymmetry(_ ratio: Double) -> Double {
    // 3^(1/1.2) = 2.498, 12^(1/1.2) = 7.931: outside, no power need be taken.
    if ratio < 2.49 { return 0 }
    if ratio > 7.94 { return 12 }
    let factor = pow(ratio, 1.2)
    return factor < 3 ? 0 : min(factor, 12)
  }

  /// Scales by the level of the frame and limits both disturbances.
  mutating func normalise() {
    for f in symmetric.indices {
      let scale = pow((referenceAudible[f] + 1e5) / 1e7, 0.04)
      symmetric[f] = min(symmetric[f] / scale, 45)
      asymmetric[f] = min(asymmetric[f] / scale, 45)
    }
  }
}

extension PESQDisturbance {
  /// Zwicker's law, band by band.
  private struct Loudness: Sendable {
    let width: [Double]
    /// Sum of the widths of all bands but the lowest.
    let totalWidth: Double
    private let threshold: [Double]
    private let exponent: [Double]
    private let scale: [Double]

    init(_ constants: PESQConstants) {
      width = constants.bandWidthBark
      totalWidth = width.dropFirst().reduce(0, +)
      threshold = constants.bandThreshold
      // Below 4 Bark loudness grows faster.
      exponent = constants.bandCentreBark.map { z in
        0.23 * (z < 4 ? pow(min(2, 6 / (z + 2)), 0.15) : 1)
      }
      scale = zip(threshold, exponent).map { t, gamma in
        PESQConstants.loudnessCalibration * pow(t / 0.5, gamma)
      }
    }

    /// Difference of loudness, degraded less reference, beyond a quarter of the lesser of the two.
    func audibleDifference(_ reference: Double, _ degraded: Double, band: Int) -> Double {
      let r = loudness(reference, band)
      let x = loudness(degraded, band)
      let difference = x - r
      let masked = 0.25 * min(x, r)
      if difference > masked { return difference - masked }
      if difference < -masked { return difference + masked }
      return 0
    }

    private func loudness(_ power: Double, _ band: Int) -> Double {
      let t = threshold[band]
      guard power > t else { return 0 }
      return scale[band] * (pow(0.5 + 0.5 * power / t, exponent[band]) - 1)
    }
  }
}
