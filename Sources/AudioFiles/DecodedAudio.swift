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
  /// at least one channel and one frame, never a negative zero.
  public let channels: [[Double]]
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

  package init(channels: [[Double]], sampleRate: Int, format: String, fileSHA256: String, audioSHA256: String) {
    self.channels = channels
    self.sampleRate = sampleRate
    self.format = format
    self.fileSHA256 = fileSHA256
    self.audioSHA256 = audioSHA256
  }

  /// Duration in seconds.
  public var seconds: Double { Double(channels[0].count) / Double(sampleRate) }

  /// One channel of the sound.
  /// - Parameter policy: which, or what to make of several.
  /// - Returns: a waveform at the file's own rate.
  /// - Throws: `differentChannels`, `noSuchChannel`.
  public func waveform(_ policy: ChannelPolicy = .identicalOnly) throws(AudioFileError) -> Waveform {
    switch policy {
    case .identicalOnly:
      guard channelsAreIdentical else { throw .differentChannels(count: channels.count) }
      return Waveform(samples: channels[0], sampleRate: sampleRate)
    case .channel(let number):
      guard channels.indices.contains(number - 1) else { throw .noSuchChannel(asked: number, of: channels.count) }
      return Waveform(samples: channels[number - 1], sampleRate: sampleRate)
    case .mix:
      // The mean of three equal numbers need not be that number: rounding. Equal channels stay exact this way.
      if channelsAreIdentical { return Waveform(samples: channels[0], sampleRate: sampleRate) }
      var mean = channels[0]
      for channel in channels.dropFirst() {
        for i in mean.indices { mean[i] += channel[i] }
      }
      let count = Double(channels.count)
      for i in mean.indices { mean[i] /= count }
      return Waveform(samples: mean, sampleRate: sampleRate)
    }
  }

  /// Whether all channels are equal, sample for sample; true of one channel.
  public var channelsAreIdentical: Bool { channels.dropFirst().allSatisfy { $0 == channels[0] } }
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
