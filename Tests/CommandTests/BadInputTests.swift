// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Every kind of bad input: one clear line that names the file, the right exit code, the other pairs still scored.
@Suite struct BadInputTests {
  let ttseval: CommandLine
  init() throws { ttseval = try CommandLine() }

  @Test func foldersThatGiveNothingAre3() throws {
    try ttseval.pairs()
    try ttseval.write(Data("x".utf8), "empty/readme.txt")
    try ttseval.speech("other/name.wav", seed: 1)
    for (arguments, words) in [
      (["ref", "gone"], "error: gone: no such file or folder"),
      (["ref", "empty"], "error: empty: no sound files in this folder"),
      (["ref", "syn/u1.wav"], "error: ref is a folder but syn/u1.wav is a file"),
      (["ref", "other"], "error: other: no names pair up"),
      (["--pairs", "gone.csv"], "error: gone.csv: no such file or folder"),
    ] {
      let output = try ttseval(["compare"] + arguments)
      #expect(output.status == 3 && output.stdout == "")
      #expect(output.stderr.contains(words), "\(output.stderr)")
    }
  }

  /// A bad synthesis `syn/u1.wav`: exit 2, its name in the reason, two other pairs scored.
  func expectFailure(_ words: String, path: String = "syn/u1.wav", metrics: String = "default") throws {
    let output = try ttseval("compare", "ref", "syn", "--format", "csv", "--metrics", metrics, "--quiet")
    #expect(output.status == 2)
    let failed = output.stdout.split(separator: "\r\n").filter { $0.contains(",failed,") }
    #expect(!failed.isEmpty && failed.allSatisfy { $0.contains(",u1,") }, "\(output.stdout)")
    #expect(failed.allSatisfy { $0.contains(words) && $0.contains(path) }, "\(failed)")
    #expect(output.stdout.contains(",u2,stoi,value,") && output.stdout.contains(",u3,stoi,value,"))
  }

  @Test func aFileWithNothingInIt() throws {
    try ttseval.pairs()
    try ttseval.write(Data(), "syn/u1.wav")
    try expectFailure("empty")
  }

  @Test func aFileThatEndsTooSoon() throws {
    try ttseval.pairs()
    let whole = try Data(contentsOf: URL(fileURLWithPath: ttseval.folder + "/syn/u1.wav"))
    try ttseval.write(whole.prefix(whole.count / 2), "syn/u1.wav")
    try expectFailure("truncated")
  }

  @Test func aHeaderAlone() throws {
    try ttseval.pairs()
    try ttseval.write(Self.wav(Data(), channels: 1), "syn/u1.wav")
    try expectFailure("no samples")
  }

  @Test func textThatIsNamedWav() throws {
    try ttseval.pairs()
    try ttseval.write(Data("This is not sound.\n".utf8), "syn/u1.wav")
    try expectFailure("text")
  }

  @Test(arguments: [Float.nan, .infinity])
  func samplesThatAreNoNumbers(sample: Float) throws {
    try ttseval.pairs()
    var body = Data()
    for n in 0..<16_000 {
      let value = n == 100 ? sample : Float(n % 90) / 100
      body.append(contentsOf: withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init))
    }
    try ttseval.write(Self.wav(body, channels: 1, isFloat: true), "syn/u1.wav")
    try expectFailure("1 sample is NaN or infinite, the first in frame 100")
  }

  @Test(arguments: [(0.0, "silent"), (0.5, "no sound")])
  func soundThatIsNone(value: Double, words: String) throws {
    try ttseval.pairs()
    try ttseval.speech("syn/u1.wav", seed: 1) { _, _ in value }
    try expectFailure(words)
  }

  @Test func twentyMilliseconds() throws {
    try ttseval.pairs()
    try ttseval.speech("syn/u1.wav", seed: 1, seconds: 0.02) { _, x in x + 0.01 }
    let output = try ttseval("compare", "ref", "syn", "--format", "csv", "--quiet")
    #expect(output.status == 2)
    #expect(output.stdout.contains(",u1,stoi,failed,,20 ms is shorter than"), "\(output.stdout)")
    #expect(output.stdout.contains(",u2,stoi,value,"))
  }

  @Test func trueStereoIsRefusedUnlessAChannelIsChosen() throws {
    try ttseval.pairs()
    try ttseval.write(Self.stereo(identical: false), "syn/u1.wav")
    try expectFailure("--channel")
    for channel in ["1", "2", "mix"] {
      #expect(try ttseval("compare", "ref", "syn", "--channel", channel).status == (channel == "2" ? 3 : 0))
    }
  }

  @Test func equalChannelsAreOne() throws {
    try ttseval.pairs()
    try ttseval.write(Self.stereo(identical: true), "syn/u1.wav")
    #expect(try ttseval("compare", "ref", "syn").status == 0)
  }

  @Test func aRateBelowTheRuns() throws {
    try ttseval.pairs()
    try ttseval.speech("syn/u1.wav", seed: 1, sampleRate: 8000)
    try expectFailure("8000 Hz is below the run's 16000 Hz")
    let note = try ttseval("compare", "ref", "syn").stderr
    #expect(
      note.contains("analysed at 16000 Hz; below it and not scored: 1 at 8000 Hz\n") && !note.contains("converted"))
    for seed in 1...3 { try ttseval.speech("high/u\(seed).wav", seed: seed, sampleRate: 48_000) }
    for seed in 1...3 { try ttseval.speech("low/u\(seed).wav", seed: seed, sampleRate: 8000) }
    let output = try ttseval("compare", "high", "low", "--format", "csv")
    #expect(
      output.status == 0 && output.stderr.contains("analysed at 8000 Hz; not everybody's own rate: 3 at 48000 Hz"))
  }

  @Test(.timeLimit(.minutes(1)))
  func aNamedPipe() throws {
    try ttseval.pairs()
    try FileManager.default.removeItem(atPath: ttseval.folder + "/syn/u1.wav")
    #expect(mkfifo(ttseval.folder + "/syn/u1.wav", 0o600) == 0)
    try expectFailure("pipe")
  }

  @Test func aLinkToItself() throws {
    try ttseval.pairs()
    let path = ttseval.folder + "/syn/u1.wav"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    try expectFailure("link")
  }

  @Test func twoFilesOfOneId() throws {
    try ttseval.pairs()
    try ttseval.write(Data("x".utf8), "syn/u1.flac")
    try expectFailure("syn/u1.flac, syn/u1.wav")
  }

  @Test(arguments: ["new\nline", "quo\"te'", "<script>alert(1)<\\script>", "😀", " lead", "=cmd()"])
  func anyName(name: String) throws {
    try ttseval.pairs()
    try ttseval.speech("ref/\(name).wav", seed: 4)
    try ttseval.speech("syn/\(name).wav", seed: 4)
    let output = try ttseval("compare", "ref", "syn", "--format", "json")
    #expect(output.status == 0)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(output.stdout.utf8)) as? [String: Any])
    let system = try #require((document["systems"] as? [[String: Any]])?.first)
    let ids = (system["utterances"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
    #expect(ids?.contains(name) == true)
    #expect(try ttseval("runs", "show", try #require(document["run"] as? String)).status == 0)
  }

  @Test func aStoreThatIsNone() throws {
    try ttseval.pairs()
    try ttseval.write(Data(String(repeating: "no database ", count: 1000).utf8), "text.sqlite")
    let before = try Data(contentsOf: URL(fileURLWithPath: ttseval.folder + "/text.sqlite"))
    let output = try ttseval("compare", "ref", "syn", "--db", "text.sqlite")
    #expect(output.status == 3 && output.stdout == "" && output.stderr.contains("text.sqlite"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: ttseval.folder + "/text.sqlite")) == before)
    let none = try ttseval("runs", "--db", "gone.sqlite")
    #expect(none.status == 3 && !FileManager.default.fileExists(atPath: ttseval.folder + "/gone.sqlite"))
  }

  /// 1.5 s of 16-bit stereo at 16 kHz: `u1`'s own sound left, and the same or silence right.
  static func stereo(identical: Bool) -> Data {
    var body = Data()
    for n in 0..<24_000 {
      let sample = Int16(8000 * sin(Double(n) * 0.05) * pow(sin(Double(n) / 2000), 2))
      for value in [sample, identical ? sample : 0] {
        body.append(contentsOf: withUnsafeBytes(of: value.littleEndian, Array.init))
      }
    }
    return wav(body, channels: 2)
  }

  /// A wav at 16 kHz around little-endian samples: 16-bit integers or 32-bit floats.
  static func wav(_ body: Data, channels: Int, isFloat: Bool = false) -> Data {
    func word(_ value: Int, _ bytes: Int) -> Data { Data((0..<bytes).map { UInt8(value >> (8 * $0) & 255) }) }
    let width = isFloat ? 4 : 2
    var header = Data("RIFF".utf8) + word(36 + body.count, 4) + Data("WAVEfmt ".utf8) + word(16, 4)
    header += word(isFloat ? 3 : 1, 2) + word(channels, 2) + word(16_000, 4)
    header += word(16_000 * channels * width, 4) + word(channels * width, 2) + word(8 * width, 2)
    return header + Data("data".utf8) + word(body.count, 4) + body
  }
}
