// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Reporting
import SpeechSignal
import Testing

@Suite struct PictureTests {
  private func tone(_ hertz: Double, seconds: Double = 1, from start: Double = 0, gain: Double = 0.5) -> Waveform {
    let samples = (0..<Int(16_000 * seconds)).map { n in
      let t = Double(n) / 16_000
      return t < start ? 0 : gain * sin(2 * .pi * hertz * t)
    }
    return Waveform(samples: samples, sampleRate: 16_000)
  }

  /// A PNG's chunks, whose checksums are right.
  private func chunks(_ bytes: [UInt8]) throws -> [(type: String, data: [UInt8])] {
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    func word(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    var (place, chunks) = (8, [(type: String, data: [UInt8])]())
    while place + 12 <= bytes.count {
      let length = word(place)
      let end = place + 8 + length
      try #require(end + 4 <= bytes.count)
      let checksum = bytes[place + 4..<end].reduce(UInt32.max) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
      #expect(~checksum == UInt32(word(end)))
      chunks.append((String(decoding: bytes[place + 4..<place + 8], as: UTF8.self), Array(bytes[place + 8..<end])))
      place = end + 4
    }
    #expect(place == bytes.count)
    return chunks
  }

  @Test(arguments: [(640, 128, 0.9, 181, 128), (100, 50, 3, 100, 50)])
  func areWholePalettePNGs(width: Int, height: Int, seconds: Double, wide: Int, high: Int) throws {
    let pictures = try SpectrogramPictures(
      reference: tone(440, seconds: seconds), synthesis: tone(880, seconds: seconds), width: width, height: height)
    for image in [pictures.reference, pictures.synthesis, pictures.difference] {
      #expect(image.width == wide && image.height == high)
      let parts = try chunks(image.bytes)
      let header = try #require(parts.first)
      // Width, height, 8 bits or fewer, a palette.
      #expect(header.type == "IHDR" && header.data.count == 13 && header.data[9] == 3)
      #expect(header.data[0..<4].reduce(0) { $0 << 8 | Int($1) } == wide)
      #expect(header.data[4..<8].reduce(0) { $0 << 8 | Int($1) } == high)
      #expect(parts.first { $0.type == "PLTE" }.map { $0.data.count <= 64 * 3 } == true)
      #expect(parts.contains { $0.type == "IDAT" } && parts.last?.type == "IEND")
    }
    #expect(abs(pictures.seconds - seconds) < 1e-9 && pictures.hertz == 8000)
  }

  @Test func aToneStandsAtItsHeightAndTime() throws {
    let levels = try SpectrogramLevels(
      reference: tone(1000), synthesis: tone(3000, from: 0.5), width: 200, height: 128)
    #expect(levels.width == 200 && levels.height == 128)
    func column(_ levels: [Double], _ width: Int, _ x: Int) -> [Double] {
      stride(from: x, to: levels.count, by: width).map { levels[$0] }
    }
    for x in [20, 100, 180] {
      let column = column(levels.reference, levels.width, x)
      // 62.5 Hz a row, from the bottom.
      let loudest = try #require(column.indices.max { column[$0] < column[$1] })
      #expect(abs(Double(127 - loudest) * 62.5 + 31 - 1000) < 63)
      #expect(column[loudest] > -1 && column[127 - 64] < -75)
    }
    #expect(column(levels.synthesis, levels.width, 80).allSatisfy { $0 == -80 })
    let late = column(levels.synthesis, levels.width, 150)
    #expect(late.indices.max { late[$0] < late[$1] }.map { abs(Double(127 - $0) * 62.5 + 31 - 3000) < 63 } == true)
  }

  @Test func bothHaveOneScale() throws {
    let levels = try SpectrogramLevels(
      reference: tone(1000), synthesis: tone(1000, gain: 0.05), width: 200, height: 128)
    let loudest = try #require(levels.reference.indices.max { levels.reference[$0] < levels.reference[$1] })
    #expect(levels.reference[loudest] == 0 && abs(levels.difference[loudest] + 20) < 1e-6)
    #expect(levels.reference.allSatisfy { (-80...0).contains($0) })
  }

  @Test func silenceIsThePalettesEnd() throws {
    let silence = Waveform(samples: [Double](repeating: 0, count: 16_000), sampleRate: 16_000)
    let levels = try SpectrogramLevels(reference: silence, synthesis: silence, width: 50, height: 20)
    #expect(levels.reference.allSatisfy { $0 == -80 } && levels.difference.allSatisfy { $0 == 0 })
  }

  @Test func whatHasNoCommonGridIsRefused() {
    let other = Waveform(samples: [Double](repeating: 0, count: 8000), sampleRate: 8000)
    #expect(throws: PictureError(reason: "16000 and 8000 Hz, no common grid")) {
      try SpectrogramPictures(reference: tone(1000), synthesis: other)
    }
    #expect(throws: PictureError(reason: "too short for a spectrogram")) {
      try SpectrogramPictures(reference: tone(1000, seconds: 0.02), synthesis: tone(1000, seconds: 0.02))
    }
  }
}
