// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// One thing to be said.
public struct Utterance: Sendable, Equatable {
  /// Names the output file; safe as a file name on its own.
  public let id: String
  /// What is said; no control characters but tabs, never empty.
  public let text: String

  package init(id: String, text: String) {
    self.id = id
    self.text = text
  }
}

/// What a TTS is to say: a text file of one utterance a line.
///
/// The first line that is not blank decides what all lines are:
/// - `id|text`, or LJSpeech's `id|text|normalised text`, of which the last is said (the second where the last is
///   empty);
/// - `id<TAB>text`;
/// - plain text, whose ids are the line numbers, led by zeros to one width. A `|` in a later line is then part of the
///   text.
///
/// An id that ends in a sound file's extension (`LJ001-0001.wav`) loses it. UTF-8, with or without a byte order mark;
/// lines end with LF or CRLF; blank ones are skipped.
public struct TextList: Sendable, Equatable {
  /// How a line is made up.
  public enum Layout: String, Sendable, CaseIterable {
    /// The line is the text.
    case plain
    /// `id|text`
    case piped
    /// `id<TAB>text`
    case tabbed
  }

  /// At least one, in the file's order; ids are unique.
  public let utterances: [Utterance]
  /// How the lines were read.
  public let layout: Layout

  /// Bytes of an id: a file name has 255, of which the take's temporary name needs some.
  static let longestId = 200
  /// Bytes of a text: the kernel takes arguments and variables of 128 KiB, with a name before and a NUL behind.
  static let longestText = 120_000

  /// Reads a file.
  /// - Parameters:
  ///   - path: of the text file.
  ///   - layout: nil lets the first line decide.
  /// - Throws: `TextListError`.
  public init(path: String, layout: Layout? = nil) throws(TextListError) {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw TextListError(line: nil, reason: "cannot be read: \((error as NSError).localizedDescription)")
    }
    try self.init(bytes: Array(data), layout: layout)
  }

  /// Reads the content of a file.
  /// - Throws: `TextListError`.
  public init(bytes: [UInt8], layout: Layout? = nil) throws(TextListError) {
    var lines = try Self.lines(bytes)
    lines.removeAll { $0.text.allSatisfy(\.isWhitespace) }
    guard let first = lines.first else { throw TextListError(line: nil, reason: "no text in it") }
    let layout = layout ?? Self.layout(of: first.text)
    let width = String(lines.last?.number ?? 0).count

    var utterances: [Utterance] = []
    var lineOfId: [String: Int] = [:]
    for (number, line) in lines {
      let utterance: Utterance
      do throws(Complaint) {
        utterance = try Self.utterance(line, layout, number: number, width: width)
      } catch {
        throw TextListError(line: number, reason: error.reason)
      }
      if let other = lineOfId.updateValue(number, forKey: utterance.id) {
        throw TextListError(line: number, reason: "the id “\(utterance.id)” was given in line \(other) already")
      }
      utterances.append(utterance)
    }
    self.utterances = utterances
    self.layout = layout
  }

  private static func lines(_ bytes: [UInt8]) throws(TextListError) -> [(number: Int, text: String)] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    var lines: [(number: Int, text: String)] = []
    for (index, part) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
      guard let text = String(validating: line, as: UTF8.self) else {
        throw TextListError(line: index + 1, reason: "not UTF-8")
      }
      lines.append((index + 1, text))
    }
    return lines
  }

  private static func layout(of line: String) -> Layout {
    switch line.first(where: { $0 == "|" || $0 == "\t" }) {
    case "|": .piped
    case "\t": .tabbed
    default: .plain
    }
  }

  private struct Complaint: Error { let reason: String }

  private static func utterance(
    _ line: String, _ layout: Layout, number: Int, width: Int
  ) throws(Complaint) -> Utterance {
    guard layout != .plain else {
      let digits = String(number)
      return Utterance(
        id: String(repeating: "0", count: width - digits.count) + digits, text: try checkedText(line[...]))
    }
    let mark: Character = layout == .piped ? "|" : "\t"
    let columns = line.split(separator: mark, omittingEmptySubsequences: false)
    let most = layout == .piped ? 3 : 2
    let name = layout == .piped ? "“|”" : "tab"
    guard columns.count >= 2 else { throw Complaint(reason: "no \(name) between id and text, as earlier lines have") }
    guard columns.count <= most else {
      throw Complaint(reason: "\(columns.count) columns parted by a \(name), at most \(most) are understood")
    }
    let normalised = columns.count == 3 && !columns[2].allSatisfy(\.isWhitespace)
    return Utterance(id: try checkedId(columns[0]), text: try checkedText(normalised ? columns[2] : columns[1]))
  }

  private static func checkedText(_ raw: Substring) throws(Complaint) -> String {
    let text = String(raw).trimmingBlanks
    guard !text.isEmpty else { throw Complaint(reason: "no text") }
    if let control = text.unicodeScalars.first(where: { isControl($0) && $0 != "\t" }) {
      throw Complaint(reason: "a control character (U+\(hex(control))) in the text")
    }
    guard text.utf8.count <= longestText else {
      throw Complaint(reason: "\(text.utf8.count) bytes of text, at most \(longestText) are passed on")
    }
    return text
  }

  private static func checkedId(_ raw: Substring) throws(Complaint) -> String {
    var id = String(raw).trimmingBlanks
    if let dot = id.lastIndex(of: "."), dot != id.startIndex,
      AudioFile.extensions.contains(id[id.index(after: dot)...].lowercased())
    {
      id = String(id[..<dot])
    }
    let shown = "the id “\(id)”"
    guard !id.isEmpty else { throw Complaint(reason: "no id") }
    if let control = id.unicodeScalars.first(where: isControl) {
      throw Complaint(reason: "a control character (U+\(hex(control))) in the id")
    }
    guard !id.contains("/") else { throw Complaint(reason: "\(shown) has a slash: it names a file") }
    guard !id.contains("..") else { throw Complaint(reason: "\(shown) has “..”") }
    guard !id.hasPrefix("."), !id.hasPrefix("-") else {
      throw Complaint(reason: "\(shown) begins with “\(id.prefix(1))”, which tools take for something else than a name")
    }
    guard id.utf8.count <= longestId else {
      throw Complaint(reason: "an id of \(id.utf8.count) bytes, at most \(longestId) fit into a file's name")
    }
    return id
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// Why a list of texts was refused.
public struct TextListError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Counted from 1; nil where the whole file is meant.
  public let line: Int?
  /// One line, without a full stop.
  public let reason: String

  package init(line: Int?, reason: String) {
    self.line = line
    self.reason = reason
  }

  /// One line; the caller puts the path in front.
  public var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}
