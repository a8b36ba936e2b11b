// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which 4 ms frames hold speech, and how far each rises above the noise. The threshold starts at the
// mean power and is moved, twelve times, to just above the power of the frames below it, so that it
// settles on top of the noise. The logarithm of power over threshold is the envelope from which the
// first estimate of the delay is made (Rix et al. 2001, section 3).

internal import Foundation

/// Frame powers and log envelope of one signal.
package struct PESQSpeechActivity: Sendable {
  /// Power per frame where there is speech, else 0; runs have softened edges.
  package private(set) var power: [Float]
  /// Natural logarithm of power over threshold, 0 below it.
  package let envelope: [Float]
  /// No frame stood out, so that every frame counts as speech.
  package let isFeatureless: Bool
  /// Runs dropped for being weak after much louder speech.
  package private(set) var weakRuns = 0

  /// Runs this short are taken for clicks.
  private static let clickFrames = 4
  /// Pauses up to 200 ms do not end a run.
  private static let bridgedFrames = 50

  /// - Parameter x: A filtered signal, of which frames up to `length` are looked at.
  init(_ x: [Float], length: Int, frame: Int) {
    var v = Self.framePowers(x, count: length / frame, frame: frame)
    let last = v.count - 1
    let peak = v.max() ?? 0
    let floor: Float = peak > 0 ? 1e-4 * peak : 1
    var threshold = Self.noiseThreshold(&v, floor: floor)

    var (speech, speechCount, noise, noiseCount): (Float, Int, Float, Int) = (0, 0, 0, 0)
    for p in v {
      if p > threshold {
        speech += p
        speechCount += 1
      } else {
        noise += p
        noiseCount += 1
      }
    }
    noise = noiseCount > 0 ? noise / Float(noiseCount) : 1
    isFeatureless = speechCount == 0
    if !isFeatureless {
      speech /= Float(speechCount)
    } else {
      speech = 0
      threshold = -1
    }

    // From here on a negative power marks a frame without speech.
    for i in 0...last where v[i] <= threshold { v[i] = -v[i] }
    (v[0], v[last]) = (-floor, -floor)
    for run in Self.runs(v) where run.count <= Self.clickFrames { Self.negate(&v, run) }
    if speech >= 1000 * noise {
      // With that little noise the threshold is low; a weak run is probably an echo or a breath.
      for run in Self.runs(v) {
        var sum: Float = 0
        for i in run { sum += v[i] }
        guard sum < 3 * threshold * Float(run.count) else { continue }
        Self.negate(&v, run)
        weakRuns += 1
      }
    }
    var previousEnd: Int?
    for run in Self.runs(v) {
      if let end = previousEnd, run.lowerBound - end <= Self.bridgedFrames {
        for i in end..<run.lowerBound { v[i] = floor }
      }
      previousEnd = run.upperBound
    }
    if previousEnd == nil {
      for i in 0...last { v[i] = abs(v[i]) }
      (v[0], v[last]) = (-floor, -floor)
    }
    Self.soften(&v)
    for i in 0...last { v[i] = max(v[i], 0) }
    if threshold <= 0 { threshold = floor }
    envelope = v.map { $0 > threshold ? Float(log(Double($0 / threshold))) : 0 }
    power = v
  }

  private static func framePowers(_ x: [Float], count: Int, frame: Int) -> [Float] {
    (0..<count).map { i in
      var sum: Float = 0
      for j in i * frame..<(i + 1) * frame { sum += x[j] * x[j] }
      return sum / Float(frame)
    }
  }

  /// The settled threshold; raises every power to at least `floor` on the way.
  private static func noiseThreshold(_ v: inout [Float], floor: Float) -> Float {
    var sum: Float = 0
    for p in v { sum += p }
    var threshold = sum / Float(v.count)
    for i in v.indices where v[i] < floor { v[i] = floor }
    for _ in 0..<12 {
      var (mean, count): (Float, Int) = (0, 0)
      for p in v where p <= threshold {
        mean += p
        count += 1
      }
      var deviation: Float = 0
      if count > 0 {
        mean /= Float(count)
        for p in v where p <= threshold { deviation += (p - mean) * (p - mean) }
        deviation = Float(Double(deviation / Float(count)).squareRoot())
      }
      threshold = 1.001 * (mean + 2 * deviation)
    }
    return threshold
  }

  /// Maximal runs of positive values; the first and last frame are negative and bound them.
  private static func runs(_ v: [Float]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for i in 1..<max(v.count, 1) {
      if v[i] > 0, v[i - 1] <= 0 { start = i }
      if v[i] <= 0, v[i - 1] > 0 { runs.append(start..<i) }
    }
    return runs
  }

  private static func negate(_ v: inout [Float], _ run: Range<Int>) {
    for i in run { v[i] = -v[i] }
  }

  /// Extends each run by two weaker frames at either end.
  private static func soften(_ v: inout [Float]) {
    var i = 3
    while i < v.count - 2 {
      if v[i] > 0, v[i - 2] <= 0 {
        v[i - 2] = 0.1 * v[i]
        v[i - 1] = 0.3 * v[i]
        i += 1
      }
      if v[i] <= 0, v[i - 1] > 0 {
        v[i] = 0.3 * v[i - 1]
        v[i + 1] = 0.1 * v[i - 1]
        i += 3
      }
      i += 1
    }
  }
}
