// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Sound laid onto another time line, its pitch kept: waveform-similarity overlap-add (Verhelst & Roelands, "An overlap-add
/// technique based on waveform similarity (WSOLA) for high quality time-scale modification of speech", ICASSP 1993).
///
/// The output is made of pieces of the input, 25 ms long, one every 12.5 ms, each faded into the next by raised cosines that
/// sum to 1. Piece k should be taken from where the map says, τ(k); it is taken from τ(k) + δ instead, |δ| ≤ 8 ms, so that it
/// resembles what would follow in the input upon piece k − 1, its natural continuation: so the periods of a voice join.
/// Resemblance is the normalised cross-correlation over the whole piece (the paper's first measure).
///
/// Departures from the paper:
/// - The paper takes the δ of the greatest resemblance. As the natural continuation resembles itself most, pieces then follow
///   one another until δ has drifted to the end of its range, and the output is off the map by several milliseconds most of
///   the time. That nobody hears; STOI does (5 ms cost it 0.04). So `pull`·(δ/8 ms)² is taken off the resemblance, and only
///   its peaks are compared: down the flank of a peak the phase would slip a little with every piece, and the pitch with it
///   (a sine of 90 Hz at 0.97 of the pace came out at 87.3 Hz).
/// - The search is coarse to fine: at about 8 kHz (smoothed by a triangle, a sample in f kept) in steps of f samples, then
///   at the full rate around the best. The natural continuation itself is always among those looked at.
///
/// Where the map runs at the input's own pace, the output is the input, sample for sample. The reference is never looked at: a search for
/// pieces that resemble it would make any sound resemble it. What the map reads outside of the input is zero.
public struct WSOLA: Sendable {
  /// Length of a piece, seconds.
  public static let pieceSeconds = 0.025
  /// How far from the map a piece may be taken, seconds.
  public static let reachSeconds = 0.008
  /// What the farthest piece loses against one that lies on the map.
  public static let pull = 3.0
  static let coarseRate = 8000

  private let input: Waveform
  private let half: Int
  private let reach: Int
  private let pull: Double
  /// Zeros on either side of the input, so that any piece near it can be read.
  private let margin: Int
  private let samples: [Double]
  private let coarse: ThinnedSignal

  /// - Parameter input: the sound to be laid out anew.
  public init(_ input: Waveform) {
    self.init(input, piece: Self.pieceSeconds, reach: Self.reachSeconds, pull: Self.pull)
  }

  package init(_ input: Waveform, piece: Double, reach: Double, pull: Double) {
    self.input = input
    let rate = Double(input.sampleRate)
    half = max(1, Int((piece / 2 * rate).rounded()))
    self.reach = max(1, Int((reach * rate).rounded()))
    self.pull = pull
    margin = 4 * half + 2 * self.reach + 2 * input.sampleRate / Self.coarseRate
    let zeros = [Double](repeating: 0, count: margin)
    samples = zeros + input.samples + zeros
    coarse = ThinnedSignal(samples, factor: max(1, input.sampleRate / Self.coarseRate))
  }

  /// The input on the reference's time line.
  /// - Parameters:
  ///   - map: from time in the output (the reference's) to time in the input.
  ///   - count: samples of the output.
  /// - Returns: `count` samples at the input's rate.
  public func warped(by map: TimeMap, count: Int) -> Waveform {
    var output = [Double](repeating: 0, count: count)
    let fade = (0..<half).map { 0.5 - 0.5 * cos(.pi * (Double($0) + 0.5) / Double(half)) }
    // The middle of the piece that sounds, in `samples`.
    var middle = target(0, map)
    for begin in stride(from: 0, to: count, by: half) {
      let next = best(after: middle, near: target(begin + half, map))
      for n in 0..<min(half, count - begin) {
        let (old, new) = (samples[middle + n], samples[next - half + n])
        output[begin + n] = old + fade[n] * (new - old)
      }
      middle = next
    }
    return Waveform(samples: output, sampleRate: input.sampleRate)
  }

  /// Where in `samples` the map looks for an output sample.
  private func target(_ sample: Int, _ map: TimeMap) -> Int {
    let rate = Double(input.sampleRate)
    let place = (map(Double(sample) / rate) * rate).rounded()
    // All that lies farther outside is as silent.
    let outside = Double(2 * half + reach)
    return margin + Int(min(max(place, -outside), Double(input.count) + outside))
  }

  /// The middle of the piece that follows upon the one around `middle`.
  private func best(after middle: Int, near target: Int) -> Int {
    let continuation = middle + half
    if continuation == target { return target }
    // Where the piece that sounds goes on.
    let template = samples.span.extracting(middle..<middle + 2 * half)
    let energy = dotProduct(template, template)
    guard energy > 0 else { return target }
    func resemblance(_ candidate: Int) -> Double {
      let piece = samples.span.extracting(candidate - half..<candidate + half)
      return dotProduct(template, piece) / (energy * max(dotProduct(piece, piece), Self.quiet * energy)).squareRoot()
    }
    let near = target + coarse.factor * coarseOffset(template: middle, piece: target - half)
    var best = (middle: near, resemblance: resemblance(near))
    for candidate in max(target - reach, near - coarse.factor)...min(target + reach, near + coarse.factor)
    where candidate != near {
      let value = resemblance(candidate)
      if value > best.resemblance { best = (candidate, value) }
    }
    if abs(continuation - target) <= reach,
      1 - penalty(continuation - target) > best.resemblance - penalty(best.middle - target)
    {
      return continuation
    }
    return best.middle
  }

  /// The best offset in steps of the coarse rate.
  private func coarseOffset(template: Int, piece: Int) -> Int {
    let (steps, length) = (reach / coarse.factor, 2 * half / coarse.factor)
    let (first, factor) = (piece - steps * coarse.factor, coarse.factor)
    let phases = (coarse.phases[template % factor], coarse.phases[first % factor])
    let wanted = phases.0.span.extracting(template / factor..<template / factor + length)
    let offered = phases.1.span.extracting(first / factor..<first / factor + length + 2 * steps)
    let wantedEnergy = dotProduct(wanted, wanted)
    guard wantedEnergy > 0 else { return 0 }
    var energy = dotProduct(offered.extracting(first: length), offered.extracting(first: length))
    let resemblances = (0...2 * steps).map { start in
      let scale = (wantedEnergy * max(energy, Self.quiet * wantedEnergy)).squareRoot()
      if start < 2 * steps {
        energy += offered[start + length] * offered[start + length] - offered[start] * offered[start]
      }
      return dotProduct(wanted, offered.extracting(start..<start + length)) / scale
    }
    func best(of starts: some Sequence<Int>) -> Int? {
      var best: (start: Int, value: Double)?
      for start in starts {
        let value = resemblances[start] - penalty((start - steps) * factor)
        if value > best?.value ?? -.infinity { best = (start, value) }
      }
      return best?.start
    }
    let peaks = resemblances.indices.dropFirst().dropLast().filter {
      resemblances[$0] > resemblances[$0 - 1] && resemblances[$0] >= resemblances[$0 + 1]
    }
    return (best(of: peaks) ?? best(of: resemblances.indices) ?? steps) - steps
  }

  private func penalty(_ offset: Int) -> Double {
    let share = Double(offset) / Double(reach)
    return pull * share * share
  }

  /// Pieces quieter than the template by more than 60 dB are measured as if they were as loud as that.
  private static let quiet = 1e-6
}

/// A signal smoothed and thinned to one sample in `factor`, whichever is the first.
private struct ThinnedSignal: Sendable {
  let factor: Int
  /// Shape `[phase][n]`: samples phase, phase + factor, …
  let phases: [[Double]]

  init(_ x: [Double], factor: Int) {
    self.factor = factor
    guard factor > 1 else {
      phases = [x]
      return
    }
    // A triangle is a running mean twice.
    let smooth = Self.runningMean(Self.runningMean(x, factor).reversed(), factor)
    let aligned = Array(smooth.reversed())
    phases = (0..<factor).map { phase in stride(from: phase, to: aligned.count, by: factor).map { aligned[$0] } }
  }

  private static func runningMean(_ x: [Double], _ length: Int) -> [Double] {
    x.indices.map { n in
      var sum = 0.0
      for k in max(0, n - length + 1)...n { sum += x[k] }
      return sum / Double(length)
    }
  }
}
