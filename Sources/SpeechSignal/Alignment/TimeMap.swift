// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// When, in a synthesis, the sound comes that a reference has at a given time: smooth, strictly rising.
///
/// A path of dynamic time warping is a staircase: it stands still and leaps by many frames wherever neighbouring frames are
/// alike, and in pauses it goes any way. The map keeps its course and not its steps.
///
/// Seen along the diagonal, with s = i + j and u = j − i for a step from frame i to frame j, the path is a function u(s)
/// whose slope lies within ±1, and neither recording is favoured:
/// 1. u is smoothed over s by a Gaussian; beyond both ends it goes on as it was there, which is a slope of 1 in time;
/// 2. its slope is held within ±L, L = (r − 1)/(r + 1), by the mean of the greatest function of that slope below it and the least
///    one above it: then time runs between 1/r and r times as fast in the synthesis as in the reference, and where the
///    path went on at a right angle (a pause that only one of them has) the map begins early and ends late;
/// 3. i = (s − u)/2 rises with s and is inverted: a knot for each frame of the reference.
public struct TimeMap: Sendable, Equatable {
  /// Standard deviation of the smoothing, seconds.
  public static let smoothing = 0.020
  /// r: time in the synthesis never runs faster or slower than by this factor.
  public static let maximumRate = 4.0

  /// Time of the first knot in the reference, seconds.
  public let start: Double
  /// Seconds from knot to knot.
  public let step: Double
  /// Time in the synthesis at each knot, rising, seconds.
  public let times: [Double]

  /// A map from its knots; before the first and behind the last, time runs equally fast in both.
  /// - Parameters:
  ///   - start: time of the first knot in the reference, seconds.
  ///   - step: seconds from knot to knot, positive.
  ///   - times: time in the synthesis at each knot, rising, at least one, seconds.
  public init(start: Double, step: Double, times: [Double]) {
    precondition(step > 0 && !times.isEmpty, "\(times.count) knots every \(step) s")
    precondition(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "time never stands still")
    self.start = start
    self.step = step
    self.times = times
  }

  /// The map along a path.
  /// - Parameters:
  ///   - path: not empty, from the first pair of frames to the last; frame i of the reference is the path's `first`.
  ///   - hop: seconds from frame to frame, in both.
  ///   - referenceStart: time of the reference's frame 0, seconds.
  ///   - synthesisStart: time of the synthesis' frame 0, seconds.
  public init(_ path: [DynamicTimeWarping.Step], hop: Double, referenceStart: Double, synthesisStart: Double) {
    self.init(
      path, hop: hop, referenceStart: referenceStart, synthesisStart: synthesisStart, smoothing: Self.smoothing,
      maximumRate: Self.maximumRate)
  }

  package init(
    _ path: [DynamicTimeWarping.Step], hop: Double, referenceStart: Double, synthesisStart: Double, smoothing: Double,
    maximumRate: Double
  ) {
    precondition(!path.isEmpty, "a path has steps")
    // s counts half frames along the diagonal.
    let smoothed = Self.smoothed(Self.offDiagonal(path), deviation: 2 * smoothing / hop)
    let u = Self.limited(smoothed, slope: (maximumRate - 1) / (maximumRate + 1))
    self.init(
      start: referenceStart, step: hop,
      times: Self.inverted(u, count: path[path.count - 1].first + 1).map { synthesisStart + hop * $0 })
  }

  /// Time in the synthesis, seconds.
  /// - Parameter time: in the reference, seconds, any.
  public func callAsFunction(_ time: Double) -> Double {
    let position = (time - start) / step
    guard position > 0 else { return times[0] + time - start }
    let knot = Int(min(position, Double(times.count)))
    guard knot < times.count - 1 else { return times[times.count - 1] + time - start - Double(times.count - 1) * step }
    return times[knot] + (times[knot + 1] - times[knot]) * (position - Double(knot))
  }

  /// Time in the synthesis minus time in the reference at each knot, seconds.
  public var shifts: [Double] { times.enumerated().map { $1 - start - Double($0) * step } }

  /// Their median, of an even number the greater middle one, seconds.
  public var medianShift: Double { shifts.sorted()[times.count / 2] }

  /// Mean absolute deviation of the shifts from their median, seconds: 0 where one delay says it all.
  public var meanAbsoluteWarp: Double {
    let median = medianShift
    return shifts.reduce(0) { $0 + abs($1 - median) } / Double(times.count)
  }

  /// u(s) for s = 0…n + m − 2. A diagonal step passes over one s, where u is what it is on both sides.
  private static func offDiagonal(_ path: [DynamicTimeWarping.Step]) -> [Double] {
    var u: [Double] = []
    for step in path {
      let value = Double(step.second - step.first)
      while u.count <= step.first + step.second { u.append(value) }
    }
    return u
  }

  /// Convolved with a Gaussian, cut at four deviations.
  private static func smoothed(_ u: [Double], deviation: Double) -> [Double] {
    guard deviation > 0 else { return u }
    let reach = Int((4 * deviation).rounded(.up))
    var kernel = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
    let sum = kernel.reduce(0, +)
    for i in kernel.indices { kernel[i] /= sum }
    let padded = [Double](repeating: u[0], count: reach) + u + [Double](repeating: u[u.count - 1], count: reach)
    return u.indices.map { s in
      var value = 0.0
      for k in kernel.indices { value += kernel[k] * padded[s + k] }
      return value
    }
  }

  /// The mean of the greatest function below u and the least one above it that climb no faster than `slope`.
  private static func limited(_ u: [Double], slope: Double) -> [Double] {
    var (below, above) = (u, u)
    for s in u.indices.dropFirst() {
      below[s] = min(below[s], below[s - 1] + slope)
      above[s] = max(above[s], above[s - 1] - slope)
    }
    for s in u.indices.dropLast().reversed() {
      below[s] = min(below[s], below[s + 1] + slope)
      above[s] = max(above[s], above[s + 1] - slope)
    }
    return zip(below, above).map { ($0 + $1) / 2 }
  }

  /// j for i = 0, 1, …, where i = (s − u)/2 and j = (s + u)/2.
  private static func inverted(_ u: [Double], count: Int) -> [Double] {
    let last = u.count - 1
    func first(_ s: Int) -> Double { (Double(s) - u[s]) / 2 }
    var s = 0
    return (0..<count).map { i in
      let i = Double(i)
      while s < last, first(s + 1) <= i { s += 1 }
      // Off either end u stays what it was there.
      if i < first(0) { return i + u[0] }
      if s == last { return i + u[last] }
      let share = (i - first(s)) / (first(s + 1) - first(s))
      return i + u[s] + share * (u[s + 1] - u[s])
    }
  }
}
