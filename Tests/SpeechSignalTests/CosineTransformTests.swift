// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

@Suite struct CosineTransformTests {
  /// Against the definition, by the transform of the whole even sequence.
  @Test(arguments: [2, 4, 64, 1024])
  func itIsTheTransformOfEvenSequences(half: Int) {
    let first = SignalGenerator.noise(half + 1, seed: 1)
    let second = SignalGenerator.noise(half + 1, seed: 2).map { 3 * $0 }
    var transform = CosineTransform(half: half)
    for k in 0...half { transform.values[k] = SIMD2(first[k], second[k]) }
    transform.transform()
    let wanted = [first, second].map(evenTransform)
    // What is rounded in the one shows in the other.
    let largest = wanted.joined().map(\.magnitude).max() ?? 0
    for k in 0...half {
      for lane in 0..<2 { #expect(abs(transform.values[k][lane] - wanted[lane][k]) < 1e-14 * largest, "\(lane), \(k)") }
    }
  }

  /// What it is applied to twice comes back, N times as large.
  @Test func twiceIsTheIdentity() {
    let half = 512
    let samples = SignalGenerator.noise(half + 1, seed: 3)
    var transform = CosineTransform(half: half)
    for k in 0...half { transform.values[k] = SIMD2(samples[k], -samples[k]) }
    transform.transform()
    transform.transform()
    for k in 0...half {
      #expect(abs(transform.values[k].x / Double(2 * half) - samples[k]) < 1e-13)
      #expect(abs(transform.values[k].y / Double(2 * half) + samples[k]) < 1e-13)
    }
  }

  private func evenTransform(_ sequence: [Double]) -> [Double] {
    let half = sequence.count - 1
    var fft = RealFFT(length: 2 * half)
    let whole = sequence + sequence[1..<half].reversed()
    var bins = [Complex](repeating: Complex(0, 0), count: half + 1)
    var spectrum = bins.mutableSpan
    fft.forward(whole.span, into: &spectrum)
    return bins.map(\.re)
  }
}
