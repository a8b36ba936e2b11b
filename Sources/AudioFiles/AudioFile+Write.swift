// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSndfile
public import SpeechSignal

/// How samples are stored.
public enum SampleFormat: Sendable, Equatable, CaseIterable {
  /// Signed integers of 16, 24 or 32 bits: x·2^(bits−1), rounded to the nearest, a half to the even one; what lies
  /// beyond full scale becomes the largest or smallest integer. Samples read from such a file come back exactly.
  case pcm16, pcm24, pcm32
  /// IEEE floats: rounded to single precision, or as they are.
  case float32, float64
}

extension AudioFile {
  /// Writes one channel to a WAV or FLAC file, by the extension of `path`.
  ///
  /// The file appears whole or not at all: it is written under another name in the same folder, brought to the disk, and
  /// renamed over whatever had the name. No time or name goes in: equal samples make equal bytes.
  /// - Parameters:
  ///   - waveform: at least one sample.
  ///   - path: ends in `.wav` or `.flac`; a FLAC holds 16 or 24 bits.
  ///   - format: how samples are stored.
  /// - Throws: `unsupported`, `noSamples`, `notFinite`, `notFound` (the folder), `permissionDenied`, `outOfSpace`,
  ///   `cannotWrite`.
  public static func write(
    _ waveform: Waveform, to path: String, as format: SampleFormat
  ) throws(AudioFileError) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } : nil
    let container: SoundContainer
    switch ending {
    case "wav": container = .wav
    case "flac": container = .flac
    default: throw .unsupported("writing \(ending.map { ".\($0)" } ?? "a file without an extension")")
    }
    try AtomicFile.write(encode([waveform.samples], sampleRate: waveform.sampleRate, container, format), to: path)
  }

  /// The bytes of a sound file.
  /// - Parameters:
  ///   - channels: shape `[channel][frame]`, full scale ±1, all of one length.
  ///   - sampleRate: Hz.
  ///   - container: also those `write` does not offer; Ogg's carry a random serial number.
  ///   - format: how samples are stored; lossy containers ignore it.
  /// - Throws: `unsupported`, `noSamples`, `notFinite`, `cannotWrite`.
  package static func encode(
    _ channels: [[Double]], sampleRate: Int, _ container: SoundContainer, _ format: SampleFormat
  ) throws(AudioFileError) -> [UInt8] {
    let frames = channels.first?.count ?? 0
    guard frames > 0 else { throw .noSamples }
    precondition(channels.allSatisfy { $0.count == frames }, "channels of one length")
    guard container.holds(format), sampleRates.contains(sampleRate) else {
      throw .unsupported("\(format) at \(sampleRate) Hz in \(container)")
    }
    let interleaved = (0..<frames).flatMap { frame in channels.map { $0[frame] } }
    let unfit = interleaved.indices.filter {
      !interleaved[$0].isFinite || format == .float32 && !Float(interleaved[$0]).isFinite
    }
    if let first = unfit.first { throw .notFinite(count: unfit.count, firstIndex: first / channels.count) }

    let word = container.word | container.encoding(format)
    var handle: SoundFileHandle
    do {
      handle = try SoundFileHandle(writing: word, sampleRate: sampleRate, channels: channels.count)
    } catch {
      throw .unsupported("\(format) at \(sampleRate) Hz in \(container): \(error.message)")
    }
    // libsndfile scales by 2^(bits−1) − 1 when it rounds doubles; the integers are made here, it only stores them.
    let written =
      if let bits = container.integerBits(format) {
        handle.write(interleaved.map { quantise($0, bits: bits) })
      } else {
        handle.write(interleaved)
      }
    guard written == frames, handle.failure == nil else {
      throw .cannotWrite(reason: handle.failure ?? "\(written) of \(frames) frames encoded")
    }
    return handle.close()
  }

  /// x·2^(bits−1), rounded and limited, in the upper bits of 32.
  private static func quantise(_ sample: Double, bits: Int) -> Int32 {
    let scale = Double(1 << (bits - 1))
    let integer = (sample * scale).rounded(.toNearestOrEven)
    return Int32(min(max(integer, -scale), scale - 1)) << Int32(32 - bits)
  }
}

/// Containers that can be encoded; all but the first two for tests.
package enum SoundContainer: Sendable, Equatable, CaseIterable {
  case wav, flac, wavExtensible, rifx, rf64, w64, aiff, au, caf, sphere, vorbis, opus, mp3

  fileprivate var word: Int32 {
    switch self {
    case .wav: Int32(SF_FORMAT_WAV)
    case .flac: Int32(SF_FORMAT_FLAC)
    case .wavExtensible: Int32(SF_FORMAT_WAVEX)
    case .rifx: Int32(SF_FORMAT_WAV) | Int32(SF_ENDIAN_BIG)
    case .rf64: Int32(SF_FORMAT_RF64)
    case .w64: Int32(SF_FORMAT_W64)
    case .aiff: Int32(SF_FORMAT_AIFF)
    case .au: Int32(SF_FORMAT_AU)
    case .caf: Int32(SF_FORMAT_CAF)
    case .sphere: Int32(SF_FORMAT_NIST)
    case .vorbis, .opus: Int32(SF_FORMAT_OGG)
    case .mp3: Int32(SF_FORMAT_MPEG)
    }
  }

  fileprivate func encoding(_ format: SampleFormat) -> Int32 {
    switch (self, format) {
    case (.vorbis, _): Int32(SF_FORMAT_VORBIS)
    case (.opus, _): Int32(SF_FORMAT_OPUS)
    case (.mp3, _): Int32(SF_FORMAT_MPEG_LAYER_III)
    case (_, .pcm16): Int32(SF_FORMAT_PCM_16)
    case (_, .pcm24): Int32(SF_FORMAT_PCM_24)
    case (_, .pcm32): Int32(SF_FORMAT_PCM_32)
    case (_, .float32): Int32(SF_FORMAT_FLOAT)
    case (_, .float64): Int32(SF_FORMAT_DOUBLE)
    }
  }

  /// Whether samples come back as they were stored.
  package var isLossless: Bool { ![.vorbis, .opus, .mp3].contains(self) }

  /// Whether the container has room for that format; a lossy one makes its own.
  package func holds(_ format: SampleFormat) -> Bool {
    switch self {
    case .flac: format == .pcm16 || format == .pcm24
    case .sphere: format == .pcm16 || format == .pcm24 || format == .pcm32
    default: true
    }
  }

  fileprivate func integerBits(_ format: SampleFormat) -> Int? {
    guard isLossless else { return nil }
    switch format {
    case .pcm16: return 16
    case .pcm24: return 24
    case .pcm32: return 32
    case .float32, .float64: return nil
    }
  }
}
