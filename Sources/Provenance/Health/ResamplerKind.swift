// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

/// Resampling without a filter, recognised by the response it leaves.
///
/// A suspect is known by comparison: IN is resampled in each naive way there is, measured in the same manner, and the two
/// responses are laid on each other. So ratios at which images fall back onto the tone itself (24 to 16 kHz, where the response
/// of linear interpolation is (1 + cos πf/r)/2 and not sinc²) need no formula of their own.
enum ResamplerKind: String, Sendable {
  case linear = "linear interpolation"
  case hold = "the nearest sample taken, without interpolation"
  case unfiltered = "no anti-alias filter"

  /// Levels nearer than that are the same in the pass-band, dB.
  private static let passBandTolerance = 0.1
  /// And of images, which windows of 24 ms blur where they change fast, dB.
  private static let imageTolerance = 1.0
  /// Images below are not looked at, dB.
  private static let imageFloor = -40.0

  /// What kind it is; nil for a resampler with a filter, good or poor.
  init?(_ measured: ResamplerMeasurement, of input: Waveform, _ output: Waveform) {
    guard !measured.keeps(ResamplerMeter.good, to: ResamplerMeasurement.passBandPart) else { return nil }
    for way in NaiveResampling.allCases {
      for samples in way.variants(input, to: output.sampleRate, count: output.samples.count) {
        let waveform = Waveform(samples: samples, sampleRate: output.sampleRate)
        guard let suspect = ResamplerMeasurement(sweep: input, output: waveform), suspect.hasImages,
          Self.alike(measured.passBand, suspect.passBand, Self.passBandTolerance, above: -.infinity),
          Self.alike(measured.images, suspect.images, Self.imageTolerance, above: Self.imageFloor)
        else { continue }
        self = way == .linear ? .linear : .hold
        return
      }
    }
    // All of what lies beyond comes through, and not just what is near the edge.
    let aliases = measured.aliases.map(\.decibels).sorted()
    guard !aliases.isEmpty, aliases[aliases.count / 4] > -3 else { return nil }
    self = .unfiltered
  }

  /// Whether two curves are one, up to 0.9 of the way to the end of the shorter.
  private static func alike(
    _ a: [ResamplerMeasurement.Level], _ b: [ResamplerMeasurement.Level], _ tolerance: Double, above floor: Double
  ) -> Bool {
    let end = ResamplerMeasurement.passBandPart * min(a.last?.hertz ?? 0, b.last?.hertz ?? 0)
    let known = Dictionary(b.map { ($0.hertz, $0.decibels) }) { first, _ in first }
    let pairs = a.filter { $0.hertz <= end }.compactMap { point in known[point.hertz].map { (point.decibels, $0) } }
    return pairs.allSatisfy { max($0, $1) < floor || abs($0 - $1) <= tolerance }
  }
}

extension ResamplerMeasurement {
  /// Where interpolation is by whole factors down, nothing is interpolated and every naive way is the same.
  fileprivate var hasImages: Bool { images.contains { $0.decibels > -40 } }
}
