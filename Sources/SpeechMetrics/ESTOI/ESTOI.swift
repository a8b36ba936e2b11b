// SPDX-License-Identifier: GPL-3.0-or-later

// Extended short-time objective intelligibility: as STOI, but it compares whole spectrograms of 384 ms rather than
// each band by itself, so that it also holds for maskers that vary in time, such as a competing voice.
//
// J. Jensen, C. H. Taal, "An algorithm for predicting the intelligibility of speech masked by modulated noise maskers",
// IEEE/ACM Trans. Audio, Speech, Lang. Process. 24(11), 2016, section on the proposed measure. The steps below are named
// after its matrices; equation 1 is STOI's.
//
// Conventions. Both signals in third-octave bands, without the reference's silent frames: ``ThirdOctaveEnvelopes``. For
// every frame m that has N − 1 = 29 frames before it, the J × N = 15 × 30 magnitudes up to m of either recording are
//   - row-normalised: each band's mean over the N frames is taken off and its norm made 1;
//   - then column-normalised: each frame's mean over the J bands is taken off and its norm made 1;
//   - multiplied with one another and summed, over N: d_m, the mean correlation of the frames' spectra.
// ESTOI is the mean of d_m over all frames m.
//
// Departure from pystoi 0.4.1, whose scores this reproduces: pystoi adds random noise of 2⁻⁵² before either step, so that
// it never divides by zero, and gives a band that stands still for N frames a random shape. Here nothing is random: a
// band or a frame whose norm is zero stays zero. Scores differ by more than rounding only where a recording is digitally
// silent in a band for 384 ms.

/// Extended short-time objective intelligibility (Jensen & Taal 2016), with the numbers of pystoi 0.4.1.
public struct ESTOI: Metric {
  /// ESTOI has no options: every parameter is the paper's.
  public init() {}

  /// What ESTOI is.
  public var info: MetricInfo {
    MetricInfo(
      id: "estoi", revision: 1, name: "Extended short-time objective intelligibility",
      summary: "How much of the speech can be understood, also under fluctuating noise; finer than STOI near 1.",
      scale: .init(
        unit: "", range: -1...1, better: .higher, tolerance: 0.01,
        toleranceReason: "what .005 of STOI is in ESTOI: speech in noise moves it about twice as far", decimals: 3),
      input: .init(rate: .analysis, timing: .samplesInStep, minimumSeconds: ThirdOctaveEnvelopes.minimumSeconds),
      recipe: ThirdOctaveEnvelopes.recipe + ["norm:rows,columns"],
      citations: [
        """
        J. Jensen, C. H. Taal: An algorithm for predicting the intelligibility of speech masked by modulated noise \
        maskers. IEEE/ACM Trans. Audio, Speech, Lang. Process. 24(11), 2009–2022, 2016
        """,
        ThirdOctaveEnvelopes.oracle,
      ],
      isDefault: true)
  }

  /// The mean correlation of the pair's normalised spectra.
  /// - Returns: −1 to 1; undefined for a silent signal, or when fewer than 30 frames of speech are left.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    do { return .value(Self.meanCorrelation(try pair.thirdOctaveEnvelopes)) } catch { return .undefined(error) }
  }

  /// The mean of d_m. A lane is a band; the sixteenth lane stays zero.
  package static func meanCorrelation(_ envelopes: ThirdOctaveEnvelopes) -> Double {
    let n = ThirdOctaveEnvelopes.segmentLength
    let (ref, syn) = (envelopes.reference.span, envelopes.synthesis.span)
    let segments = ref.count - n + 1
    var total = 0.0
    for first in 0..<segments {
      let (x, y) = (TimeNormalisation(ref, from: first, count: n), TimeNormalisation(syn, from: first, count: n))
      for t in first..<first + n { total += spectralCorrelation(x(ref[t]), y(syn[t])) }
    }
    return total / Double(segments * n)
  }

  /// Column normalisation and product for one frame: the correlation over bands of two spectra.
  @inline(__always)
  private static func spectralCorrelation(
    _ x: ThirdOctaveEnvelopes.Frame, _ y: ThirdOctaveEnvelopes.Frame
  ) -> Double {
    let (u, v) = (centred(x), centred(y))
    let norm = ((u * u).sum() * (v * v).sum()).squareRoot()
    return norm > 0 ? (u * v).sum() / norm : 0
  }

  /// A spectrum without its mean over bands. The unused lane stays zero.
  @inline(__always)
  private static func centred(_ spectrum: ThirdOctaveEnvelopes.Frame) -> ThirdOctaveEnvelopes.Frame {
    var centred = spectrum - spectrum.sum() / Double(ThirdOctaveEnvelopes.bandCount)
    centred[ThirdOctaveEnvelopes.bandCount] = 0
    return centred
  }
}

/// Row normalisation: what takes every band of a segment to mean 0 and norm 1.
private struct TimeNormalisation {
  private let mean: ThirdOctaveEnvelopes.Frame
  private let scale: ThirdOctaveEnvelopes.Frame

  @inline(__always)
  init(_ frames: Span<ThirdOctaveEnvelopes.Frame>, from first: Int, count: Int) {
    typealias Frame = ThirdOctaveEnvelopes.Frame
    var sum = Frame.zero
    for t in first..<first + count { sum += frames[t] }
    let mean = sum / Double(count)
    var power = Frame.zero
    for t in first..<first + count {
      let deviation = frames[t] - mean
      power += deviation * deviation
    }
    self.mean = mean
    // A band that stands still has no direction to normalise: it stays zero.
    scale = (1 / power.squareRoot()).replacing(with: 0, where: power .== 0)
  }

  @inline(__always)
  func callAsFunction(_ frame: ThirdOctaveEnvelopes.Frame) -> ThirdOctaveEnvelopes.Frame { (frame - mean) * scale }
}
