// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

/// Reads an opened sound file to its end, checks every sample and hashes them on the way.
///
/// Memory grows with what is decoded, never with what a header claims.
struct Decoder: ~Copyable {
  private var handle: SoundFileHandle
  private var channels: [SampleStore]
  private var hash = SHA256Digest()
  private var notFinite = 0
  private var firstNotFinite = 0

  /// - Parameter longestPlain: samples of a channel up to which it is not packed.
  init(_ handle: consuming SoundFileHandle, longestPlain: Int) {
    let header = handle.header
    channels = Array(repeating: SampleStore(longestPlain: longestPlain), count: header.channels)
    hash.update("\(header.sampleRate) \(header.channels)\n")
    self.handle = handle
  }

  /// - Parameters:
  ///   - source: the bytes behind the handle, for a second look when decoding stops early.
  ///   - lengthIsExact: whether the header's number of frames is a promise, not an estimate.
  /// - Throws: `noSamples`, `truncated`, `decodingFailed`, `notFinite`, `tooLong`.
  mutating func decode(_ source: ByteSource, lengthIsExact: Bool) throws(AudioFileError) {
    let count = channels.count
    let blockFrames = max(1, 16384 / count)
    var block = [Double](repeating: 0, count: blockFrames * count)
    let declared = handle.header.frames
    let flac = FLACStream(source)
    var failure: String?
    while true {
      // libFLAC, asked for more than the declared frames, stumbles over padding that follows the last one.
      let wanted = flac == nil ? blockFrames : min(blockFrames, (declared ?? .max) - channels[0].count)
      if wanted <= 0 { break }
      let frames = handle.read(into: &block, frames: wanted)
      // libsndfile forgets an error on the next call, and tells of it together with samples that are good.
      failure = failure ?? handle.failure
      if frames <= 0 { break }
      guard (channels[0].count + frames) * count <= AudioFile.maximumSamples else {
        throw .tooLong(limit: AudioFile.maximumSamples)
      }
      take(&block, frames: frames)
    }
    let found = channels[0].count
    if let flac, failure != nil || declared == nil {
      guard flac.endsInWholeFrame else { throw .truncated(declared: declared, found: found) }
      if failure != nil { throw .decodingFailed("damaged after \(found) frames") }
    } else if let flac, found == declared {
      // The declared frames are whole; whether there are more, libsndfile does not look.
      guard flac.endsInWholeFrame else {
        throw .decodingFailed("something else than FLAC frames follows frame \(found)")
      }
      if let present = flac.frames, present > found {
        throw .decodingFailed("inconsistent header: it says \(found) frames, the file has \(present)")
      }
    }
    if let failure { throw .decodingFailed("\(failure), after \(found) frames") }
    if lengthIsExact, let declared, found < declared { throw .truncated(declared: declared, found: found) }
    guard found > 0 else { throw .noSamples }
    guard notFinite == 0 else { throw .notFinite(count: notFinite, firstIndex: firstNotFinite) }
  }

  private mutating func take(_ block: inout [Double], frames: Int) {
    let count = channels.count
    for i in 0..<frames * count {
      if !block[i].isFinite {
        if notFinite == 0 { firstNotFinite = channels[0].count + i / count }
        notFinite += 1
      }
      // −0 becomes +0, so that equal sound has equal bytes.
      block[i] += 0
    }
    for c in 0..<count {
      if count == 1 {
        channels[c].append(block.span.extracting(first: frames))
      } else {
        let own = stride(from: c, to: frames * count, by: count).map { block[$0] }
        channels[c].append(own.span)
      }
    }
    if Double(1).bitPattern.littleEndian == Double(1).bitPattern {
      hash.update(block.span.extracting(0..<frames * count).bytes)
    } else {
      let words = block[..<(frames * count)].map(\.bitPattern.littleEndian)
      hash.update(words.span.bytes)
    }
  }

  consuming func result(fileSHA256: String) -> DecodedAudio {
    DecodedAudio(
      channels: channels.map { $0.waveform(sampleRate: handle.header.sampleRate) },
      sampleRate: handle.header.sampleRate, format: handle.formatName, fileSHA256: fileSHA256,
      audioSHA256: hash.finalize())
  }
}

/// Samples as they come in, packed once they are many.
private struct SampleStore {
  let longestPlain: Int
  private var plain: [Double] = []
  private var packed: PackedSamples?

  init(longestPlain: Int) { self.longestPlain = longestPlain }

  var count: Int { packed?.count ?? plain.count }

  mutating func append(_ block: Span<Double>) {
    if packed == nil, plain.count + block.count > longestPlain {
      packed = PackedSamples(plain)
      plain = []
    }
    if packed != nil {
      packed?.append(block)
    } else {
      block.withUnsafeBufferPointer { plain.append(contentsOf: $0) }
    }
  }

  func waveform(sampleRate: Int) -> Waveform {
    packed.map { Waveform(packed: $0, sampleRate: sampleRate) } ?? Waveform(samples: plain, sampleRate: sampleRate)
  }
}
