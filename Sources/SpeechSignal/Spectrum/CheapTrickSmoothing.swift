// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

// CheapTrick's two smoothings: of the power spectrum, over a width of 2/3 F0, by the difference of its integral at both ends;
// and, in the cepstrum of its logarithm, over F0 (a sinc) with spectral recovery.

extension CheapTrickFrames {
  /// The correction below F0 and the running mean over 2/3 F0, of both frames.
  func smooth(_ first: Double, _ second: Double) {
    correct(first, 0)
    correct(second, 1)
    let half = length / 2
    let spacing = fs / Double(length)
    func reach(_ f0: Double) -> Int { Int(f0 * 2 / 3 / spacing) + 1 }
    let other = sums + 2 * length
    VectorLoops.runningSums(power, half, (reach(first), reach(second)), spacing, (sums, other))
    // The integral at a fixed distance to either side of each bin. Whole vectors: behind the last sum there is room.
    for (f0, sums, out) in [(first, sums, smoothed), (second, other, smoothed + length)] {
      let width = f0 * 2 / 3
      let origin = Double(reach(f0)) - 0.5
      VectorLoops.differences(
        sums, (origin - width / 2 / spacing, origin + width / 2 / spacing), 1 / width, half + 1, out)
      // The logarithms of whole vectors, too, are taken.
      for k in half + 1..<half + 4 { out[k] = 1 }
    }
  }

  /// Adds, below F0, the spectrum mirrored about F0.
  private func correct(_ f0: Double, _ lane: Int) {
    let position = f0 / (fs / Double(length))
    let limit = Int(position)
    let share = position - Double(limit)
    let power = power + lane
    for i in 0...limit {
      let (below, above) = (power[2 &* (limit &- i)], power[2 &* (limit &- i &+ 1)])
      sums[i] = below + (above - below) * share
    }
    for i in 0...limit { power[2 &* i] += sums[i] }
  }

  /// Smoothing over F0 and spectral recovery on the two cepstra.
  func lifter(_ first: Double, _ second: Double) {
    let angles = (first * (Double.pi / fs), second * (Double.pi / fs))
    let scale = 1 / Double(length)
    cosine.values[0] *= scale
    VectorLoops.lifter(
      doubles(cosine.values), inverses, length / 2, (cos(angles.0), cos(angles.1)), (sin(angles.0), sin(angles.1)),
      (scale / angles.0, scale / angles.1), q1)
  }
}
