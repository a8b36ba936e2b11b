// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Provenance
import SpeechSignal
import Testing

/// Files written and read back, and readers and writers that do it wrong.
struct HealthFilesTests {
  private let machine: FakeMachine

  init() throws { machine = try FakeMachine() }

  @Test func everyFormatIsRead() {
    let checks = DecodingCheck.run(in: machine.folder)
    for check in checks { #expect(check.outcome == .passed, "\(check)") }
    #expect(checks.count == 11)
    #expect(checks[0].found == "exact in pcm16, pcm24, pcm32, float32, float64, pcm8 (wav, wavExtensible, rifx)")
    #expect(Set(DecodingCheck.extensions) == AudioFile.extensions)
  }

  @Test func oneSampleOffByOneStepIsFound() throws {
    let checks = DecodingCheck.run(in: machine.folder) { path throws(AudioFileError) in
      let audio = try AudioFile.read(path)
      guard path.hasSuffix("pcm24.flac") else { return audio }
      return Self.changed(audio) { $0[17_000] += 1.0 / 32768 }
    }
    #expect(checks.filter { $0.outcome != .passed }.map(\.name) == ["decode-flac"])
    let flac = try #require(checks.first { $0.name == "decode-flac" })
    #expect(flac.outcome == .failed && flac.advice != nil)
    #expect(flac.found == "flac pcm24: 1 samples differ, by up to 1 LSB of 16 bits")
  }

  @Test func otherFaultsOfAReader() {
    func outcomes(_ change: @escaping (DecodedAudio) throws(AudioFileError) -> DecodedAudio) -> Set<HealthCheck.Outcome>
    {
      let checks = DecodingCheck.run(in: machine.folder) { path throws(AudioFileError) in
        try change(AudioFile.read(path))
      }
      return Set(checks.map(\.outcome))
    }
    #expect(outcomes { Self.changed($0) { $0.removeLast(20_000) } } == [.failed])
    #expect(outcomes { Self.changed($0, rate: 8000) { _ in } } == [.failed])
    #expect(outcomes { Self.changed($0) { $0 = $0.map { -$0 } } } == [.failed])
    #expect(outcomes { audio throws(AudioFileError) in throw .decodingFailed("at \(audio.seconds) s") } == [.failed])
    // What a library was built without is no fault of the machine.
    let checks = DecodingCheck.run(in: machine.folder) { path throws(AudioFileError) in
      if path.hasSuffix(".mp3") { throw .unsupported("MPEG") }
      return try AudioFile.read(path)
    }
    #expect(checks.filter { $0.outcome != .passed }.map(\.outcome) == [.skipped])
  }

  @Test func roundTripsAreExactToHalfAStep() {
    let checks = RoundTripCheck.run(in: machine.folder)
    #expect(checks.map(\.name) == ["16", "24", "32", "float", "double"].map { "round-trip-\($0)" })
    for check in checks { #expect(check.outcome == .passed, "\(check)") }
    // Thirds: rounding shows, and is told.
    #expect(checks[0].found == "off by 0.333 LSB at most" && checks[4].found == "off by 0.000 LSB at most")
  }

  @Test func faultsOfAWriter() {
    // What scaling by 32767 costs, and cutting off instead of rounding.
    let scaled = RoundTripCheck.run(
      in: machine.folder,
      write: { sound, path, format throws(AudioFileError) in
        let samples = sound.samples.map { $0 * 32767 / 32768 }
        try AudioFile.write(Waveform(samples: samples, sampleRate: sound.sampleRate), to: path, as: format)
      })
    #expect(scaled.allSatisfy { $0.outcome == .failed })
    let cut = RoundTripCheck.run(
      in: machine.folder,
      write: { sound, path, format throws(AudioFileError) in
        let samples = sound.samples.map { ($0 * 32768).rounded(.down) / 32768 }
        try AudioFile.write(Waveform(samples: samples, sampleRate: sound.sampleRate), to: path, as: format)
      })
    #expect(cut[0].outcome == .failed && cut[0].found == "off by 0.667 LSB at most", "\(cut[0])")
    let rate = RoundTripCheck.run(
      in: machine.folder,
      read: { path throws(AudioFileError) in Self.changed(try AudioFile.read(path), rate: 16_000) { _ in } })
    #expect(rate.allSatisfy { $0.outcome == .failed && $0.found.hasSuffix("at 16000 Hz") })
  }

  @Test func aFolderThatTakesNothing() {
    let nowhere = machine.folder + "/nowhere"
    #expect(DecodingCheck.run(in: nowhere).allSatisfy { $0.outcome == .failed })
    #expect(RoundTripCheck.run(in: nowhere).allSatisfy { $0.outcome == .failed })
  }

  private static func changed(_ audio: DecodedAudio, rate: Int? = nil, _ change: (inout [Double]) -> Void)
    -> DecodedAudio
  {
    var samples = audio.channels[0]
    change(&samples)
    return DecodedAudio(
      channels: [samples], sampleRate: rate ?? audio.sampleRate, format: audio.format, fileSHA256: audio.fileSHA256,
      audioSHA256: audio.audioSHA256)
  }
}
