// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSndfile
internal import Synchronization

/// libsndfile reports why opening failed through one variable of the process, and mpg123 is initialised on first use:
/// opening goes one at a time. Reading and writing, where the time goes, do not.
private let opening = Mutex<Void>(())

/// Owns a `SNDFILE *` and the bytes it works on.
///
/// This is the one file that deals in libsndfile's pointers. The `ByteSource` lives on the heap at a fixed address for
/// as long as the handle, because the C library keeps that address and passes it to the four callbacks below.
struct SoundFileHandle: ~Copyable {
  /// What the header says; `frames` as libsndfile gives it, `SF_COUNT_MAX` for "unknown" turned into nil.
  struct Header {
    var sampleRate: Int
    var channels: Int
    var frames: Int?
    /// libsndfile's format word.
    var format: Int32
  }

  /// libsndfile's number and words for why it would not open.
  struct OpenFailure: Error {
    var code: Int32
    var message: String
  }

  let header: Header
  private var handle: OpaquePointer?
  private let source: UnsafeMutablePointer<ByteSource>

  /// Opens for reading, whatever format is found.
  init(reading bytes: ByteSource) throws(OpenFailure) {
    try self.init(bytes, mode: SFM_READ, info: SF_INFO())
  }

  /// Opens for writing to memory, in the given libsndfile format.
  init(writing format: Int32, sampleRate: Int, channels: Int) throws(OpenFailure) {
    var info = SF_INFO()
    info.format = format
    info.samplerate = Int32(clamping: sampleRate)
    info.channels = Int32(clamping: channels)
    try self.init(ByteSource([]), mode: SFM_WRITE, info: info)
    // The PEAK chunk of float files holds the time of writing: equal samples would make different bytes.
    sf_command(handle, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))
  }

  private init(_ bytes: ByteSource, mode: Int, info: SF_INFO) throws(OpenFailure) {
    let source = UnsafeMutablePointer<ByteSource>.allocate(capacity: 1)
    source.initialize(to: bytes)
    var callbacks = SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(SoundFileHandle.source($0).pointee.count) },
      seek: { offset, whence, user in
        sf_count_t(SoundFileHandle.source(user).pointee.seek(Int(offset), whence: whence))
      },
      read: { target, count, user in
        let buffer = UnsafeMutableRawBufferPointer(start: target, count: max(0, Int(count)))
        return sf_count_t(SoundFileHandle.source(user).pointee.read(into: buffer))
      },
      write: { origin, count, user in
        let buffer = UnsafeRawBufferPointer(start: origin, count: max(0, Int(count)))
        return sf_count_t(SoundFileHandle.source(user).pointee.write(buffer))
      },
      tell: { sf_count_t(SoundFileHandle.source($0).pointee.position) })
    var info = info
    var handle: OpaquePointer?
    let code = opening.withLock { _ in
      handle = sf_open_virtual(&callbacks, Int32(mode), &info, source)
      return handle == nil ? sf_error(nil) : 0
    }
    guard let handle else {
      source.deinitialize(count: 1)
      source.deallocate()
      throw OpenFailure(code: code, message: Self.message(code))
    }
    self.source = source
    self.handle = handle
    header = Header(
      sampleRate: Int(info.samplerate), channels: Int(info.channels),
      frames: info.frames == Int64.max ? nil : Int(info.frames), format: info.format)
  }

  deinit {
    if let handle { sf_close(handle) }
    source.deinitialize(count: 1)
    source.deallocate()
  }

  private static func source(_ user: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<ByteSource> {
    guard let user else { preconditionFailure("libsndfile lost the bytes it was given") }
    return user.assumingMemoryBound(to: ByteSource.self)
  }

  /// Decodes up to `frames` frames into the start of `block`, interleaved. Returns how many; 0 at the end.
  mutating func read(into block: inout [Double], frames: Int) -> Int {
    precondition(block.count >= frames * header.channels, "the block is too small")
    return Int(sf_readf_double(handle, &block, sf_count_t(frames)))
  }

  /// Encodes interleaved samples, full scale ±1. Returns how many frames were taken.
  mutating func write(_ samples: [Double]) -> Int {
    Int(sf_writef_double(handle, samples, sf_count_t(samples.count / header.channels)))
  }

  /// Encodes interleaved integers, left-justified in 32 bits. Returns how many frames were taken.
  mutating func write(_ samples: [Int32]) -> Int {
    Int(sf_writef_int(handle, samples, sf_count_t(samples.count / header.channels)))
  }

  /// What went wrong since it was opened, in libsndfile's words; nil when nothing did.
  var failure: String? {
    let code = sf_error(handle)
    return code == 0 ? nil : Self.message(code)
  }

  /// Completes the file and returns its bytes.
  mutating func close() -> [UInt8] {
    if let handle { sf_close(handle) }
    handle = nil
    return source.pointee.bytes
  }

  /// Container and encoding, e.g. `WAV (Microsoft), Signed 16 bit PCM`.
  var formatName: String {
    let parts = [header.format & Int32(SF_FORMAT_TYPEMASK), header.format & Int32(SF_FORMAT_SUBMASK)]
    let names = parts.map { part in
      var info = SF_FORMAT_INFO(format: part, name: nil, extension: nil)
      sf_command(handle, Int32(SFC_GET_FORMAT_INFO), &info, Int32(MemoryLayout<SF_FORMAT_INFO>.size))
      return info.name.map { String(cString: $0) } ?? "unknown"
    }
    return names.joined(separator: ", ")
  }

  private static func message(_ code: Int32) -> String {
    var text = sf_error_number(code).map { String(cString: $0) } ?? "error \(code)"
    while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
    return text
  }
}
