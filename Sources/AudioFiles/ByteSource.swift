// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Bytes with a position, in memory or in an open file: what libsndfile reads from and writes to.
struct ByteSource {
  private enum Storage {
    case memory([UInt8])
    /// The descriptor belongs to a `RegularFile` that outlives this value.
    case file(descriptor: Int32, length: Int)
  }

  private var storage: Storage
  /// Bytes that are read in place of those stored: `(offset, bytes)`.
  private var correction: (offset: Int, bytes: [UInt8])?
  /// Where the source ends for its reader, when before its real end.
  private var limit: Int?
  private(set) var position = 0

  /// Bytes in memory. Writing past the end makes them more.
  init(_ bytes: [UInt8]) { storage = .memory(bytes) }

  /// Part by part from the file, by `pread`: the descriptor's own position stays untouched.
  init(_ file: borrowing RegularFile) { storage = .file(descriptor: file.descriptor, length: file.length) }

  var count: Int {
    let stored =
      switch storage {
      case .memory(let bytes): bytes.count
      case .file(_, let length): length
      }
    return min(stored, limit ?? stored)
  }

  /// The same source, read as if these bytes stood at `offset`.
  func corrected(at offset: Int, _ bytes: [UInt8]) -> ByteSource {
    var copy = self
    copy.correction = (offset, bytes)
    return copy
  }

  /// The same source without what lies at `end` and after it.
  func limited(to end: Int) -> ByteSource {
    var copy = self
    copy.limit = end
    return copy
  }

  /// All bytes of a source in memory.
  var bytes: [UInt8] {
    guard case .memory(let bytes) = storage else { return [] }
    return bytes
  }

  /// Up to `count` bytes from `offset`; fewer at the end.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    let available = max(0, min(count, self.count - offset))
    guard offset >= 0, available > 0 else { return [] }
    var result = [UInt8](repeating: 0, count: available)
    let got = result.withUnsafeMutableBytes { copy(from: offset, into: $0) }
    result.removeLast(available - got)
    return result
  }

  /// Fills the buffer from the position on, and moves it. Returns the number of bytes.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = copy(from: position, into: buffer)
    position += count
    return count
  }

  /// Puts the position somewhere; a place before the start is refused with -1.
  mutating func seek(_ offset: Int, whence: Int32) -> Int {
    let base =
      switch whence {
      case SEEK_CUR: position
      case SEEK_END: count
      default: 0
      }
    let (target, overflow) = base.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return target
  }

  /// Overwrites from the position on, growing at the end, and moves the position. Memory only.
  mutating func write(_ buffer: UnsafeRawBufferPointer) -> Int {
    guard case .memory(var bytes) = storage else { return 0 }
    storage = .memory([])  // so that `bytes` is the only owner and grows in place
    if position > bytes.count { bytes.append(contentsOf: repeatElement(0, count: position - bytes.count)) }
    let overwritten = min(buffer.count, bytes.count - position)
    bytes.replaceSubrange(position..<position + overwritten, with: buffer[..<overwritten])
    bytes.append(contentsOf: buffer[overwritten...])
    position += buffer.count
    storage = .memory(bytes)
    return buffer.count
  }

  private func copy(from offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let room = max(0, min(buffer.count, self.count - offset))
    let count = copyStored(from: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
    if let correction {
      for (i, byte) in correction.bytes.enumerated() {
        let place = correction.offset + i - offset
        if place >= 0 && place < count { buffer[place] = byte }
      }
    }
    return count
  }

  private func copyStored(from offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    switch storage {
    case .memory(let bytes):
      guard offset < bytes.count else { return 0 }
      let end = offset + min(buffer.count, bytes.count - offset)
      bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<end])) }
      return end - offset
    case .file(let descriptor, _):
      var total = 0
      while total < buffer.count {
        let count = pread(descriptor, buffer.baseAddress.map { $0 + total }, buffer.count - total, offset + total)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        total += count
      }
      return total
    }
  }
}
