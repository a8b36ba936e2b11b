// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechSignal
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Paths that are no files, files that are no sound", .timeLimit(.minutes(1)))
struct BadFileTests {
  /// All three ways in give the same error.
  private func expect(_ error: AudioFileError, _ path: String) {
    #expect(throws: error) { try AudioFile.read(path) }
    #expect(throws: error) { try AudioFile.probe(path) }
    #expect(throws: error) { try AudioFile.digest(path) }
  }

  @Test func missing() throws {
    let folder = try TemporaryFolder()
    expect(.notFound, folder.path("none.wav"))
    expect(.notFound, folder.path("none.wav\0.txt"))
    expect(.notFound, "")
    try FileManager.default.createSymbolicLink(atPath: folder.path("dangling.wav"), withDestinationPath: "nowhere")
    expect(.notFound, folder.path("dangling.wav"))
    let file = try folder.file("file.wav", wav(pcm16([1])))
    expect(.notFound, file + "/below.wav")
  }

  @Test func namesThatAreNotUTF8() throws {
    let folder = try TemporaryFolder()
    // "é" in Latin-1: what a `String` makes of the name cannot be opened.
    let name: [UInt8] = Array(folder.path("caf").utf8) + [0xE9] + Array(".wav".utf8)
    let descriptor = (name + [0]).withUnsafeBytes { bytes in
      bytes.baseAddress.map { open($0.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o600) } ?? -1
    }
    #expect(descriptor >= 0)
    close(descriptor)
    expect(.nameNotUTF8, String(decoding: name, as: UTF8.self))
    #expect(AudioFileError.nameNotUTF8.description == "name is not valid UTF-8")
    // U+FFFD may also be the name's own.
    _ = try folder.file("caf\u{FFFD}.flac", AudioFile.encode([[0.5]], sampleRate: 16000, .flac, .pcm16))
    #expect(try AudioFile.read(folder.path("caf\u{FFFD}.flac")).channels == [[0.5]])
  }

  @Test func symbolicLinks() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.path("a.wav"), withDestinationPath: "b.wav")
    try FileManager.default.createSymbolicLink(atPath: folder.path("b.wav"), withDestinationPath: "a.wav")
    expect(.symbolicLinkLoop, folder.path("a.wav"))
    _ = try folder.file("real.wav", wav(pcm16([1, 2])))
    try FileManager.default.createSymbolicLink(atPath: folder.path("c.wav"), withDestinationPath: "real.wav")
    #expect(try AudioFile.read(folder.path("c.wav")).channels[0].count == 2)
  }

  @Test func namedPipe() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path("pipe.wav"), 0o600) == 0)
    expect(.notARegularFile(kind: "named pipe"), folder.path("pipe.wav"))
  }

  @Test func folderDeviceSocket() throws {
    let folder = try TemporaryFolder()
    expect(.notARegularFile(kind: "folder"), folder.path)
    expect(.notARegularFile(kind: "device"), "/dev/null")
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(folder.path("s").utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    expect(.notARegularFile(kind: "socket"), folder.path("s"))
  }

  @Test(.enabled(if: geteuid() != 0, "root reads whatever it likes"))
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("secret.wav", wav(pcm16([1])))
    #expect(chmod(path, 0) == 0)
    expect(.permissionDenied, path)
  }

  @Test func zeroBytes() throws {
    let folder = try TemporaryFolder()
    expect(.emptyFile, try folder.file("empty.wav", []))
    #expect(throws: AudioFileError.emptyFile) { try AudioFile.decode([]) }
  }

  @Test func tooLarge() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("huge.wav", wav([]))
    // A sparse file: no disk is used.
    #expect(truncate(path, 1 << 40) == 0)
    #expect(throws: AudioFileError.tooLarge(bytes: 1 << 40, limit: AudioFile.maximumBytes)) {
      try AudioFile.read(path)
    }
  }

  @Test(arguments: [1, -1])
  func changedWhileRead(change: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("live.wav", [UInt8](repeating: 1, count: 3 << 20))
    let file = try RegularFile(path)
    #expect(throws: AudioFileError.changedWhileReading) {
      try file.forEachBlock { _ in _ = truncate(path, (3 << 20) + change * 1000) }
    }
  }

  @Test(arguments: [
    (Array("This is the transcript.\n".utf8), AudioFileError.notAudio(reason: "text")),
    (Array("Größe, 日本語".utf8).dropLast(), .notAudio(reason: "text")),
    (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), .notAudio(reason: "a Git LFS pointer")),
    ([UInt8](repeating: 0, count: 5000), .notAudio(reason: "zero bytes only")),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D], .notAudio(reason: "a PNG image")),
    ([7], .notAudio(reason: "unknown content")),
    ([0, 0, 0, 0x20] + Array("ftypM4A ".utf8) + [0, 0, 0, 0], .unsupported("MPEG-4 (m4a, mp4)")),
  ])
  func otherContent(bytes: [UInt8], error: AudioFileError) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("speech.wav", bytes)
    #expect(throws: error) { try AudioFile.read(path) }
    #expect(throws: error) { try AudioFile.probe(path) }
    #expect(try AudioFile.digest(path) == SHA256Digest.hex(of: bytes))
  }

  @Test func writingWhereOneCannot() throws {
    let folder = try TemporaryFolder()
    let waveform = Waveform(samples: [0.5], sampleRate: 16000)
    #expect(throws: AudioFileError.notFound) {
      try AudioFile.write(waveform, to: folder.path("none/a.wav"), as: .pcm16)
    }
    try FileManager.default.createDirectory(atPath: folder.path("a.wav"), withIntermediateDirectories: false)
    #expect(throws: AudioFileError.cannotWrite(reason: "Is a directory")) {
      try AudioFile.write(waveform, to: folder.path("a.wav"), as: .pcm16)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.wav"])
  }

  @Test func writingWhatOneCannot() throws {
    let folder = try TemporaryFolder()
    func write(_ samples: [Double], _ name: String, _ format: SampleFormat) throws {
      try AudioFile.write(Waveform(samples: samples, sampleRate: 16000), to: folder.path(name), as: format)
    }
    #expect(throws: AudioFileError.unsupported("writing .mp3")) { try write([0], "a.mp3", .pcm16) }
    #expect(throws: AudioFileError.unsupported("writing a file without an extension")) { try write([0], "a", .pcm16) }
    #expect(throws: AudioFileError.unsupported("float32 at 16000 Hz in flac")) { try write([0], "a.flac", .float32) }
    #expect(throws: AudioFileError.noSamples) { try write([], "a.wav", .pcm16) }
    #expect(throws: AudioFileError.notFinite(count: 2, firstIndex: 1)) {
      try write([0, .nan, .infinity], "a.wav", .pcm16)
    }
    #expect(throws: AudioFileError.notFinite(count: 1, firstIndex: 0)) { try write([1e300], "a.wav", .float32) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func descriptionsAreOneLine() {
    let errors: [AudioFileError] = [
      .truncated(declared: 100, found: 50), .truncated(declared: nil, found: 50), .notFinite(count: 1, firstIndex: 3),
      .noSuchChannel(asked: 3, of: 1), .differentChannels(count: 2), .notARegularFile(kind: "folder"),
    ]
    #expect(
      errors.map(\.description) == [
        "truncated: 50 of 100 frames", "truncated: the stream breaks off after 50 frames",
        "1 sample is NaN or infinite, the first in frame 3", "channel 3 asked for, the file has one",
        "2 channels that differ; choose one with --channel N, or --channel mix", "not a regular file but a folder",
      ])
  }
}
