// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import Testing

struct MCDTests {
  @Test func theConstantIsTheOneInUse() {
    #expect(abs(MCD.decibels - 6.141851463713754) < 1e-14)
  }

  /// c₀ alone holds the level.
  @Test func levelDoesNotMatter() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let noisy = TestSignal.noisy(clip, 0.05)
    let score = try #require(try MCD().measure(.inStep(clip, noisy)).number)
    let quiet = try #require(try MCD().measure(.inStep(clip, noisy.map { $0 / 4 })).number)
    #expect(abs(score - quiet) < 1e-6, "\(score), at a quarter of the level \(quiet)")
  }

  /// A filter 1 + a/z leaves F0 alone and adds cepstra that are known: a change of spectrum is measured, in dB.
  @Test func aFilterCostsWhatItsCepstrumSays() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let filtered = clip.indices.map { clip[$0] + ($0 > 0 ? 0.5 * clip[$0 - 1] : 0) }
    let score = try #require(try MCD().measure(.inStep(clip, filtered)).number)
    // The rms over the mel axis of 20·log10|1 + 0.5/z| about its mean there, by numerical integration.
    let alpha = 0.41
    let levels = (0..<2000).map { i -> Double in
      let warped = Double.pi * (Double(i) + 0.5) / 2000
      let omega = warped - 2 * atan(alpha * sin(warped) / (1 + alpha * cos(warped)))
      return 10 * log10(1.25 + cos(omega))
    }
    let mean = levels.reduce(0, +) / 2000
    let rms = (levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000).squareRoot()
    #expect(abs(score - rms) < 0.15 * rms, "\(score) dB, the filter has \(rms) dB")
  }
}
