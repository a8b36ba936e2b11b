// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechSignal
import Testing

private struct Combination: Sendable, CustomTestStringConvertible {
  var container: SoundContainer
  var format: SampleFormat
  var testDescription: String { "\(container) \(format)" }

  static let lossless = SoundContainer.allCases.filter(\.isLossless).flatMap { container in
    SampleFormat.allCases.filter { container.holds($0) }.map { Self(container: container, format: $0) }
  }
}

private struct HashReference: Decodable {
  var mono16000: String
  var stereo44100: String
}

/// Half the amplitude, upside down, still in multiples of 2⁻¹⁵.
private func halved(_ samples: [Double]) -> [Double] {
  samples.map { -($0 * 16384).rounded() / 32768 }
}

@Suite("What is written is read again")
struct RoundTripTests {
  @Test(arguments: Combination.lossless)
  private func lossless(_ combination: Combination) throws {
    // Multiples of 2⁻¹⁵ fit every format: samples and their hash must be the same in all of them.
    let channels = [chirp(5000), halved(chirp(5000))]
    let bytes = try AudioFile.encode(channels, sampleRate: 22050, combination.container, combination.format)
    let audio = try AudioFile.decode(bytes)
    #expect(audio.channels == channels)
    #expect(audio.sampleRate == 22050)
    #expect(audio.seconds == 5000.0 / 22050)
    #expect(audio.fileSHA256 == SHA256Digest.hex(of: bytes))
    let plain = try AudioFile.decode(AudioFile.encode(channels, sampleRate: 22050, .wav, .pcm16))
    #expect(audio.audioSHA256 == plain.audioSHA256)
    #expect(try bytes == AudioFile.encode(channels, sampleRate: 22050, combination.container, combination.format))
  }

  @Test(arguments: [SoundContainer.vorbis, .opus, .mp3])
  func lossy(_ container: SoundContainer) throws {
    let sound = glide(32000)
    let audio = try AudioFile.decode(AudioFile.encode([sound], sampleRate: 16000, container, .pcm16))
    #expect(audio.sampleRate == 16000)
    #expect(audio.channels.count == 1)
    #expect(audio.channels[0].count == 32000)
    // The encoder's and decoder's delays are taken out, and the level is kept.
    var error = 0.0
    var power = 0.0
    for i in 4000..<28000 {
      error += (audio.channels[0][i] - sound[i]) * (audio.channels[0][i] - sound[i])
      power += sound[i] * sound[i]
    }
    #expect(error / power < 0.01)
  }

  @Test(arguments: [(16, SampleFormat.pcm16), (24, .pcm24), (32, .pcm32)])
  func integersAreExact(bits: Int, format: SampleFormat) throws {
    let scale = Double(1 << (bits - 1))
    let integers = [0, 1, -1, 2, -2, 12345, -12345, Int(scale) - 1, -Int(scale)]
    let samples = integers.map { Double($0) / scale }
    let bytes = try AudioFile.encode([samples], sampleRate: 8000, .wav, format)
    #expect(try AudioFile.decode(bytes).channels == [samples])
    // The stored integers themselves, after 44 bytes of header.
    let width = bits / 8
    for (i, integer) in integers.enumerated() {
      let start = 44 + i * width
      #expect(Array(bytes[start..<start + width]) == Array(little(Int64(integer))[..<width]))
    }
  }

  @Test func roundingAndLimits() throws {
    // In units of the last bit: halves go to the even integer, what is beyond full scale to the last one.
    let inputs: [Double] = [0.5, 1.5, -0.5, -1.5, 2.4999, 32767.4, 40000, -40000]
    let stored: [Double] = [0, 2, 0, -2, 2, 32767, 32767, -32768]
    let bytes = try AudioFile.encode([inputs.map { $0 / 32768 }], sampleRate: 16000, .wav, .pcm16)
    #expect(try AudioFile.decode(bytes).channels == [stored.map { $0 / 32768 }])
  }

  @Test func handMadeWAVs() throws {
    let sixteen = try AudioFile.decode(wav(pcm16([0, 1, -1, 32767, -32768])))
    #expect(sixteen.channels == [[0, 1, -1, 32767, -32768].map(full)])
    #expect(sixteen.format == "WAV (Microsoft), Signed 16 bit PCM")
    let eight = try AudioFile.decode(wav([128, 129, 0, 255], bits: 8))
    #expect(eight.channels == [[0, 256, -32768, 127 * 256].map(full)])
    let twentyFour = try AudioFile.decode(wav([1, 0, 0, 0xFF, 0xFF, 0xFF], bits: 24))
    let bit = 1.0 / 8_388_608
    #expect(twentyFour.channels == [[bit, -bit]])
    // Floats beyond full scale are kept.
    let loud = [1.5, -3.25, 1e-30] as [Float]
    let float = try AudioFile.decode(wav(loud.flatMap { little($0.bitPattern) }, encoding: 3, bits: 32))
    #expect(float.channels == [loud.map(Double.init)])
  }

  @Test func audioHashIsTheDocumentedOne() throws {
    let reference: HashReference = try golden("reference-audio-sha256.json")
    let mono = try AudioFile.decode(AudioFile.encode([chirp(5000)], sampleRate: 16000, .flac, .pcm16))
    #expect(mono.audioSHA256 == reference.mono16000)
    let stereo = try AudioFile.decode(
      AudioFile.encode([chirp(5000), chirp(5000).map { -$0 / 2 }], sampleRate: 44100, .wav, .float64))
    #expect(stereo.audioSHA256 == reference.stereo44100)
  }

  @Test func negativeZeroIsZero() throws {
    let samples = [-0.0, 0.25] as [Float]
    let negative = try AudioFile.decode(wav(samples.flatMap { little($0.bitPattern) }, encoding: 3, bits: 32))
    let positive = try AudioFile.decode(wav(pcm16([0, 8192])))
    #expect(negative.audioSHA256 == positive.audioSHA256)
  }

  @Test(arguments: SoundContainer.allCases)
  func probeAgreesWithRead(_ container: SoundContainer) throws {
    let folder = try TemporaryFolder()
    let bytes = try AudioFile.encode([glide(30000), glide(30000)], sampleRate: 24000, container, .pcm16)
    let path = try folder.file("clip", bytes)
    let audio = try AudioFile.read(path)
    let probe = try AudioFile.probe(path)
    #expect(probe == AudioProbe(sampleRate: 24000, channels: 2, frames: 30000))
    #expect(audio.channels.map(\.count) == [30000, 30000])
    #expect(try AudioFile.digest(path) == audio.fileSHA256)
  }

  @Test(arguments: [("a.wav", SampleFormat.pcm16), ("a.WAV", .float64), ("a.flac", .pcm24), ("a b\n.v2.wav", .float32)])
  func writeThenRead(name: String, format: SampleFormat) throws {
    let folder = try TemporaryFolder()
    let waveform = Waveform(samples: chirp(2000), sampleRate: 48000)
    try AudioFile.write(waveform, to: folder.path(name), as: format)
    #expect(try AudioFile.read(folder.path(name)).waveform() == waveform)
    let first = try AudioFile.digest(folder.path(name))
    // Over what is there, with the same bytes, and nothing else left in the folder.
    try AudioFile.write(waveform, to: folder.path(name), as: format)
    #expect(try AudioFile.digest(folder.path(name)) == first)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
  }

  @Test func longFilesComeInSeveralBlocks() throws {
    let channels = (1...3).map { c in (0..<40_000).map { full($0 * c % 65536 - 32768) } }
    #expect(try AudioFile.decode(AudioFile.encode(channels, sampleRate: 16000, .wav, .pcm16)).channels == channels)
  }
}
