// SPDX-License-Identifier: GPL-3.0-or-later

/// What `NumbersCheck` compares with.
///
/// Bins of the spectra were summed from the definition with 40 digits by mpmath 1.3. Values of the metrics were given by
/// ttseval itself (x86-64, glibc 2.36, FFTW 3.3.10, soxr 0.1.3), whose agreement with independent implementations is the
/// business of the goldens: here they only have to be the same everywhere. Tolerances are those by which a metric promises to
/// agree with its oracle: PESQ 1e-5, STOI 1e-6, MCD 1e-3 dB with its F0 found, F0 itself 1e-6 of its value. Raw PESQ, which
/// its mapping flattens, has ten times that. Rounding of 1e-12 in the samples moves no value by more than 3e-10, of 1e-10
/// PESQ by 3e-6 and the raw score by 1.3e-5, the others by 1e-8.
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
  public static let metrics: [String: NumbersCheck.Stored] = [
    "pesq-wb": .init(1.157295475118322, tolerance: 1e-5),
    "pesq-nb": .init(1.4288779534389044, tolerance: 1e-5),
    "pesq-wb-c2": .init(1.653473334273726, tolerance: 1e-5),
    "pesq-nb-raw": .init(1.7021386940699235, tolerance: 1e-4),
    "pesq-wb-raw": .init(0.4632320934080554, tolerance: 1e-4),
    "stoi": .init(0.7316157961325354, tolerance: 1e-6),
    "estoi": .init(0.3251393658986766, tolerance: 1e-6),
    "mcd": .init(6.5039035971375965, tolerance: 1e-3),
    "f0-rmse-cents": .init(338.7179442654987, tolerance: 1e-3),
    "f0-corr": .init(0.8051262490601613, tolerance: 1e-6),
    "gpe": .init(0.41081081081081083, tolerance: 1e-6),
    "vde": .init(0.22284122562674094, tolerance: 1e-6),
    "ffe": .init(0.43454038997214484, tolerance: 1e-6),
    "si-sdr": .init(-16.201122330236316, tolerance: 1e-6),
    "lsd": .init(3.182434057628315, tolerance: 1e-6),
    "log-mel-l1": .init(1.2928668866219453, tolerance: 1e-5),
    "mr-stft": .init(2.337681834924096, tolerance: 1e-5),
    "f0-rmse-hz": .init(38.26885529328986, tolerance: 1e-4),
    "vuv-f1": .init(0.8222222222222222, tolerance: 1e-6),
    "f0-mean-diff-cents": .init(207.24777135940673, tolerance: 1e-3),
    "f0-range-ratio": .init(1.6026487526327995, tolerance: 1e-6),
  ]
}
