// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Testing

/// The hash of a page's script, as its policy is to name it.
func scriptHash(of page: String) throws -> String {
  let start = try #require(page.range(of: "<script>")).upperBound
  let script = String(page[start..<(try #require(page.range(of: "</script>"))).lowerBound])
  let hex = SHA256Digest.hex(of: script)
  let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
  return "sha256-\(Data(bytes).base64EncodedString())"
}

/// A page's tags as a browser would see them: by scalars, quotes in mind, texts with their references resolved.
struct PageReader {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// What follows it up to the next tag.
    var text = ""
    /// Whether its script or style is to be passed over.
    var isRaw: Bool { name == "script" || name == "style" }
  }

  private(set) var elements: [Element] = []

  init(_ page: String) {
    let scalars = Array(page.unicodeScalars)
    var place = 0
    while place < scalars.count {
      guard scalars[place] == "<" else {
        let start = place
        while place < scalars.count, scalars[place] != "<" { place += 1 }
        if !elements.isEmpty { elements[elements.count - 1].text += Self.resolved(scalars[start..<place]) }
        continue
      }
      let start = place
      var quote: Unicode.Scalar?
      while place < scalars.count, quote != nil || scalars[place] != ">" {
        if scalars[place] == quote { quote = nil } else if quote == nil, scalars[place] == "\"" { quote = "\"" }
        place += 1
      }
      place += 1
      let element = Self.element(scalars[start + 1..<min(place - 1, scalars.count)])
      elements.append(element)
      if element.isRaw {
        let end = Array("</\(element.name)>".unicodeScalars)
        while place < scalars.count, !scalars[place...].starts(with: end) { place += 1 }
      }
    }
  }

  subscript(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  private static func element(_ scalars: ArraySlice<Unicode.Scalar>) -> Element {
    var rest = scalars[...]
    let name = text(rest.prefix { $0 != " " && $0 != "/" || $0 == "/" && rest.first == "/" })
    rest = rest.dropFirst(name.unicodeScalars.count)
    var attributes: [String: String] = [:]
    while let start = rest.firstIndex(where: { $0 != " " && $0 != "/" && $0 != "\n" }) {
      rest = rest[start...]
      let key = text(rest.prefix { $0 != "=" && $0 != " " && $0 != "/" })
      rest = rest.dropFirst(key.unicodeScalars.count)
      guard rest.first == "=" else {
        attributes[key] = ""
        continue
      }
      rest = rest.dropFirst(2)
      let value = rest.prefix { $0 != "\"" }
      attributes[key] = resolved(value)
      rest = rest.dropFirst(value.count + 1)
    }
    return Element(name: name, attributes: attributes)
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  private static func resolved(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    return references.reduce(text(scalars)) { text, reference in
      text.replacingOccurrences(of: reference.0, with: reference.1, options: .literal)
    }
  }
}
