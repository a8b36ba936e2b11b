// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import RunStore
import Testing

@Suite struct ContourStoreTests {
  let folder: TemporaryFolder
  let store: RunStore
  private let file = String(repeating: "0f", count: 32)
  private let numbers = [0, -0.0, 1.0 / 3, 5e-324, 440]

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(path: folder.store)
  }

  private func opened(_ version: String = "1.0", limit: Int = ContourStore.limit) throws -> ContourStore {
    try ContourStore(beside: store, version: version, limit: limit)
  }

  @Test func numbersComeBackToTheBit() throws {
    try opened().keep(file, "harvest", numbers)
    let found = try #require(try opened().find(file, "harvest"))
    #expect(found.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(try opened().find(file, "dio") == nil)
    #expect(try opened("1.1").find(file, "harvest") == nil)
    #expect(try opened().find(String(repeating: "0e", count: 32), "harvest") == nil)
    try opened().keep(file, "harvest", [1])
    #expect(try opened().find(file, "harvest") == [1])
  }

  /// A bit that turned over on the disk must not move a score.
  @Test func damagedNumbersAreNotHandedOut() throws {
    try opened().keep(file, "harvest", numbers)
    let path = folder.store + ".contours"
    var bytes = try #require(FileManager.default.contents(atPath: path))
    let third = withUnsafeBytes(of: (1.0 / 3).bitPattern.littleEndian) { Data($0) }
    let place = try #require(bytes.range(of: third)).lowerBound
    bytes[place] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(try opened().find(file, "harvest") == nil)
  }

  @Test func whatWasNotUsedForLongestGoes() throws {
    let limit = 200_000
    let kept = try opened(limit: limit)
    let many = [Double](repeating: 1, count: 500)
    for number in 0..<200 { kept.keep(file, "recipe \(number)", many) }
    #expect(kept.find(file, "recipe 0") == nil)
    #expect(kept.find(file, "recipe 199") == many)
    let bytes = try FileManager.default.attributesOfItem(atPath: kept.path)[.size] as? Int
    #expect(try #require(bytes) < 2 * limit)
  }

  @Test func aStrangersFileIsLeftAlone() throws {
    let path = folder.store + ".contours"
    for content in [Data("no database at all".utf8), Data(repeating: 7, count: 8192)] {
      try content.write(to: URL(fileURLWithPath: path))
      #expect(throws: RunStoreError.self) { try opened() }
      #expect(FileManager.default.contents(atPath: path) == content)
    }
  }

  @Test func deletedItBeginsAnew() throws {
    try opened().keep(file, "harvest", numbers)
    try FileManager.default.removeItem(atPath: folder.store + ".contours")
    #expect(try opened().find(file, "harvest") == nil)
  }
}
