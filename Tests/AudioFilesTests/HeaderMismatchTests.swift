// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Testing

/// Headers that say less than the file holds, and what may follow the samples without being any.
@Suite("Headers against the rest of the file")
struct HeaderMismatchTests {
  private let samples = chirp(3001)
  /// Bytes none of which is zero, and which make no chunk.
  private let junk = (0..<2000).map { UInt8(0x81 + $0 % 100) }

  private func big(_ value: UInt32) -> [UInt8] { little(value.byteSwapped) }

  /// Where four characters stand for the first time.
  private func place(_ name: String, in bytes: [UInt8]) throws -> Int {
    try #require((0..<bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual(name.utf8) })
  }

  /// Decoding and probing agree on the samples.
  private func expectWhole(_ bytes: [UInt8], _ note: Comment) throws {
    #expect(try AudioFile.decode(bytes).channels == [samples], note)
    let folder = try TemporaryFolder()
    #expect(try AudioFile.probe(folder.file("clip", bytes)).frames == 3001, note)
  }

  private func expectInconsistent(_ detail: String, _ bytes: [UInt8]) throws {
    let error = AudioFileError.decodingFailed("inconsistent header: \(detail)")
    #expect(throws: error) { try AudioFile.decode(bytes) }
  }

  private func encode(_ container: SoundContainer) throws -> [UInt8] {
    try AudioFile.encode([samples], sampleRate: 16000, container, .pcm16)
  }

  @Test func aChunkAfterTheSamplesIsNoSound() throws {
    var w64 = try encode(.w64)
    w64 += [UInt8](repeating: 0, count: (8 - w64.count % 8) % 8)
    w64 += Array("bext".utf8) + [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]
    w64 += little(UInt64(2024)) + junk
    w64.replaceSubrange(16..<24, with: little(UInt64(w64.count)))
    try expectWhole(w64, "W64")

    var wave = try encode(.wav)
    wave += Array("bext".utf8) + little(UInt32(2000)) + junk
    wave.replaceSubrange(4..<8, with: little(UInt32(wave.count - 8)))
    try expectWhole(wave, "WAV")

    var rf64 = try encode(.rf64)
    rf64 += Array("bext".utf8) + little(UInt32(2000)) + junk
    rf64.replaceSubrange(20..<28, with: little(UInt64(rf64.count - 8)))
    try expectWhole(rf64, "RF64")

    var aiff = try encode(.aiff)
    aiff += Array("APPL".utf8) + big(2000) + junk
    aiff.replaceSubrange(4..<8, with: big(UInt32(aiff.count - 8)))
    try expectWhole(aiff, "AIFF")

    try expectWhole(encode(.caf) + Array("info".utf8) + [0, 0, 0, 0] + big(2000) + junk, "CAF")
    try expectWhole(encode(.au) + junk, "AU")
  }

  @Test(arguments: [.wav, .wavExtensible, .rf64, .w64, .aiff, .caf, .au, .flac] as [SoundContainer])
  func zerosAfterTheSamplesAreNoSound(_ container: SoundContainer) throws {
    let bytes = try encode(container)
    for count in [1, 3, 3000, 400_000] {
      try expectWhole(bytes + [UInt8](repeating: 0, count: count), "\(container), \(count) zeros")
    }
    if container != .flac { try expectWhole(bytes + junk, "\(container), junk") }
  }

  @Test func aFLACWithATagOrMoreAfterIt() throws {
    let flac = try encode(.flac)
    try expectWhole(flac + Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125), "ID3v1")
    #expect(throws: AudioFileError.decodingFailed("something else than FLAC frames follows frame 3001")) {
      try AudioFile.decode(flac + junk)
    }
    // Damage in the last frame is no padding.
    var damaged = flac + [UInt8](repeating: 0, count: 100)
    damaged[flac.count - 50] ^= 1
    #expect(throws: AudioFileError.self) { try AudioFile.decode(damaged) }
    #expect(throws: AudioFileError.self) {
      try AudioFile.decode(flac.dropLast(9) + [UInt8](repeating: 0, count: 100))
    }
  }

  @Test(arguments: [12000, 16383, 39999])
  func aFLACThatSaysLessThanItHolds(declared: Int) throws {
    var flac = try AudioFile.encode([chirp(40000)], sampleRate: 16000, .flac, .pcm16)
    #expect(try AudioFile.decode(flac).channels[0].count == 40000)
    flac.replaceSubrange(22..<26, with: big(UInt32(declared)))
    try expectInconsistent("it says \(declared) frames, the file has 40000", flac)
  }

  @Test(arguments: [2, 8, 2048, 4000])
  func chunkedFilesThatSayLessThanTheyHold(missing: Int) throws {
    let detail = "\(missing) bytes after the samples belong to no chunk"
    let size = UInt32(6002 - missing)
    for container in [SoundContainer.wav, .wavExtensible] {
      var wave = try encode(container)
      let data = try place("data", in: wave)
      wave.replaceSubrange(data + 4..<data + 8, with: little(size))
      try expectInconsistent(detail, wave)
      let folder = try TemporaryFolder()
      #expect(throws: AudioFileError.decodingFailed("inconsistent header: \(detail)")) {
        try AudioFile.probe(folder.file("clip.wav", wave))
      }
    }
    var rf64 = try encode(.rf64)
    let long = try place("ds64", in: rf64)
    rf64.replaceSubrange(long + 16..<long + 24, with: little(UInt64(size)))
    try expectInconsistent(detail, rf64)
    var aiff = try encode(.aiff)
    let sound = try place("SSND", in: aiff)
    aiff.replaceSubrange(sound + 4..<sound + 8, with: big(size + 8))
    try expectInconsistent(detail, aiff)
  }

  @Test func oddSizesAndOpenOnes() throws {
    // 8-bit samples, an odd number of them: with the padding byte, without it, and with a chunk after either.
    let payload = [UInt8](repeating: 0x90, count: 301)
    let list = Array("LIST".utf8) + little(UInt32(4)) + Array("INFO".utf8)
    for rest in [[], [0], list, [0] + list, [0] + list.dropLast(6)] as [[UInt8]] {
      let bytes = wav(payload + rest, bits: 8, dataSize: 301)
      #expect(try AudioFile.decode(bytes).channels[0].count == 301)
    }
    // An outer size nobody filled in says nothing; one that counts its own head says eight too many.
    let some = pcm16(Array(repeating: 0x3333, count: 500))
    for outer in [0, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
      let bytes = wav(some + junk, riffSize: outer, dataSize: 1000)
      #expect(try AudioFile.decode(bytes).channels[0].count == 500)
    }
    #expect(try AudioFile.decode(wav(some, riffSize: 1044)).channels[0].count == 500)
    // sox into a pipe, AIFF: 0x7F000000 bytes in both places that count samples.
    var aiff = try encode(.aiff)
    let (common, sound) = (try place("COMM", in: aiff), try place("SSND", in: aiff))
    aiff.replaceSubrange(4..<8, with: big(0x7F00_002E))
    aiff.replaceSubrange(common + 10..<common + 14, with: big(0x3F80_0000))
    aiff.replaceSubrange(sound + 4..<sound + 8, with: big(0x7F00_0008))
    try expectWhole(aiff, "AIFF from a pipe")
  }

  @Test(arguments: [(SampleFormat.pcm16, 4), (.pcm24, 6)])
  func stereoAIFFCutByOneFrame(format: SampleFormat, width: Int) throws {
    let whole = try AudioFile.encode([samples, samples.reversed()], sampleRate: 16000, .aiff, format)
    let cuts = [(1, 3000), (width, 3000), (width + 1, 2999), (10 * width, 2991)]
    for (cut, found) in cuts {
      let error = AudioFileError.truncated(declared: 3001, found: found)
      #expect(throws: error) { try AudioFile.decode(whole.dropLast(cut)) }
    }
  }

  @Test(arguments: [2, 3, 20])
  func anMP3ThatSaysLessThanItHolds(missing: Int) throws {
    var bytes = try AudioFile.encode([glide(32000)], sampleRate: 16000, .mp3, .pcm16)
    let xing = try (try? place("Xing", in: bytes)) ?? place("Info", in: bytes)
    let count = Int(bytes[xing + 10]) << 8 | Int(bytes[xing + 11])
    #expect(try AudioFile.decode(bytes).channels[0].count == 32000)
    bytes.replaceSubrange(xing + 8..<xing + 12, with: big(UInt32(count - missing)))
    try expectInconsistent("its Xing header says \(count - missing) frames, the file has \(count)", bytes)
  }
}
