// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
public import SpeechSignal

/// What a resampler does, measured on the sweep that went through it.
///
/// Frequencies are in parts of the edge: half of the lower of the two rates.
public struct ResamplerMeasurement: Sendable, Equatable {
  /// A level at a frequency of IN.
  public struct Level: Sendable, Equatable {
    /// Hz.
    public var hertz: Double
    /// Relative to the gain.
    public var decibels: Double
  }

  /// Hz.
  public var inputRate: Int
  /// Hz.
  public var outputRate: Int
  /// Mean level of the lower half of the pass-band, dB.
  public var gain: Double
  /// Whether the sign is turned.
  public var isInverted: Bool
  /// How much later OUT is, in samples of OUT.
  public var delaySamples: Double
  /// Of a tone at its own frequency, below the edge.
  public var passBand: [Level]
  /// Of tones from beyond half the rate of OUT, wherever they land.
  public var aliases: [Level]
  /// Of copies of tones below the edge, the greatest at each frequency.
  public var images: [Level]

  /// How far the pass-band is from flat counts up to here; and from its mirror beyond the edge on, aliases do.
  public static let passBandPart = 0.9
  /// What cannot be told from nothing, dB: rounding of files to 16 bits, seen through the window.
  static let floor = -140.0

  /// Half of the lower rate, Hz.
  public var edge: Double { Double(min(inputRate, outputRate)) / 2 }
  /// How much later OUT is, ms.
  public var delayMilliseconds: Double { 1000 * delaySamples / Double(outputRate) }

  /// Greatest deviation from the gain up to a part of the edge, dB.
  public func ripple(to part: Double = passBandPart) -> Double {
    passBand.lazy.filter { $0.hertz <= part * edge }.map { abs($0.decibels) }.max() ?? 0
  }

  /// By how much aliases that land below that part of the edge, and images of tones below it, are weaker than what they
  /// come from, dB; the least. Nil where there is nothing to reject.
  public func rejection(to part: Double = passBandPart) -> Double? {
    ((aliases.filter { landing($0.hertz) <= part * edge }) + images.filter { $0.hertz <= part * edge })
      .map { -$0.decibels }.min()
  }

  /// Where a tone lands in OUT, Hz.
  func landing(_ hertz: Double) -> Double {
    let rate = Double(outputRate)
    return abs(hertz - (hertz / rate).rounded() * rate)
  }

  /// Measures; nil when `output` is not the sweep at another rate: too short, silent, or no tone of it found.
  /// - Parameters:
  ///   - input: `ResamplerMeter.probe`, as it went in.
  ///   - output: what came out.
  public init?(sweep input: Waveform, output: Waveform) {
    guard output.samples.contains(where: { $0 != 0 }) else { return nil }
    let response = SweepResponse(sweepOf: input.samples.count, at: input.sampleRate, output: output)
    (inputRate, outputRate) = (input.sampleRate, output.sampleRate)
    let edge = Double(min(inputRate, outputRate)) / 2
    let low = response.wanted.filter { $0.hertz <= edge / 2 && $0.amplitude > 0 }
    guard low.count >= 8 else { return nil }
    let gain = low.reduce(0) { $0 + 20 * log10($1.amplitude) } / Double(low.count)
    // A sweep that is there, and not somewhere in another recording.
    guard gain > -60, low.allSatisfy({ 20 * log10($0.amplitude) > gain - 30 }) else { return nil }
    func levels(_ points: [SweepResponse.Point]) -> [Level] {
      points.map { Level(hertz: $0.hertz, decibels: max(Self.floor, 20 * log10(max($0.amplitude, 1e-12)) - gain)) }
    }
    self.gain = gain
    (passBand, aliases, images) = (levels(response.wanted), levels(response.aliases), levels(response.images))
    let line = Self.phaseLine(low)
    delaySamples = Double(response.lag) - line.slope * Double(outputRate)
    isInverted = abs(line.intercept - line.intercept.rounded()) > 0.25
  }

  /// The straight line through the phases (periods) over frequency (Hz).
  private static func phaseLine(_ points: [SweepResponse.Point]) -> (slope: Double, intercept: Double) {
    var phases: [Double] = []
    for point in points {
      let last = phases.last ?? 0
      phases.append(phases.isEmpty ? point.phase : point.phase + (last - point.phase).rounded())
    }
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.hertz } / count
    let meanY = phases.reduce(0, +) / count
    var (xx, xy) = (0.0, 0.0)
    for (point, phase) in zip(points, phases) {
      xx += (point.hertz - meanX) * (point.hertz - meanX)
      xy += (point.hertz - meanX) * (phase - meanY)
    }
    return (xy / xx, meanY - xy / xx * meanX)
  }
}
