// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Testing

@Suite("Damaged, cut and hostile sound files")
struct DamagedFileTests {
  private func expect(_ error: AudioFileError, _ bytes: [UInt8]) throws {
    #expect(throws: error) { try AudioFile.decode(bytes) }
    let folder = try TemporaryFolder()
    let path = try folder.file("clip", bytes)
    #expect(throws: error) { try AudioFile.probe(path) }
  }

  @Test func headerOnly() throws {
    try expect(.noSamples, wav([]))
    try expect(.truncated(declared: 500, found: 0), wav([], dataSize: 1000))
    try expect(.truncated(declared: nil, found: 0), Array(wav(pcm16([1, 2]))[..<30]))
  }

  @Test func aCutWAV() throws {
    let whole = wav(pcm16(Array(repeating: 7, count: 1000)))
    try expect(.truncated(declared: 1000, found: 999), whole.dropLast())
    try expect(.truncated(declared: 1000, found: 999), whole.dropLast(2))
    try expect(.truncated(declared: 1000, found: 400), whole.dropLast(1200))
    // A chunk after the samples that is missing, or a byte that never made a sample, takes nothing from the sound.
    let lostTail = try AudioFile.decode(wav(pcm16([1, 2]), riffSize: 500))
    #expect(lostTail.channels[0].count == 2)
    let odd = try AudioFile.decode(wav(pcm16([1, 2]), dataSize: 5))
    #expect(odd.channels[0].count == 2)
  }

  @Test(arguments: [0xFFFF_FFFF, 0, 0x7FFF_F000, 0x7FFF_FFFF] as [UInt32])
  func headersOfPipesPromiseNothing(size: UInt32) throws {
    let samples = (0..<800).map { Int16($0) }
    let list = Array("LIST".utf8) + little(UInt32(4)) + Array("INFO".utf8)
    let bytes = wav(pcm16(samples), riffSize: size, dataSize: size, extra: list)
    #expect(try AudioFile.decode(bytes).channels == [samples.map { full(Int($0)) }])
    let folder = try TemporaryFolder()
    #expect(try AudioFile.probe(folder.file("piped.wav", bytes)).frames == 800)
  }

  @Test(arguments: SoundContainer.allCases)
  func noCutGoesUnnoticed(_ container: SoundContainer) throws {
    let whole = try AudioFile.encode([glide(12000)], sampleRate: 16000, container, .pcm16)
    let lengths = (1...24).map { whole.count * $0 / 25 } + [whole.count - 2, whole.count - 3]
    for length in lengths {
      do throws(AudioFileError) {
        _ = try AudioFile.decode(Array(whole[..<length]))
        Issue.record("\(container), \(length) of \(whole.count) bytes, passed for whole")
      } catch {
        guard case .truncated(let declared, let found) = error else {
          // Within the first bytes there may be too little to know the format by.
          if length > 200 { Issue.record("\(container), \(length) of \(whole.count) bytes: \(error)") }
          continue
        }
        #expect(declared == nil || declared == 12000 || container == .mp3)
        #expect(found < (declared ?? 12000))
      }
    }
  }

  @Test func cutFLACAndOgg() throws {
    let flac = try AudioFile.encode([chirp(12000)], sampleRate: 16000, .flac, .pcm16)
    #expect(throws: AudioFileError.truncated(declared: 12000, found: 8192)) {
      try AudioFile.decode(flac.dropLast(10))
    }
    let ogg = try AudioFile.encode([glide(12000)], sampleRate: 16000, .vorbis, .pcm16)
    #expect(throws: AudioFileError.truncated(declared: nil, found: 0)) { try AudioFile.decode(ogg.dropLast(10)) }
  }

  @Test(arguments: [SoundContainer.vorbis, .opus])
  func oneFalseByteInOgg(_ container: SoundContainer) throws {
    var bytes = try AudioFile.encode([glide(40000)], sampleRate: 16000, container, .pcm16)
    bytes[bytes.count / 2] ^= 0x10
    #expect {
      try AudioFile.decode(bytes)
    } throws: { error in
      guard case .decodingFailed(let reason)? = error as? AudioFileError else { return false }
      return reason.hasPrefix("damaged Ogg page at byte ")
    }
  }

  @Test(arguments: [(0.3, 12288), (0.5, 16384), (0.7, 24576)])
  func oneFalseByteInFLAC(place: Double, good: Int) throws {
    var bytes = try AudioFile.encode([chirp(40000)], sampleRate: 16000, .flac, .pcm16)
    bytes[Int(Double(bytes.count) * place)] ^= 0x10
    #expect(throws: AudioFileError.decodingFailed("damaged after \(good) frames")) { try AudioFile.decode(bytes) }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    let samples = [0.5, value, 0.25, value] as [Float]
    let bytes = wav(samples.flatMap { little($0.bitPattern) }, encoding: 3, channels: 2, bits: 32)
    #expect(throws: AudioFileError.notFinite(count: 2, firstIndex: 0)) { try AudioFile.decode(bytes) }
    let late = [Float](repeating: 0, count: 20_000) + [value]
    let mono = wav(late.flatMap { little($0.bitPattern) }, encoding: 3, bits: 32)
    #expect(throws: AudioFileError.notFinite(count: 1, firstIndex: 20_000)) { try AudioFile.decode(mono) }
  }

  @Test func absurdHeaders() throws {
    let some = pcm16(Array(repeating: 1, count: 2000))
    try expect(.unsupported("a sample rate of 768001 Hz"), wav(some, rate: 768_001))
    try expect(.unsupported("a sample rate of 999 Hz"), wav(some, rate: 999))
    try expect(.unsupported("65 channels"), wav(some, channels: 65))
    #expect(throws: AudioFileError.self) { try AudioFile.decode(wav(some, channels: 65535)) }
    #expect(throws: AudioFileError.self) { try AudioFile.decode(wav(some, channels: 0)) }
    #expect(throws: AudioFileError.self) { try AudioFile.decode(wav(some, rate: 0)) }
    #expect(throws: AudioFileError.self) { try AudioFile.decode(wav(some, rate: 4_000_000_000)) }
    #expect(throws: AudioFileError.self) { try AudioFile.decode(wav(some, encoding: 0x1234)) }
    // 2³⁶ − 1 frames declared: memory grows with what is there.
    var flac = try AudioFile.encode([chirp(1000)], sampleRate: 16000, .flac, .pcm16)
    flac[21] |= 0x0F
    flac.replaceSubrange(22..<26, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: AudioFileError.truncated(declared: 1 << 36 - 1, found: 1000)) { try AudioFile.decode(flac) }
  }

  @Test func threadsKeepTheirOwnReasons() async throws {
    let some = pcm16(Array(repeating: 1, count: 2000))
    let files = [wav(some, encoding: 0x1234), wav(some, channels: 0), Array("OggS".utf8) + some, wav(some), some]
    func outcome(_ bytes: [UInt8]) -> String {
      do { return try AudioFile.decode(bytes).audioSHA256 } catch { return "\(error)" }
    }
    let alone = files.map(outcome)
    #expect(Set(alone).count == files.count)
    await withTaskGroup(of: Bool.self) { group in
      for i in 0..<500 { group.addTask { outcome(files[i % files.count]) == alone[i % files.count] } }
      for await same in group { #expect(same) }
    }
  }

  @Test func aPipedFLACHasNoDeclaredLength() throws {
    var flac = try AudioFile.encode([chirp(9000)], sampleRate: 16000, .flac, .pcm16)
    flac[21] &= 0xF0
    flac.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    #expect(try AudioFile.decode(flac).channels == [chirp(9000)])
    #expect(throws: AudioFileError.truncated(declared: nil, found: 8192)) { try AudioFile.decode(flac.dropLast(5)) }
    let folder = try TemporaryFolder()
    #expect(try AudioFile.probe(folder.file("piped.flac", flac)).frames == nil)
  }

  @Test func anMP3WithoutXingAndWithATag() throws {
    let whole = try AudioFile.encode([glide(16000)], sampleRate: 16000, .mp3, .pcm16)
    // The first frame is the Xing frame; its length is where the next sync word stands.
    guard let next = (100..<1000).first(where: { whole[$0] == whole[0] && whole[$0 + 1] == whole[1] }) else {
      Issue.record("no second frame")
      return
    }
    let tag = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0x02, 0x00] + [UInt8](repeating: 0, count: 256)
    let bare = Array(whole[next...])
    let plain = try AudioFile.decode(bare)
    #expect(plain.channels[0].count > 16000)
    #expect(try AudioFile.decode(tag + bare).audioSHA256 == plain.audioSHA256)
    #expect(try AudioFile.decode(tag + whole).channels[0].count == 16000)
    let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    #expect(try AudioFile.decode(bare + id3v1).audioSHA256 == plain.audioSHA256)
    #expect(throws: AudioFileError.decodingFailed("no MPEG frame at byte \(bare.count)")) {
      try AudioFile.decode(bare + [UInt8](repeating: 0x55, count: 300) + bare)
    }
    #expect {
      try AudioFile.decode(bare.dropLast(5))
    } throws: { error in
      guard case .truncated(nil, let found)? = error as? AudioFileError else { return false }
      return found > 15000
    }
  }
}
