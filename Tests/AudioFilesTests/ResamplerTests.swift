// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechSignal
import Testing

/// `reference-resampler.json`: Python's soxr, an independent build of a later libsoxr.
private struct Reference: Decodable {
  struct Case: Decodable {
    var from: Int
    var to: Int
    var count: Int
    var output: [Double]
  }
  struct Length: Decodable {
    var from: Int
    var to: Int
    var count: Int
    var length: Int
  }
  var tolerance: Double
  var cases: [Case]
  var lengths: [Length]
}

@Suite("Resampler")
struct ResamplerTests {
  @Test func agreesWithPythonSoxr() throws {
    let reference: Reference = try golden("reference-resampler.json")
    #expect(reference.cases.count == 5)
    for one in reference.cases {
      let made = Resampler.convert(Waveform(samples: chirp(one.count), sampleRate: one.from), to: one.to)
      #expect(made.sampleRate == one.to)
      #expect(made.samples.count == one.output.count, "\(one.from) to \(one.to)")
      let difference = zip(made.samples, one.output).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= reference.tolerance, "\(one.from) to \(one.to)")
    }
  }

  @Test func lengthsAreThoseOfPythonSoxr() throws {
    let reference: Reference = try golden("reference-resampler.json")
    #expect(reference.lengths.count == 56)
    for one in reference.lengths {
      let made = Resampler.convert(
        Waveform(samples: [Double](repeating: 0, count: one.count), sampleRate: one.from), to: one.to)
      #expect(made.samples.count == one.length, "\(one.count) samples, \(one.from) to \(one.to)")
    }
  }

  @Test func sameRateIsLeftAlone() {
    let waveform = Waveform(samples: chirp(100), sampleRate: 22050)
    #expect(Resampler.convert(waveform, to: 22050) == waveform)
  }

  @Test(arguments: [0, 1])
  func hardlyAnySamples(count: Int) {
    let made = Resampler.convert(Waveform(samples: chirp(count), sampleRate: 48000), to: 16000)
    #expect(made.samples.isEmpty)
    #expect(made.sampleRate == 16000)
  }

  @Test func keepsAToneWhereItIs() {
    // 1 kHz at 44.1 kHz, in the middle of the clip: no delay, no change of level.
    let tone = (0..<44100).map { sin(2 * .pi * 1000 * Double($0) / 44100) }
    let made = Resampler.convert(Waveform(samples: tone, sampleRate: 44100), to: 16000)
    for i in 4000..<12000 {
      #expect(abs(made.samples[i] - sin(2 * .pi * 1000 * Double(i) / 16000)) < 1e-7)
    }
  }

  @Test(arguments: [(768_000, 1000), (1000, 768_000), (767_999, 8000), (44_101, 16_000), (8000, 44_099)])
  func unusualRates(from: Int, to: Int) {
    let made = Resampler.convert(Waveform(samples: [Double](repeating: 0.25, count: 5000), sampleRate: from), to: to)
    #expect(made.samples.count == Resampler.outputLength(5000, from: from, to: to))
    #expect(!made.samples.contains { !$0.isFinite })
  }

  /// Lengths of which exactly half a sample is left over, and what soxr 1.1.0 makes of them in Python.
  @Test(arguments: [
    (246_480, 24_000, 22_050, 226_453), (240, 24_000, 22_050, 220), (240, 48_000, 44_100, 220),
  ])
  func halfASampleLeftOver(count: Int, from: Int, to: Int, expected: Int) {
    let made = Resampler.convert(Waveform(samples: [Double](repeating: 0.1, count: count), sampleRate: from), to: to)
    #expect(made.samples.count == expected)
  }

  @Test func threadsDoNotDisturbEachOther() async {
    let waveform = Waveform(samples: chirp(20_000), sampleRate: 44100)
    let rates = [8000, 16000, 22050, 48000]
    let alone = rates.map { Resampler.convert(waveform, to: $0) }
    await withTaskGroup(of: Bool.self) { group in
      for i in 0..<64 {
        group.addTask { Resampler.convert(waveform, to: rates[i % 4]) == alone[i % 4] }
      }
      for await same in group { #expect(same) }
    }
  }
}
