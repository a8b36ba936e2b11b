// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import ListeningPanel
import SpeechSignal
import Testing

/// Test signals of EBU Tech 3341, table 1: a tone of 1 kHz on both sides, at levels for seconds; wanted within 0.1 LU.
@Suite struct LoudnessTests {
  private func tone(_ parts: [(decibels: Double, seconds: Int)], rate: Int = 48_000) -> Waveform {
    let amplitudes = parts.flatMap { part in
      [Double](repeating: pow(10, part.decibels / 20), count: part.seconds * rate)
    }
    let samples = amplitudes.enumerated().map { $1 * sin(2 * .pi * 1000 * Double($0) / Double(rate)) }
    return Waveform(samples: samples, sampleRate: rate)
  }

  @Test func tonesHaveTheLoudnessOfTheStandard() throws {
    let cases: [([(Double, Int)], Double)] = [
      ([(-23, 20)], -23), ([(-33, 20)], -33), ([(-36, 10), (-23, 60), (-36, 10)], -23),
      ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23), ([(-26, 20), (-20, 20), (-26, 20)], -23),
    ]
    for (parts, wanted) in cases {
      let loudness = try #require(Loudness.integrated(tone(parts.map { (decibels: $0.0, seconds: $0.1) })))
      #expect(abs(loudness - wanted) < 0.1, "\(loudness)")
    }
    let slow = try #require(Loudness.integrated(tone([(-23, 20)], rate: 16_000)))
    #expect(abs(slow + 23) < 0.1, "\(slow)")
    #expect(Loudness.integrated(tone([(-80, 2)])) == nil)
    #expect(Loudness.integrated(Waveform(samples: [0.5, -0.5], sampleRate: 48_000)) == nil)
  }

  @Test func aDesignCanAskForEqualLoudness() throws {
    let studio = try Studio(utterances: 2)
    try studio.write("s1/u0.wav", pitch: 1500, amplitude: 0.02)
    let plan = try studio.plan("training: 0\nlevel: bs1770\n")
    for stimulus in plan.stimuli {
      let loudness = try #require(stimulus.loudness)
      #expect(abs(loudness + stimulus.gain + 23) < 1e-9 && stimulus.peak + stimulus.gain <= 0)
    }
    #expect(try studio.plan("training: 0\n").stimuli.allSatisfy { $0.loudness == nil })
  }

  /// A soft recording with a click: all are as soft as it is when the click reaches full scale.
  @Test func aPeakKeepsAllSofter() throws {
    let studio = try Studio(utterances: 1)
    var samples = (0..<16_000).map { 0.02 * sin(2 * .pi * 400 * Double($0) / 16_000) }
    samples[8000] = 0.9
    try AudioFile.write(Waveform(samples: samples, sampleRate: 16_000), to: "\(studio.folder)/s0/u0.wav", as: .pcm16)
    let plan = try studio.plan("training: 0\nlevel: bs1770\n")
    let levels = plan.stimuli.map { ($0.loudness ?? 0) + $0.gain }
    #expect(levels.count == 2 && abs(levels[0] - levels[1]) < 1e-9 && levels[0] < -30)
    #expect(plan.stimuli.allSatisfy { $0.peak + $0.gain <= 0 } && plan.stimuli.contains { $0.peak + $0.gain > -0.11 })
    #expect(plan.notes.contains { $0.hasPrefix("loudness of all: ") && $0.hasSuffix("(−23 LUFS is usual)") })
  }
}
