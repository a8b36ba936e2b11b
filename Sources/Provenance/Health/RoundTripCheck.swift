// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
internal import Foundation
public import SpeechSignal

/// What writing and reading costs: the greatest error in steps of the format (LSB).
///
/// The sound lies between the steps of all formats but the last, so that rounding shows: half a step at most, both for
/// integers and, in steps of 24 bits of a sample in ±1, for single floats. Doubles come back as they are.
public enum RoundTripCheck {
  /// Writes a file, as `AudioFile.write` does.
  public typealias Writer = (Waveform, _ path: String, SampleFormat) throws(AudioFileError) -> Void

  private static let formats: [(name: String, format: SampleFormat, bits: Int, limit: Double)] = [
    ("16", .pcm16, 16, 0.5), ("24", .pcm24, 24, 0.5), ("32", .pcm32, 32, 0.5), ("float", .float32, 24, 0.5),
    ("double", .float64, 53, 0),
  ]

  /// `round-trip-16`, `-24`, `-32`, `-float`, `-double`.
  /// - Parameters:
  ///   - folder: where files may be left.
  ///   - write: writes a file.
  ///   - read: reads a file.
  public static func run(
    in folder: String,
    write: Writer = { (sound, path, format) throws(AudioFileError) in try AudioFile.write(sound, to: path, as: format)
    },
    read: DecodingCheck.Reader = AudioFile.read
  ) -> [HealthCheck] {
    // Thirds of whole numbers are on no step; both ends of the scale are in.
    var samples = KnownVoice.reference.samples.map { $0 * 4 / 3 }
    samples.replaceSubrange(0..<3, with: [0, -1, 1 - 1.0 / 32768])
    let sound = Waveform(samples: samples, sampleRate: 22_050)
    return formats.map { name, format, bits, limit in
      let id = "round-trip-\(name)"
      func failed(_ found: String) -> HealthCheck {
        HealthCheck(
          id, .failed, found: found, advice: "files on this machine cannot be trusted: install libsndfile again")
      }
      do throws(AudioFileError) {
        let path = "\(folder)/round-trip-\(name).wav"
        try write(sound, path, format)
        let audio = try read(path)
        guard audio.sampleRate == sound.sampleRate, audio.channels.map(\.count) == [samples.count] else {
          return failed("\(audio.channels.count) × \(audio.channels[0].count) samples at \(audio.sampleRate) Hz")
        }
        let scale = format == .float64 ? 1 : pow(2, Double(bits - 1))
        let error = zip(audio.channels[0], samples).reduce(0) { max($0, abs($1.0 - $1.1)) } * scale
        let found = "off by \(error.plain(3)) LSB at most"
        return error <= limit ? HealthCheck(id, .passed, found: found) : failed(found)
      } catch {
        return failed("\(error)")
      }
    }
  }
}
