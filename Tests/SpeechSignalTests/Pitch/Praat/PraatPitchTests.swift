// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct PraatPitchTests {
  /// Goldens/reference-pitch-praat.json, which Tests/Oracles/praat_pitch_oracle.py writes.
  private struct Goldens: Decodable {
    struct Voice: Decodable {
      let sound: String
      let rate: Int
      let base: Int
      let samples: Int
      let track: Track
      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        sound = try values.decode(String.self, forKey: .sound)
        rate = try values.decode(Int.self, forKey: .rate)
        base = try values.decode(Int.self, forKey: .base)
        samples = try values.decode(Int.self, forKey: .samples)
        track = try Track(from: decoder)
      }
      enum Key: CodingKey { case sound, rate, base, samples }

      /// The same integers as the oracle's.
      var pcm: [Int16] {
        let voice = IntegerVoice.pcm(rate: rate, base: base)
        switch sound {
        case "whistle":
          return voice.enumerated().map { n, sample in (sample >> 1) + (n >> 1 & 1 == 0 ? 3000 : -3000) }
        case "clicks":
          return (0..<samples).map { $0 % 500 == 20 || $0 % 500 == 120 ? 16_000 : 0 }
        default:
          return Array(voice.prefix(samples))
        }
      }
    }
    struct Clip: Decodable {
      let rate: Int
      let file: String
      let track: Track
      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        rate = try values.decode(Int.self, forKey: .rate)
        file = try values.decode(String.self, forKey: .file)
        track = try Track(from: decoder)
      }
      enum Key: CodingKey { case rate, file }
    }
    struct Track: Decodable {
      let fnv: String
      let floor: Double
      let ceiling: Double
      let period: Double
      let start: Double
      let f0: [Double]
    }
    let tolerance: Double
    let voices: [Voice]
    let clips: [Clip]
  }

  /// What is asked of the tracker: the same voicing on 99 % of all frames, F0 within 0.1 % on 99 % of those voiced in both.
  private struct Agreement {
    var (frames, sameVoicing, voiced, within) = (0, 0, 0, 0)
    mutating func add(_ ours: [Double], _ theirs: [Double]) {
      for (a, b) in zip(ours, theirs) {
        frames += 1
        sameVoicing += (a > 0) == (b > 0) ? 1 : 0
        guard a > 0 && b > 0 else { continue }
        voiced += 1
        within += abs(a - b) <= 1e-3 * b ? 1 : 0
      }
    }
    var holds: Bool { voiced > 0 && sameVoicing * 100 >= frames * 99 && within * 100 >= voiced * 99 }
  }

  private func ours(_ pcm: [Int16], rate: Int, _ golden: Goldens.Track) throws -> F0Track {
    try #require(WorldGoldens.fnv(pcm) == golden.fnv, "another recording than the oracle's")
    let pitch = PraatPitch(
      sampleRate: rate, floor: golden.floor, ceiling: golden.ceiling, framePeriod: golden.period)
    let track = try pitch.track(IntegerVoice.waveform(pcm, rate: rate))
    try #require(track.f0.count == golden.f0.count)
    let times = golden.f0.indices.map { golden.start + Double($0) * golden.period }
    #expect(track.times == times)
    return track
  }

  @Test func isPraatsOnIntegerVoices() throws {
    let goldens: Goldens = try WorldGoldens.load("pitch-praat")
    #expect(goldens.voices.count == 15)
    for voice in goldens.voices {
      let golden = voice.track
      let track = try ours(voice.pcm, rate: voice.rate, golden)
      var agreement = Agreement()
      agreement.add(track.f0, golden.f0)
      #expect(agreement.holds, "\(voice.rate) Hz: \(agreement)")
      let wrong = WorldGoldens.disagreements(track.f0, golden.f0, tolerance: goldens.tolerance)
      let name = "\(voice.sound), \(voice.rate) Hz, \(voice.base) mHz"
      #expect(wrong == 0, "\(name), \(golden.floor) to \(golden.ceiling) Hz")
    }
  }

  /// Natural clips, laid down by reference_audio/prepare.
  @Test func isPraatsOnNaturalClips() throws {
    let goldens: Goldens = try WorldGoldens.load("pitch-praat")
    #expect(goldens.clips.count == 3)
    for clip in goldens.clips {
      let (pcm, rate) = try WorldGoldens.clip(clip.file)
      let track = try ours(pcm, rate: rate, clip.track)
      var agreement = Agreement()
      agreement.add(track.f0, clip.track.f0)
      #expect(agreement.holds, "\(clip.file): \(agreement)")
      let wrong = WorldGoldens.disagreements(track.f0, clip.track.f0, tolerance: goldens.tolerance)
      #expect(wrong == 0, "\(clip.file)")
    }
  }

  private func sine(_ frequency: Double, rate: Int, count: Int) -> [Double] {
    (0..<count).map { 0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate)) }
  }

  @Test(
    arguments: [8000, 11_025, 32_000, 88_200, 96_000], [(40.0, 1100.0, 43.7), (71, 800, 220.1), (300, 1100, 1050)])
  func aSineHasItsFrequency(rate: Int, range: (floor: Double, ceiling: Double, f0: Double)) throws {
    let waveform = Waveform(samples: sine(range.f0, rate: rate, count: rate / 4), sampleRate: rate)
    let track = try PraatPitch(sampleRate: rate, floor: range.floor, ceiling: range.ceiling).track(waveform)
    #expect(track.f0.count > 30)
    // Frames have the window's three periods of the floor only; the paper promises a part in thousands.
    #expect(track.f0.allSatisfy { abs($0 - range.f0) < 0.003 * range.f0 }, "\(rate) Hz: \(track.f0.prefix(3))")
  }

  @Test func levelAndMeanDoNotMatter() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 16_000, base: 110_000), rate: 16_000)
    let pitch = PraatPitch(sampleRate: 16_000)
    let track = try pitch.track(voice)
    #expect(track.f0.contains { $0 > 0 } && track.f0.contains(0))
    for scale in [0x1p-900, 0x1p-20, -1, 0x1p900] {
      let scaled = Waveform(samples: voice.samples.map { $0 * scale }, sampleRate: 16_000)
      #expect(try pitch.track(scaled) == track, "× \(scale)")
    }
    let moved = try pitch.track(Waveform(samples: voice.samples.map { $0 + 0.25 }, sampleRate: 16_000))
    #expect(WorldGoldens.disagreements(moved.f0, track.f0, tolerance: 1e-6) == 0)
  }

  /// Nothing to be heard, or nothing periodic: no frame is voiced.
  @Test func soundsWithoutPitchAreUnvoiced() throws {
    var click = [Double](repeating: 0, count: 8000)
    click[4001] = 1
    let flat = [0, 0.1, 1.0 / 3, 1, -1, 1e-300, 1e300].map { [Double](repeating: $0, count: 8000) }
    let hiss = SignalGenerator.noise(8000, seed: 4)
    for samples in flat + [click, hiss, click.map { $0 * 1e-300 }] {
      let track = try PraatPitch(sampleRate: 16_000).track(Waveform(samples: samples, sampleRate: 16_000))
      #expect(track.f0.count == 92)
      #expect(track.f0.allSatisfy { $0 == 0 }, "\(samples.prefix(2))")
    }
  }

  @Test func extremeSoundsHaveATrack() throws {
    let pitch = PraatPitch(sampleRate: 16_000)
    let clipped = sine(150, rate: 16_000, count: 8000).map { $0 > 0 ? 1.0 : -1 }
    let tiny = sine(150, rate: 16_000, count: 8000).map { $0 > 0 ? 1e-300 : -1e-300 }
    for samples in [clipped, tiny] {
      let track = try pitch.track(Waveform(samples: samples, sampleRate: 16_000))
      #expect(track.f0.allSatisfy { abs($0 - 150) < 1 }, "\(samples[1])")
    }
    let least = clipped.map { $0 * .leastNonzeroMagnitude }
    let largest = clipped.map { $0 * .greatestFiniteMagnitude }
    var broken = clipped
    broken[4000] = .nan
    let infinite = clipped.map { $0 > 0 ? $0 : -.infinity }
    for samples in [least, largest, broken, infinite] {
      let track = try pitch.track(Waveform(samples: samples, sampleRate: 16_000))
      #expect(track.f0.count == 92 && track.f0.allSatisfy(\.isFinite))
    }
  }

  /// Three periods of 71 Hz are 676.06 samples at 16 kHz.
  @Test func shortOrForeignRecordingsAreRefused() throws {
    let pitch = PraatPitch(sampleRate: 16_000)
    for count in [0, 1, 320, 676] {
      #expect(throws: AnalysisError.tooShort(samples: count, minimum: 677)) {
        try pitch.track(Waveform(samples: [Double](repeating: 0.1, count: count), sampleRate: 16_000))
      }
    }
    let shortest = try pitch.track(Waveform(samples: sine(200, rate: 16_000, count: 677), sampleRate: 16_000))
    #expect(shortest.times == [0.02115625])
    #expect(shortest.f0.allSatisfy { abs($0 - 200) < 0.5 })
    #expect(throws: AnalysisError.wrongSampleRate(8000, expected: 16_000)) {
      try pitch.track(Waveform(samples: [0.1], sampleRate: 8000))
    }
  }

  /// Every rate and range has frames that fit into its shortest recordings.
  @Test(arguments: [8000, 11_025, 44_100, 96_000], [(20.0, 21.0), (71, 800), (400, 1500), (1400, 1500)])
  func shortestRecordingsHaveATrack(rate: Int, range: (floor: Double, ceiling: Double)) throws {
    let pitch = PraatPitch(sampleRate: rate, floor: range.floor, ceiling: range.ceiling)
    let shortest = Int((3 / range.floor * Double(rate)).rounded(.up))
    for count in shortest..<shortest + 40 {
      let noise = Waveform(samples: SignalGenerator.noise(count, seed: UInt64(count)), sampleRate: rate)
      #expect(try pitch.track(noise).f0.count >= 1)
    }
  }

  @Test func sameInputSameBits() throws {
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 22_050, base: 150_000), rate: 22_050)
    let pitch = PraatPitch(sampleRate: 22_050)
    #expect(try pitch.track(voice) == pitch.track(voice))
    #expect(try pitch.track(voice) == PraatPitch(sampleRate: 22_050).track(voice))
  }
}
