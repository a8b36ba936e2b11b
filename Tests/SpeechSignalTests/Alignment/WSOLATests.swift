// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct WSOLATests {
  static let identity = TimeMap(start: 0, step: 0.005, times: [0])

  /// Time in the input runs `rate` times as fast as in the output.
  static func tempo(_ rate: Double) -> TimeMap { TimeMap(start: 0, step: 100, times: [0, 100 * rate]) }

  static func wave(_ seconds: Double, sampleRate: Int, _ shape: (Double) -> Double) -> Waveform {
    let count = Int(seconds * Double(sampleRate))
    return Waveform(samples: (0..<count).map { shape(Double($0) / Double(sampleRate)) }, sampleRate: sampleRate)
  }

  @Test(arguments: [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
  func atTheInputsOwnPaceItIsTheInputToTheBit(sampleRate: Int) {
    let input = SignalGenerator.syllables(seconds: 0.5, sampleRate: sampleRate)
    for extra in [-100, 0, sampleRate / 10] {
      let output = WSOLA(input).warped(by: Self.identity, count: input.samples.count + extra)
      #expect(output.sampleRate == sampleRate)
      #expect(
        output.samples
          == Array((input.samples + [Double](repeating: 0, count: max(0, extra))).prefix(input.samples.count + extra)))
    }
  }

  @Test(arguments: [0.1, -0.1, 0.0371, -0.02, 2])
  func aShiftIsAShiftToTheBit(seconds: Double) {
    let input = SignalGenerator.syllables(seconds: 1, sampleRate: 16_000)
    let output = WSOLA(input).warped(by: TimeMap(start: 0.3, step: 0.005, times: [0.3 + seconds]), count: 20_000)
    let shift = Int((seconds * 16_000).rounded())
    #expect(
      output.samples.indices.allSatisfy { n in
        output.samples[n] == (input.samples.indices.contains(n + shift) ? input.samples[n + shift] : 0)
      })
  }

  @Test func afterAnotherPaceTheInputsOwnIsTheInputAgain() {
    let input = SignalGenerator.syllables(seconds: 3, sampleRate: 16_000)
    // A second at 1.2 times the pace, and then the input's own.
    let map = TimeMap(start: 0, step: 1, times: [0, 1.2])
    let output = WSOLA(input).warped(by: map, count: 2 * 16_000).samples
    let shift = (0...400).map { 3200 - 200 + $0 }.first { lag in
      (17_000..<32_000).allSatisfy { output[$0] == input.samples[$0 + lag] }
    }
    #expect(shift != nil)
  }

  static let rates: [(tempo: Double, sampleRate: Int)] = [
    (0.8, 16_000), (0.9, 22_050), (0.97, 8000), (1.1, 48_000), (1.25, 16_000), (1.25, 96_000),
  ]

  @Test(arguments: rates)
  func theFrequencyOfASineIsKept(tempo: Double, sampleRate: Int) {
    for frequency in [90.0, 217, 1330] {
      let input = Self.wave(2.6, sampleRate: sampleRate) { sin(2 * .pi * frequency * $0) }
      let count = 2 * sampleRate
      let output = WSOLA(input).warped(by: Self.tempo(tempo), count: count)
      #expect(output.samples.count == count)
      let steady = output.samples[sampleRate / 4..<7 * sampleRate / 4]
      let crossings = zip(steady, steady.dropFirst()).count { $0 < 0 && $1 >= 0 }
      #expect(abs(Double(crossings) / 1.5 - frequency) < 0.01 * frequency + 0.7, "\(frequency) Hz")
      // No piece cancels its neighbour.
      let energy = steady.reduce(0) { $0 + $1 * $1 } / Double(steady.count)
      #expect(energy > 0.45 && energy < 0.501)
    }
  }

  @Test(arguments: [0.8, 0.9, 1.1, 1.25])
  func thePitchOfAVoiceIsKept(tempo: Double) throws {
    // A glide from 110 to 150 Hz: at each moment the pitch the input has where the map looks.
    func pitch(_ time: Double) -> Double { 110 + 16 * time }
    let input = Self.wave(2.5, sampleRate: 16_000) { time in
      let phase = 110 * time + 8 * time * time
      return 0.5 - (phase - phase.rounded(.down))
    }
    let output = WSOLA(input).warped(by: Self.tempo(tempo), count: 30_000)
    let track = try Harvest(sampleRate: 16_000, floor: 71, ceiling: 800, framePeriod: 0.005).track(output)
    for frame in 40..<320 {
      let expected = pitch(tempo * track.times[frame])
      #expect(abs(track.f0[frame] / expected - 1) < 0.03, "\(track.times[frame]) s")
    }
  }

  /// Bursts of sound stand where the map puts them.
  @Test(arguments: [0.8, 1.25])
  func soundComesWhenTheMapSays(tempo: Double) {
    let places = [0.3, 0.75, 1.2, 1.71]
    let input = Self.wave(2.2, sampleRate: 16_000) { time in
      places.reduce(0) { $0 + exp(-pow((time - $1) / 0.02, 2)) } * sin(2 * .pi * 150 * time)
    }
    let output = WSOLA(input).warped(by: Self.tempo(tempo), count: Int(2.2 / tempo * 16_000)).samples
    for place in places {
      let middle = place / tempo
      let around = Int((middle - 0.15) * 16_000)..<min(output.count, Int((middle + 0.15) * 16_000))
      var (weight, moment) = (0.0, 0.0)
      for n in around {
        weight += output[n] * output[n]
        moment += output[n] * output[n] * Double(n) / 16_000
      }
      #expect(abs(moment / weight - middle) < WSOLA.reachSeconds)
    }
  }

  @Test func silenceAndNothingStaySo() {
    let silence = Waveform(samples: [Double](repeating: 0, count: 8000), sampleRate: 16_000)
    #expect(WSOLA(silence).warped(by: Self.tempo(1.2), count: 9000).samples.allSatisfy { $0 == 0 })
    let nothing = Waveform(samples: [], sampleRate: 16_000)
    #expect(WSOLA(nothing).warped(by: Self.tempo(0.9), count: 500).samples == [Double](repeating: 0, count: 500))
    #expect(WSOLA(silence).warped(by: Self.tempo(1.2), count: 0).samples.isEmpty)
  }

  @Test func theResultIsTheSameEachTime() {
    let input = SignalGenerator.syllables(seconds: 1, sampleRate: 24_000)
    let outputs = (0..<2).map { _ in WSOLA(input).warped(by: Self.tempo(0.87), count: 24_000) }
    #expect(outputs[0] == outputs[1])
  }
}
