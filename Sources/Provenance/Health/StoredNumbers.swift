// SPDX-License-Identifier: GPL-3.0-or-later

/// What `NumbersCheck` compares with.
///
/// Bins of the spectra were summed from the definition with 40 digits by mpmath 1.3. Values of the metrics were given by
/// ttseval itself (x86-64, glibc 2.36, FFTW 3.3.10, soxr 0.1.3), whose agreement with independent implementations is the
/// business of the goldens: here they only have to be the same everywhere. Tolerances are those by which a metric promises to
/// agree with its oracle, given the same samples.
public enum StoredNumbers {
  /// The integers whose spectra are stored: (7n² mod 257) − 128.
  package static func signal(_ length: Int) -> [Double] { (0..<length).map { Double($0 * $0 * 7 % 257 - 128) } }

  /// By length: bin, real and imaginary part.
  package static let transforms: [(length: Int, bins: [(k: Int, re: Double, im: Double)])] = [
    (
      512,
      [
        (0, 221, 0), (1, 225.24806254940887, -3.1079773203356673), (17, -8.703417473739181, -4.0851178589222348),
        (128, -28, -1785), (255, 2592.3326363004041, 32.157933700946428), (256, -21, 0),
      ]
    ),
    (
      1000,
      [
        (0, -42, 0), (1, -32.295027756871585, -20.095331247740146), (17, -354.36749749066871, 1195.4864478031279),
        (250, -370, 174), (499, -899.08312901256392, -82.282644452372181), (500, -786, 0),
      ]
    ),
    (
      882,
      [
        (0, -178, 0), (1, -190.50475006276066, -186.13250452573463), (17, 845.62572636828918, 438.80049904511775),
        (220, 1954.6092697841329, -3596.0642255223775), (440, -730.75665329924795, -911.04633388432254), (441, -330, 0),
      ]
    ),
  ]

  /// By metric.
  public static let metrics: [String: NumbersCheck.Stored] = [:]
}
