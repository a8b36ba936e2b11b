// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Testing

@Suite("SHA-256, by the vectors of FIPS 180-4")
struct SHA256DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func vector(text: String, digest: String) {
    #expect(SHA256Digest.hex(of: text) == digest)
    #expect(SHA256Digest.hex(of: Array(text.utf8)) == digest)
  }

  @Test func aMillionTimesAInUnevenPieces() {
    var digest = SHA256Digest()
    var left = 1_000_000
    var piece = 1
    while left > 0 {
      let count = min(piece, left)
      digest.update([UInt8](repeating: 0x61, count: count))
      left -= count
      piece = piece * 3 % 9973 + 1
    }
    #expect(digest.finalize() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}

@Suite("A SHA-256 and its digits")
struct SHA256ValueTests {
  private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func digitsAndBytes() throws {
    let value = try #require(SHA256Value(digits: Self.abc))
    #expect(value.digits == Self.abc)
    #expect(value.bytes.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
    #expect(value.bytes.count == 32)
    #expect(SHA256Value(value.bytes) == value)
    #expect(SHA256Value(Array(value.bytes.reversed())) != value)
    #expect(Set([value, SHA256Value(value.bytes)]).count == 1)
  }

  @Test(arguments: [
    "", "ba78", abc.uppercased(), abc + "0", String(abc.dropLast()) + "g", String(abc.dropLast()) + "ä",
  ])
  func noDigest(text: String) { #expect(SHA256Value(digits: text) == nil) }

  @Test func asManyBytesAsThereAre() {
    #expect(SHA256Value([UInt8](repeating: 7, count: 31)) == nil)
    #expect(SHA256Value([UInt8](repeating: 7, count: 33)) == nil)
  }
}
