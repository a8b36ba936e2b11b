// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSndfile
internal import SpeechSignal

/// Sound files: everything libsndfile 1.2 reads, decoded with the checks it does not make itself.
///
/// Errors do not name the file; the caller does.
public enum AudioFile {
  /// File name extensions taken for sound, lowercase, without the dot. The content alone decides how a file is read.
  public static let extensions: Set<String> = [
    "wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "aiff", "aif", "aifc", "w64", "rf64", "au", "snd", "caf", "sph",
  ]

  /// Sample rates that are read and written, Hz. No speech was ever recorded outside of them.
  public static let sampleRates = 1000...768_000

  /// At most this many channels are read.
  public static let maximumChannels = 64

  /// At most this many bytes are read into memory: 2 GiB and room for a header.
  public static let maximumBytes = 1 << 31 + 1 << 20

  /// At most this many samples, over all channels, are decoded: 1.5 hours at 48 kHz, 2 GiB of doubles.
  public static let maximumSamples = 1 << 28

  /// Decodes a file. Its bytes are read once, hashed, and decoded from memory: hashes and samples cannot disagree.
  ///
  /// Integer samples are divided by 2^(bits−1), exactly; float samples are kept. What a header promises is held against
  /// what is there, and the other way round. What nobody can see: that an MP3 without a Xing header, or a FLAC written into a pipe, which has no
  /// length in its header, was cut exactly between two frames.
  /// - Parameter path: of a regular file, or of a link to one. Anything else is refused without being opened.
  /// - Throws: `AudioFileError`, any case but those of channels and of writing.
  public static func read(_ path: String) throws(AudioFileError) -> DecodedAudio {
    try decode(RegularFile(path).readAll(limit: maximumBytes))
  }

  /// Decodes the bytes of a sound file.
  /// - Throws: as `read`, but for what concerns the file.
  public static func decode(_ bytes: [UInt8]) throws(AudioFileError) -> DecodedAudio {
    try decode(bytes, longestPlain: Waveform.longestPlain)
  }

  /// The same, with another limit than the usual one in tests only.
  /// - Parameter longestPlain: samples of a channel up to which it is not packed.
  package static func decode(_ bytes: [UInt8], longestPlain: Int) throws(AudioFileError) -> DecodedAudio {
    guard !bytes.isEmpty else { throw .emptyFile }
    var source = try checked(ByteSource(bytes), throughout: true)
    let lengthIsExact = MPEGStream(source)?.declaresLength ?? true
    if !lengthIsExact, let longer = MPEGStream(source)?.withRoomForAllFrames() { source = longer }
    var decoder = try Decoder(open(source), longestPlain: longestPlain)
    try decoder.decode(source, lengthIsExact: lengthIsExact)
    return decoder.result(fileSHA256: SHA256Digest.hex(of: bytes))
  }

  /// What the header says, at the cost of a few small reads however long the file is.
  /// - Parameter path: as for `read`.
  /// - Throws: as `read`, as far as the header shows it. Damage within an Ogg or MP3 stream shows only in reading.
  public static func probe(_ path: String) throws(AudioFileError) -> AudioProbe {
    let file = try RegularFile(path)
    let source = try checked(ByteSource(file), throughout: false)
    let header = try open(source).header
    guard header.frames != 0 else { throw .noSamples }
    return AudioProbe(sampleRate: header.sampleRate, channels: header.channels, frames: header.frames)
  }

  /// SHA-256 of a file's bytes, lowercase hexadecimal: equals `DecodedAudio.fileSHA256` and decodes nothing.
  /// - Parameter path: as for `read`.
  /// - Throws: as `read`, but for what concerns the content.
  public static func digest(_ path: String) throws(AudioFileError) -> String { try FileDigest(of: path).digits }

  /// The source as libsndfile should see it.
  private static func checked(_ source: ByteSource, throughout: Bool) throws(AudioFileError) -> ByteSource {
    switch ContainerFinding(source, throughout: throughout) {
    case .truncated(let declared, let found): throw .truncated(declared: declared, found: found)
    case .damaged(let reason): throw .decodingFailed(reason)
    // libsndfile may know better where the samples are; if it does not, `open` says so.
    case .nothing, .endsInHeader: return source
    case .sizeLeftOpen(let offset, let size, let bigEndian):
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
      return source.corrected(at: offset, bigEndian ? bytes.reversed() : bytes)
    case .soundEnds(let offset): return source.limited(to: offset)
    }
  }

  private static func open(_ source: ByteSource) throws(AudioFileError) -> SoundFileHandle {
    let handle: SoundFileHandle
    do {
      handle = try SoundFileHandle(reading: source)
    } catch {
      _ = try checked(source, throughout: true)
      if ContainerFinding(source, throughout: true) == .endsInHeader { throw .truncated(declared: nil, found: 0) }
      switch Int(error.code) {
      case SF_ERR_UNRECOGNISED_FORMAT: throw ContentGuess.error(source)
      case SF_ERR_UNSUPPORTED_ENCODING: throw .unsupported("an encoding libsndfile does not decode")
      default: throw .decodingFailed(error.message)
      }
    }
    let (rate, channels) = (handle.header.sampleRate, handle.header.channels)
    guard sampleRates.contains(rate) else { throw .unsupported("a sample rate of \(rate) Hz") }
    guard (1...maximumChannels).contains(channels) else { throw .unsupported("\(channels) channels") }
    return handle
  }
}
