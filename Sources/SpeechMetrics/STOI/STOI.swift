// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

// Short-time objective intelligibility: how well the short-time envelopes of a degraded recording follow those of the
// clean one, which predicts the share of words that listeners understand.
//
// C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen, "An algorithm for intelligibility prediction of time-frequency
// weighted noisy speech", IEEE Trans. Audio, Speech, Lang. Process. 19(7), 2011. Equations below are numbered as there.
//
// Conventions. Both signals in third-octave bands, without the reference's silent frames: ``ThirdOctaveEnvelopes``. For
// every band j and every frame m that has N − 1 = 29 frames before it:
//   - x, y: the N magnitudes up to m of the clean and the degraded recording;
//   - y' = min(α·y, (1 + 10^(−β/20))·x), α = ‖x‖/‖y‖, β = −15 dB: brought to the level of x, and no sample counts as
//     degraded by more than 15 dB (equation 3);
//   - d = correlation of x and y' (equation 5), and STOI is the mean of d over all bands and frames (equation 6).
//
// Departures from the paper: those of the authors' code and of pystoi 0.4.1, whose scores this reproduces: α's and the
// correlation's divisors have 2⁻⁵² added, so that a band in which the degraded recording is silent for N frames counts
// as 0; and the frame bookkeeping noted at ``ThirdOctaveEnvelopes``. Departure from pystoi: with fewer than 30 frames of
// speech it returns 1e-5, a signal of zeros scores 0; here both are undefined.

/// Short-time objective intelligibility (Taal et al. 2011), with the numbers of pystoi 0.4.1.
public struct STOI: Metric {
  /// STOI has no options: every parameter is the paper's.
  public init() {}

  /// What STOI is.
  public var info: MetricInfo {
    MetricInfo(
      id: "stoi", revision: 1, name: "Short-time objective intelligibility",
      summary: "How much of the speech can be understood; nearly 1 for any clean voice, so it says little of quality.",
      scale: .init(
        unit: "", range: -1...1, better: .higher, tolerance: 0.005,
        toleranceReason: """
          2.2 points of words understood where Taal's curve for IEEE sentences is steepest, \
          less than a listening test resolves
          """,
        decimals: 3),
      input: .init(rate: .analysis, timing: .samplesInStep, minimumSeconds: ThirdOctaveEnvelopes.minimumSeconds),
      recipe: ThirdOctaveEnvelopes.recipe + ["beta:-15dB"],
      citations: [
        """
        C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen: An algorithm for intelligibility prediction of \
        time-frequency weighted noisy speech. IEEE Trans. Audio, Speech, Lang. Process. 19(7), 2125–2136, 2011
        """,
        ThirdOctaveEnvelopes.oracle,
      ],
      isDefault: true)
  }

  /// The mean correlation of the pair's short-time envelopes.
  /// - Returns: −1 to 1; undefined for a silent signal, or when fewer than 30 frames of speech are left.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    do { return .value(Self.meanCorrelation(try pair.thirdOctaveEnvelopes)) } catch { return .undefined(error) }
  }

  /// Equations 3, 5 and 6. The fifteen bands of a frame and a sixteenth, which is zero, are worked on eight at a time.
  package static func meanCorrelation(_ envelopes: ThirdOctaveEnvelopes) -> Double {
    typealias Frame = ThirdOctaveEnvelopes.Frame
    let n = ThirdOctaveEnvelopes.segmentLength
    let ceiling = 1 + pow(10, 15.0 / 20)
    let (ref, syn) = (envelopes.reference, envelopes.synthesis)
    let segments = ref.count - n + 1
    var total = Frame.zero
    ref.withUnsafeBytes { ref in
      syn.withUnsafeBytes { syn in
        withUnsafeMutableBytes(of: &total) { total in
          func doubles(_ p: UnsafeRawPointer?) -> UnsafePointer<Double>? { p?.assumingMemoryBound(to: Double.self) }
          guard let x = doubles(ref.baseAddress), let y = doubles(syn.baseAddress),
            let sums = total.baseAddress?.assumingMemoryBound(to: Double.self)
          else { return }
          VectorLoops.correlations(
            x, y, n + segments - 1, n, ceiling, ThirdOctaveEnvelopes.epsilon, sums)
        }
      }
    }
    return total.sum() / Double(segments * ThirdOctaveEnvelopes.bandCount)
  }
}

extension ThirdOctaveEnvelopes {
  /// What moves the envelopes, in signature form. The resampler within is part of the definition.
  static var recipe: [String] {
    [
      "10kHz:octave-kaiser60dB", "frame:256/128", "fft:512", "bands:15x1/3oct@150Hz", "range:40dB",
      "N:\(segmentLength)",
    ]
  }

  static var oracle: String { "M. Pariente: pystoi 0.4.1 (MIT), whose scores are reproduced to 1e-6" }
}
