// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Samples as bytes, to a file or a descriptor.
enum RawFile {
  /// Writes a file anew; false where that fails.
  static func write(_ samples: [Int32], to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let isDone = samples.withUnsafeBytes { write(Array($0), to: descriptor) == $0.count }
    return close(descriptor) == 0 && isDone
  }

  /// Writes until all is gone or nobody reads any more.
  /// - Returns: how many bytes went.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        done += count
      }
      return done
    }
  }
}
