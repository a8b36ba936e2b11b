// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Testing

@Suite("A file's digest holds while the file is the same")
struct FileDigestTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func digits() throws {
    // Words that begin with zeros keep them.
    for seed in 0..<40 {
      let bytes = Array("file \(seed)".utf8)
      let digest = try FileDigest(of: try folder.file("a", bytes))
      #expect(digest.digits == SHA256Digest.hex(of: bytes))
    }
  }

  /// When the entry of a file was changed last, seconds and nanoseconds.
  private func changed(_ path: String) -> [Int] {
    var status = stat()
    stat(path, &status)
    return [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }

  @Test func whatIsWrittenOrReplacedIsAnotherFile() throws {
    let path = try folder.file("a", [1, 2, 3])
    let other = try folder.file("b", [4, 5, 6])
    let second = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)]
    for path in [path, other] { try FileManager.default.setAttributes(second, ofItemAtPath: path) }
    let before = changed(path)
    let digest = try FileDigest(of: path)
    #expect(digest.isCurrent(at: path))
    // As many bytes, of the same time, in another file; and in the same.
    #expect(!digest.isCurrent(at: other))
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.write(contentsOf: [4])
    try handle.close()
    #expect(!digest.isCurrent(at: path))
    // Its time set back, it differs by the time of the last change of its entry only, which older kernels count in ticks.
    repeat { try FileManager.default.setAttributes(second, ofItemAtPath: path) } while changed(path) == before
    #expect(!digest.isCurrent(at: path))
    try FileManager.default.removeItem(atPath: path)
    #expect(!digest.isCurrent(at: path))
  }
}
