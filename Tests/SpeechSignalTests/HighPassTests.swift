// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct HighPassTests {
  private let filter = HighPass(tapCount: 255, cutoff: 70 / 8000.0)

  @Test func isSymmetricWithGainOneAtTheTop() {
    let taps = filter.taps
    #expect(taps.count == 255)
    for n in taps.indices { #expect(abs(taps[n] - taps[254 - n]) < 1e-16) }
    #expect(abs(taps.enumerated().reduce(0) { $0 + ($1.0 % 2 == 1 ? 1 : -1) * $1.1 } - 1) < 1e-12)
  }

  /// SciPy 1.17.1: `firwin(255, 70 / 8000, pass_zero=False)`. Its sines of whole turns are 1e-16 and not 0, which add up to 5e-15.
  @Test func hasScipysTaps() {
    let taps = [
      (0, 6.866559523184246e-05), (1, 6.407754001681842e-05), (64, -0.0027216498930371148), (126, -0.0087482877331517),
      (127, 0.9913203616354317), (200, -0.0017112026560421778),
    ]
    for (n, expected) in taps { #expect(abs(filter.taps[n] - expected) < 1e-14) }
  }

  @Test func convolves() {
    var signal = [Double](repeating: 0, count: 300)
    signal[10] = 1
    signal[13] = -2
    let output = filter.apply(signal)
    for n in signal.indices {
      func tap(_ i: Int) -> Double { filter.taps.indices.contains(i) ? filter.taps[i] : 0 }
      #expect(abs(output[n] - (tap(n - 10) - 2 * tap(n - 13))) < 1e-15)
    }
    #expect(filter.apply([]).isEmpty)
  }
}
