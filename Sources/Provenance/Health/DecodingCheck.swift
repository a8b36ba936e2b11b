// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
internal import Foundation

/// Whether every kind of file that is read gives the samples that went in.
///
/// A known voice is written in each by libsndfile, and read back as any file is. What stores samples has to give every one
/// of them back exactly; what does not (Vorbis, Opus, MP3) has to come near, after its delay is taken out.
public enum DecodingCheck {
  /// Reads a file, as `AudioFile.read` does.
  public typealias Reader = (_ path: String) throws(AudioFileError) -> DecodedAudio

  /// Signal to noise that a lossy format has to reach, dB: with libsndfile 1.2's encoders Opus reaches 21, Vorbis 22, MP3 44;
  /// what is decoded wrong, or at another rate, is noise.
  public static let lossyFloor = 10.0

  /// The containers, by check, and under which extensions they are looked for.
  static let containers: [(name: String, extensions: [String], containers: [SoundContainer])] = [
    ("wav", ["wav", "wave"], [.wav, .wavExtensible, .rifx]), ("flac", ["flac"], [.flac]),
    ("ogg", ["ogg", "oga"], [.vorbis]), ("opus", ["opus"], [.opus]), ("mp3", ["mp3"], [.mp3]),
    ("aiff", ["aiff", "aif", "aifc"], [.aiff]), ("w64", ["w64"], [.w64]), ("rf64", ["rf64"], [.rf64]),
    ("au", ["au", "snd"], [.au]), ("caf", ["caf"], [.caf]), ("sph", ["sph"], [.sphere]),
  ]

  /// Every extension that some check stands for.
  package static var extensions: [String] { containers.flatMap(\.extensions) }

  /// One check a format: `decode-wav`, `decode-flac` and so on.
  /// - Parameters:
  ///   - folder: where files may be left.
  ///   - read: reads a file.
  public static func run(in folder: String, read: Reader = AudioFile.read) -> [HealthCheck] {
    containers.map { check($0.name, $0.extensions[0], $0.containers, folder, read) }
  }

  private static func check(
    _ name: String, _ ending: String, _ containers: [SoundContainer], _ folder: String, _ read: Reader
  ) -> HealthCheck {
    let voice = KnownVoice.reference
    var (told, faults, missing): ([String], [String], [String]) = ([], [], [])
    func look(_ container: String, _ format: String, _ bytes: [UInt8], _ expected: [Double], lossless: Bool)
      throws(AudioFileError)
    {
      let what = "\(container) \(format)"
      let path = "\(folder)/decode-\(name)-\(container)-\(format).\(ending)"
      guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
        throw .cannotWrite(reason: "a file in \(folder)")
      }
      let audio = try read(path)
      switch judge(audio, expected, lossless: lossless) {
      case .failure(let fault): faults.append("\(what): \(fault.words)")
      case .success(let words): told.append(words ?? format)
      }
    }
    for container in containers {
      for format in container.isLossless ? SampleFormat.allCases.filter(container.holds) : [.pcm16] {
        do throws(AudioFileError) {
          let bytes = try AudioFile.encode([voice.samples], sampleRate: voice.sampleRate, container, format)
          try look("\(container)", "\(format)", bytes, voice.samples, lossless: container.isLossless)
        } catch {
          if case .unsupported(let reason) = error {
            missing.append("\(container) \(format): \(reason)")
          } else {
            faults.append("\(container) \(format): \(error)")
          }
        }
      }
    }
    if name == "wav" {
      let (bytes, samples) = eightBits(voice.samples, voice.sampleRate)
      do throws(AudioFileError) {
        try look("wav", "pcm8", bytes, samples, lossless: true)
      } catch {
        faults.append("wav pcm8: \(error)")
      }
    }
    let id = "decode-\(name)"
    if !faults.isEmpty {
      return HealthCheck(
        id, .failed, found: faults.joined(separator: "; "),
        advice: "this libsndfile does not read \(name) right: install another (1.2 or later), or convert to WAV")
    }
    guard !told.isEmpty else {
      return HealthCheck(
        id, .skipped, found: "not known to this libsndfile: \(missing.first ?? "unknown")",
        advice: "\(name) files may not be read either: convert to WAV, or install a libsndfile built with it")
    }
    var formats: [String] = []
    for one in told where !formats.contains(one) { formats.append(one) }
    let exact = containers.allSatisfy(\.isLossless) ? "exact in " : ""
    let kinds = containers.count > 1 ? " (\(containers.map { "\($0)" }.joined(separator: ", ")))" : ""
    let left = missing.isEmpty ? "" : "; not known to this libsndfile: \(missing.joined(separator: ", "))"
    return HealthCheck(id, .passed, found: exact + formats.joined(separator: ", ") + kinds + left)
  }

  /// What is wrong with a decoded voice; or how near it came, where that is to be told.
  private static func judge(
    _ audio: DecodedAudio, _ expected: [Double], lossless: Bool
  ) -> Result<String?, Fault> {
    func fault(_ words: String) -> Result<String?, Fault> { .failure(Fault(words: words)) }
    guard audio.sampleRate == KnownVoice.sampleRate else {
      return fault("\(audio.sampleRate) Hz, not \(KnownVoice.sampleRate)")
    }
    guard audio.channels.count == 1 else { return fault("\(audio.channels.count) channels, not 1") }
    let count = audio.channels[0].count
    // Encoders may add what fills their last frame.
    guard abs(count - expected.count) <= (lossless ? 0 : KnownVoice.sampleRate / 10) else {
      return fault("\(count) samples, not \(expected.count)")
    }
    if !lossless {
      let ratio = ratio(audio, expected)
      let words = "\(ratio.plain(1)) dB of signal to noise"
      return ratio >= lossyFloor ? .success(words) : fault("\(words), not \(lossyFloor.plain(0))")
    }
    let greatest = zip(audio.channels[0], expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    let wrong = zip(audio.channels[0], expected).count { $0 != $1 }
    return wrong == 0
      ? .success(nil) : fault("\(wrong) samples differ, by up to \((greatest * 32768).short) LSB of 16 bits")
  }

  private struct Fault: Error { let words: String }

  /// dB, after the delay is taken out.
  private static func ratio(_ audio: DecodedAudio, _ expected: [Double]) -> Double {
    let lag = Lag.find(expected, audio.channels[0])
    let (x, y) = (Array(expected.dropFirst(max(0, -lag))), Array(audio.channels[0].dropFirst(max(0, lag))))
    var (signal, noise) = (0.0, 0.0)
    for (a, b) in zip(x, y) {
      signal += a * a
      noise += (a - b) * (a - b)
    }
    return 10 * log10(signal / max(noise, signal * 1e-15))
  }

  /// A WAV of 8 bits, which nobody writes any more, and what is in it.
  private static func eightBits(_ samples: [Double], _ rate: Int) -> (bytes: [UInt8], samples: [Double]) {
    let data = samples.map { UInt8(128 + Int(($0 * 128).rounded(.down))) }
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let format =
      little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4) + little(rate, 4) + little(1, 2) + little(8, 2)
    let body = Array("WAVEfmt ".utf8) + format + Array("data".utf8) + little(data.count, 4) + data
    return (Array("RIFF".utf8) + little(body.count, 4) + body, data.map { Double(Int($0) - 128) / 128 })
  }
}
