// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechSignal

/// What becomes of a file with several channels.
public enum ChannelPolicy: Sendable, Equatable {
  /// Channels equal sample for sample count as one; different ones are refused. The default.
  case identicalOnly
  /// One channel, counted from 1.
  case channel(Int)
  /// The mean of all channels.
  case mix
}

/// A sound file, decoded.
public struct DecodedAudio: Sendable, Equatable {
  /// Amplitudes, shape `[channel][frame]`, full scale ±1. Float files may exceed it and are kept as they are. Finite,
  /// at least one channel and one frame, never a negative zero. Those of a long file are packed, and widened each time they are
  /// asked for.
  public var channels: [[Double]] { kept.map(\.samples) }
  /// Number of channels.
  public var channelCount: Int { kept.count }
  /// The channels, long ones packed.
  private let kept: [Waveform]
  /// Hz, within `AudioFile.sampleRates`.
  public let sampleRate: Int
  /// Container and encoding in libsndfile's words, e.g. `WAV (Microsoft), Signed 16 bit PCM`.
  public let format: String
  /// SHA-256 of the file's bytes, lowercase hexadecimal. The samples were decoded from these same bytes.
  public let fileSHA256: String
  /// SHA-256 of the sound: of `"<rate> <channels>\n"` in ASCII, followed by all samples, interleaved, as little-endian
  /// Float64 with +0 for −0. A 16-bit WAV, a FLAC of it and a float WAV of the same values have the same one. In
  /// Python, with `x` of shape `[frame, channel]`:
  /// `hashlib.sha256(f"{rate} {channels}\n".encode() + x.astype("<f8").tobytes())`. Of lossy formats (MP3, Vorbis,
  /// Opus) it is as stable as the decoder: another version of it may round differently.
  public let audioSHA256: String

  init(channels: [Waveform], sampleRate: Int, format: String, fileSHA256: String, audioSHA256: String) {
    kept = channels
    self.sampleRate = sampleRate
    self.format = format
    self.fileSHA256 = fileSHA256
    self.audioSHA256 = audioSHA256
  }

  package init(channels: [[Double]], sampleRate: Int, format: String, fileSHA256: String, audioSHA256: String) {
    self.init(
      channels: channels.map { Waveform(samples: $0, sampleRate: sampleRate) }, sampleRate: sampleRate, format: format,
      fileSHA256: fileSHA256, audioSHA256: audioSHA256)
  }

  /// Duration in seconds.
  public var seconds: Double { kept[0].seconds }

  /// One channel of the sound.
  /// - Parameter policy: which, or what to make of several.
  /// - Returns: a waveform at the file's own rate.
  /// - Throws: `differentChannels`, `noSuchChannel`.
  public func waveform(_ policy: ChannelPolicy = .identicalOnly) throws(AudioFileError) -> Waveform {
    switch policy {
    case .identicalOnly:
      guard channelsAreIdentical else { throw .differentChannels(count: kept.count) }
      return kept[0]
    case .channel(let number):
      guard kept.indices.contains(number - 1) else { throw .noSuchChannel(asked: number, of: kept.count) }
      return kept[number - 1]
    case .mix:
      // The mean of three equal numbers need not be that number: rounding. Equal channels stay exact this way.
      if channelsAreIdentical { return kept[0] }
      var mean = kept[0].samples
      for channel in kept.dropFirst() {
        channel.forEachBlock { part, block in
          for i in 0..<block.count { mean[part.lowerBound + i] += block[i] }
        }
      }
      let count = Double(kept.count)
      for i in mean.indices { mean[i] /= count }
      return Waveform(samples: mean, sampleRate: sampleRate)
    }
  }

  /// Whether there is nothing but zeros.
  public var isSilent: Bool { kept.allSatisfy { $0.isConstant(0) } }

  /// Whether all channels are equal, sample for sample; true of one channel.
  public var channelsAreIdentical: Bool { kept.dropFirst().allSatisfy { $0 == kept[0] } }
}

/// What a sound file's header says.
public struct AudioProbe: Sendable, Equatable {
  /// Hz.
  public let sampleRate: Int
  /// Number of channels.
  public let channels: Int
  /// Samples per channel. Nil where the header does not say (a FLAC written into a pipe); an estimate for an MP3 without
  /// a Xing header; otherwise what reading the file gives.
  public let frames: Int?

  package init(sampleRate: Int, channels: Int, frames: Int?) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.frames = frames
  }
}
