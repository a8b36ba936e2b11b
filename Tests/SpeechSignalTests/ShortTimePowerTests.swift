// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

struct ShortTimePowerTests {
  @Test func mirrorsWithoutRepeatingTheEnds() {
    #expect(ShortTimePower.reflected([1, 2, 3, 4], by: 2) == [3, 2, 1, 2, 3, 4, 3, 2])
    #expect(ShortTimePower.reflected([1, 2, 3, 4], by: 0) == [1, 2, 3, 4])
  }

  @Test func countsWholeFrames() {
    let stft = ShortTimePower(fftLength: 8, window: Window.hann(8), hop: 3)
    #expect([7, 8, 10, 11, 14].map { stft.frameCount($0) } == [0, 1, 1, 2, 3])
  }

  /// A short window sits in the middle of its frame: zeros around it change no power.
  @Test func centresAShortWindow() {
    let signal = SignalGenerator.noise(64, seed: 6)
    let padded = [Double](repeating: 0, count: 6) + Window.hann(20) + [Double](repeating: 0, count: 6)
    var short = ShortTimePower(fftLength: 32, window: Window.hann(20), hop: 5)
    var long = ShortTimePower(fftLength: 32, window: padded, hop: 5)
    for frame in 0..<short.frameCount(64) {
      var powers = [[Double](repeating: 0, count: 17), [Double](repeating: 0, count: 17)]
      var output = powers[0].mutableSpan
      short.power(of: signal.span, frame: frame, into: &output)
      var other = powers[1].mutableSpan
      long.power(of: signal.span, frame: frame, into: &other)
      #expect(zip(powers[0], powers[1]).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }
}
