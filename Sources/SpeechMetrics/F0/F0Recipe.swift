// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechSignal

extension F0Method {
  /// Tracker and range, e.g. `harvest-71-800Hz`.
  package var description: String { "\(tracker.rawValue)-\(Self.short(floor))-\(Self.short(ceiling))Hz" }

  /// What moves F0, in signature form.
  package var recipe: [String] { ["f0:\(description)", "frame:5ms"] }

  /// A whole number without decimals.
  private static func short(_ hertz: Double) -> String { Int(exactly: hertz).map(String.init) ?? "\(hertz)" }
}

extension F0Method.Tracker {
  /// The paper, and the program whose tracks are reproduced.
  package var citation: String {
    switch self {
    case .harvest:
      """
      M. Morise: Harvest: A high-performance fundamental frequency estimator from speech signals. Interspeech, \
      2321–2325, 2017; as pyworld 0.3.5 ships it, whose tracks are reproduced
      """
    case .dio:
      """
      M. Morise, H. Kawahara, H. Katayose: Fast and reliable F0 estimation method based on the period extraction of \
      vocal fold vibration of singing voice and speech. AES 35th International Conference, 2009; with StoneMask, as \
      pyworld 0.3.5 ships them, whose tracks are reproduced
      """
    case .praat:
      """
      P. Boersma: Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a \
      sampled sound. IFA Proceedings 17, 97–110, 1993; agrees with Praat 6.1.38 (parselmouth 0.4.7)
      """
    case .pyin:
      """
      M. Mauch, S. Dixon: pYIN: A fundamental frequency estimator using probabilistic threshold distributions. ICASSP, \
      659–663, 2014; agrees with librosa 0.11
      """
    case .kaldi:
      """
      P. Ghahremani, B. BabaAli, D. Povey, K. Riedhammer, J. Trmal, S. Khudanpur: A pitch extraction algorithm tuned for \
      automatic speech recognition. ICASSP, 2494–2498, 2014; agrees with Kaldi's compute-kaldi-pitch-feats
      """
    }
  }
}

/// Whether the range in which F0 was looked for is wide enough: how many voiced frames lie at one of its bounds.
public struct F0RangeUse: Sendable, Equatable {
  /// Voiced frames.
  public private(set) var voiced = 0
  /// Those within 1 % of the floor or the ceiling.
  public private(set) var atBounds = 0

  /// A share of voiced frames at the bounds above which the range is likely too narrow.
  public static let tolerated = 0.05

  /// From what was counted earlier; by default no frames.
  public init(voiced: Int = 0, atBounds: Int = 0) {
    self.voiced = voiced
    self.atBounds = atBounds
  }

  /// The frames of a contour in Hz, 0 where unvoiced.
  public init(_ f0: [Double], _ method: F0Method) {
    voiced = f0.count { $0 > 0 }
    atBounds = f0.count { $0 > 0 && ($0 < 1.01 * method.floor || $0 > 0.99 * method.ceiling) }
  }

  /// Share of the voiced frames that lie at a bound; 0 where there are none.
  public var share: Double { Double(atBounds) / Double(max(1, voiced)) }

  /// The frames of both.
  public static func + (a: F0RangeUse, b: F0RangeUse) -> F0RangeUse {
    var sum = a
    sum.voiced += b.voiced
    sum.atBounds += b.atBounds
    return sum
  }
}
