// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// Mel-cepstral distortion: how far the spectral envelopes of two recordings lie apart, frame by frame, on an axis like
// the ear's. It is the usual figure for the spectrum of synthesised and converted voices.
//
// R. Kubichek, "Mel-cepstral distance measure for objective speech quality assessment", IEEE PacRim 1993; in the form
// of T. Toda, A. W. Black, K. Tokuda, "Voice conversion based on maximum-likelihood estimation of spectral parameter
// trajectory", IEEE Trans. Audio, Speech, Lang. Process. 15(8), 2007:
//   MCD = mean over frames of K·√( Σ_{m=1…24} (c_m − ĉ_m)² ),  K = 10·√2/ln 10 = 6.1418…,
// which by Parseval is the rms difference in dB of the two log spectra Σ c_m·cos(m·ω) over the warped frequency ω.
//
// Conventions. c and ĉ: mel-cepstra of order 24 every 5 ms, shape [frames × 25], of WORLD's envelope (F0 by Harvest, 71 to
// 800 Hz; CheapTrick), all-pass constant α the one nearest to the mel scale at the rate of the run, as
// `pysptk.util.mcepalpha` finds it (``VocoderAnalysis``). c₀ is left out, so that level does not matter. Frames are those of
// the speech extent, paired by time, or along the path of dynamic time warping in a run that warps (``FramePairs``).
//
// "MCD 3.5 dB" means nothing without its recipe: over those in use, one pair of clips has anything from 3.6 to 22 dB.
// Departures from the papers: none that they fix. Toda et al. used STRAIGHT where this uses WORLD.

/// Mel-cepstral distortion in dB (Kubichek 1993; Toda et al. 2007).
public struct MCD: Metric {
  /// K: from the distance of cepstra to dB.
  package static let decibels = 10 * 2.0.squareRoot() / log(10)

  /// MCD by the default recipe.
  public init() {}

  /// What MCD is.
  public var info: MetricInfo {
    MetricInfo(
      id: "mcd", revision: 1, name: "Mel-cepstral distortion",
      summary: """
        Distance of the spectral envelopes, level and pitch apart; lower is nearer. Comparable only under the same \
        recipe and rate: other recipes give 2 to 20 dB for one pair.
        """,
      scale: .init(
        unit: "dB", range: 0 ... .infinity, better: .lower, tolerance: 0.1,
        toleranceReason: """
          moving every frame by 2.5 ms, which changes no sound, moves a system's mean by up to .04 dB (7 systems, 41 clips)
          """,
        decimals: 2),
      input: .init(rate: .analysis, timing: .framesInStep, minimumSeconds: FramePairs.minimumSeconds),
      recipe: VocoderAnalysis.f0Method.recipe
        + ["spectrum:cheaptrick", "cepstrum:sp2mc", "order:\(VocoderAnalysis.order)", "alpha:auto", "c0:no"],
      citations: [
        """
        R. F. Kubichek: Mel-cepstral distance measure for objective speech quality assessment. IEEE Pacific Rim \
        Conference on Communications, Computers and Signal Processing, 125–128, 1993
        """,
        """
        T. Toda, A. W. Black, K. Tokuda: Voice conversion based on maximum-likelihood estimation of spectral parameter \
        trajectory. IEEE Trans. Audio, Speech, Lang. Process. 15(8), 2222–2235, 2007
        """,
        "WORLD and SPTK, as pyworld 0.3.5 and pysptk 1.0.1 ship them, whose analyses are reproduced",
      ],
      isDefault: true, traces: [Self.distance])
  }

  /// The mean distance of the pair's envelopes.
  /// - Returns: dB; undefined for a silent signal, and when fewer than 10 frames can be compared.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    guard Harvest.sampleRates.contains(pair.analysisRate) else { throw .unsupportedRate(pair.analysisRate) }
    do { return .value(Self.meanDistance(try pair.framePairs)) } catch { return .undefined(error) }
  }

  /// The mean distance at each frame of the reference.
  public func traces(_ pair: PairAnalysis) throws(MetricError) -> [Trace] {
    guard let pairs = try? pair.framePairs else { return [] }
    let (frames, period) = (pairs.referenceFrames, 1 / Double(VocoderAnalysis.framesPerSecond))
    // Along a path, a frame of the reference may have several partners.
    var (sums, counts) = (Array(repeating: 0.0, count: frames.count), Array(repeating: 0.0, count: frames.count))
    for (step, distance) in zip(pairs.steps, Self.distances(pairs)) {
      sums[step.first - frames.lowerBound] += Self.decibels * distance
      counts[step.first - frames.lowerBound] += 1
    }
    return [
      Trace(
        name: Self.distance.name, start: Double(frames.lowerBound) * period, period: period,
        values: zip(sums, counts).map { Float($0 / $1) })
    ]
  }

  private static let distance = Trace.Kind(
    name: "distance", unit: "dB", summary: "Mel-cepstral distance at one 5 ms frame of the reference.")

  /// The definition above.
  static func meanDistance(_ pairs: FramePairs) -> Double {
    decibels * distances(pairs).reduce(0, +) / Double(pairs.steps.count)
  }

  /// ‖c − ĉ‖, shape `[frame pair]`.
  private static func distances(_ pairs: FramePairs) -> [Double] {
    let (reference, synthesis) = pairs.melCepstra
    let width = VocoderAnalysis.order + 1
    return pairs.steps.map { step in
      let (c, d) = (step.first * width, step.second * width)
      var square = 0.0
      for m in 1..<width {
        let difference = reference[c + m] - synthesis[d + m]
        square += difference * difference
      }
      return square.squareRoot()
    }
  }
}
