// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Log-mel spectra of a recording's speech extent, as alignment looks at them: shape and not level.
///
/// 25 ms Hann windows every 5 ms, 24 bands from 50 Hz to 4 kHz (or 95 % of half the rate, if that is less): what lies
/// above, telephone codecs leave out, and the path of a pair that runs in step would stray. Each frame's own mean is taken off, so that level
/// does not matter; bands more than 50 dB below the file's loudest are raised to that floor, so that the noise in
/// pauses does not steer the path.
public struct LogMelFrames: Sendable {
  /// Values per frame.
  public static let dimension = 24
  /// Seconds from frame to frame.
  public static let hop = 0.005

  static let window = 0.025
  static let top = 4000.0
  static let floorDecibels = 50.0
  static let loudDecibels = 25.0

  /// Shape `[frame × dimension]`, row by row, natural logarithm.
  public let values: [Double]
  /// Whether a frame's energy lies within 25 dB of the loudest frame's; shape `[frame]`.
  public let isLoud: [Bool]
  /// Time of the first frame's start from the start of the file, seconds.
  public let start: Double
  /// Number of frames.
  public var count: Int { values.count / Self.dimension }

  /// Analyses a recording; no extent gives no frames.
  public init(_ waveform: Waveform, extent: SpeechExtent?) {
    guard let extent else {
      (values, isLoud, start) = ([], [], 0)
      return
    }
    let rate = Double(waveform.sampleRate)
    var powers = MelBandPowers(
      sampleRate: waveform.sampleRate, seconds: Self.window, bandCount: Self.dimension, range: 50...Self.top)
    let (samples, hop) = (extent.samples, Self.hop * rate)
    let count = samples.count < powers.length ? 0 : Int((Double(samples.count - powers.length) / hop)) + 1

    var bands = [Double](repeating: 0, count: count * Self.dimension)
    powers.forEach(count, of: waveform, start: { samples.lowerBound + Int((Double($0) * hop).rounded()) }) {
      for band in 0..<Self.dimension { bands[$0 * Self.dimension + band] = $1[band] }
    }

    // A lone sample may lie where every window is 0.
    guard let loudest = bands.max(), loudest > 0 else {
      (values, isLoud, start) = ([], [], 0)
      return
    }
    let energies = (0..<count).map { bands[$0 * Self.dimension..<($0 + 1) * Self.dimension].reduce(0, +) }
    let loud = (energies.max() ?? 0) * pow(10, -Self.loudDecibels / 10)
    isLoud = energies.map { $0 >= loud }
    let floor = loudest * pow(10, -Self.floorDecibels / 10)
    for frame in 0..<count {
      let row = frame * Self.dimension..<(frame + 1) * Self.dimension
      for i in row { bands[i] = log(max(bands[i], floor)) }
      let mean = bands[row].reduce(0, +) / Double(Self.dimension)
      for i in row { bands[i] -= mean }
    }
    values = bands
    start = Double(extent.samples.lowerBound) / rate
  }
}

/// The course of one recording's time against another's, where the first is loud: in a pause there is nothing to match,
/// and the path wanders.
public struct WarpPath: Sendable {
  /// The median over the path's loud frames of (time in the second − time in the first), seconds.
  public let medianShift: Double
  /// Mean absolute deviation of that difference from its median, seconds: measured 0–4 ms for codecs and vocoders, 10 ms
  /// and more (19 ms but for one of 117) where the second speaker kept a time of his own.
  public let meanDeviation: Double

  /// Aligns two recordings; nil when either holds no speech.
  public init?(_ first: LogMelFrames, _ second: LogMelFrames) {
    let path = DynamicTimeWarping.path(first.values, second.values, dimension: LogMelFrames.dimension)
    let loud = path.filter { first.isLoud[$0.first] }
    guard !loud.isEmpty else { return nil }
    let offset = second.start - first.start
    let shifts = loud.map { Double($0.second - $0.first) * LogMelFrames.hop + offset }
    let median = shifts.sorted()[shifts.count / 2]
    medianShift = median
    meanDeviation = shifts.reduce(0) { $0 + abs($1 - median) } / Double(shifts.count)
  }
}
