// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SwiftCSV

/// Which columns of a table hold what, written `listener=…,system=…,stimulus=…,score=…[,utterance=…]`.
public struct PanelColumns: Sendable, Equatable {
  /// What a column can hold.
  public enum Role: String, Sendable, CaseIterable {
    /// Who rated.
    case listener
    /// The system that made the clip.
    case system
    /// The clip, or the sentence in it.
    case stimulus
    /// The score.
    case score
    /// The sentence, which pairs systems; without it the stimulus does.
    case utterance
    /// The other system of a trial that compares two.
    case against
    /// The occasion.
    case session
    /// The place among the listener's trials.
    case order
    /// `rated`, `gold`, `catch` or `repeat`.
    case kind
    /// Seconds from the clip's first sound to the first key.
    case reaction
    /// The clip's length in seconds.
    case clip

    var isRequired: Bool { [.listener, .system, .stimulus, .score].contains(self) }
  }

  /// The heading of each column that is used.
  public let names: [Role: String]

  /// The headings are the roles' own names; columns other than the four required ones may be absent.
  public static let usual = PanelColumns(
    names: Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, $0.rawValue) }))

  private init(names: [Role: String]) { self.names = names }

  /// Reads the mapping as it is typed.
  public init(_ text: String) throws(PanelCSVError) {
    var names: [Role: String] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let equals = part.firstIndex(of: "=") else {
        throw .badMapping("“\(part)” is not of the form listener=COLUMN")
      }
      let key = part[..<equals].trimmingCharacters(in: .whitespaces)
      let name = part[part.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      guard let role = Role(rawValue: key) else {
        let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badMapping("there is no “\(key)”; there are \(known)")
      }
      guard !name.isEmpty else { throw .badMapping("“\(key)=” names no column") }
      guard names[role] == nil else { throw .badMapping("“\(key)” is given twice") }
      names[role] = name
    }
    if let missing = Role.allCases.first(where: { $0.isRequired && names[$0] == nil }) {
      throw .badMapping("“\(missing.rawValue)=” is missing")
    }
    self.names = names
  }
}

/// Why ratings can't be read. Lines are counted from 1, the heading's.
public enum PanelCSVError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The mapping of columns.
  case badMapping(String)
  /// There is no such file, or it cannot be read.
  case unreadable(String)
  /// Not a table of text in UTF-8.
  case notCSV(String)
  /// No ratings in it.
  case empty
  /// The heading lacks a column.
  case missingColumn(String, heading: [String])
  /// The heading has a column twice.
  case duplicateColumn(String)
  /// A line is wrong.
  case badLine(Int, reason: String)

  /// The reason in one line.
  public var description: String {
    switch self {
    case .badMapping(let reason): "--columns: \(reason)"
    case .unreadable(let path): "\(path): no such file, or not readable"
    case .notCSV(let reason): "not a CSV file in UTF-8: \(reason)"
    case .empty: "no ratings: the file has no line below its heading"
    case .missingColumn(let name, let heading): "no column “\(name)”; the heading is \(heading.joined(separator: ","))"
    case .duplicateColumn(let name): "the heading has “\(name)” twice"
    case .badLine(let line, let reason): "line \(line): \(reason)"
    }
  }
}

/// Ratings from a table in long form: one row a rating, separated by commas, semicolons or tabs. Spaces about a cell are no part of it,
/// nor is the apostrophe that keeps a spreadsheet from taking a text for a formula (``unguarded(_:)``).
public enum PanelCSV {
  /// Reads a file.
  /// - Parameter scale: where it is known; no score may lie beyond it.
  public static func ratings(
    path: String, columns: PanelColumns = .usual, scale: PanelScale? = nil
  ) throws(PanelCSVError) -> [PanelRating] {
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
    return try ratings(data: data, columns: columns, scale: scale)
  }

  /// Reads a file's bytes.
  static func ratings(
    data: Data, columns: PanelColumns, scale: PanelScale? = nil
  ) throws(PanelCSVError) -> [PanelRating] {
    guard !data.contains(0), let text = String(data: data, encoding: .utf8) else {
      throw .notCSV("bytes that are no text in UTF-8")
    }
    return try ratings(text: text, columns: columns, scale: scale)
  }

  /// Characters that make a spreadsheet take a text for a formula.
  public static let formulaStarts = "=+-@\t\r"

  /// A cell without the apostrophe that guards it: one before a character of ``formulaStarts``, or before another apostrophe.
  package static func unguarded(_ cell: String) -> String {
    let scalars = cell.unicodeScalars
    guard scalars.first == "'", let second = scalars.dropFirst().first,
      "'\(formulaStarts)".unicodeScalars.contains(second)
    else { return cell }
    return String(String.UnicodeScalarView(scalars.dropFirst()))
  }

  /// Reads a table's text.
  public static func ratings(
    text: String, columns: PanelColumns = .usual, scale: PanelScale? = nil
  ) throws(PanelCSVError) -> [PanelRating] {
    // A byte order mark, and the newline that the parser needs to see an empty last cell.
    let body = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    let rows = try parsed(body.last?.isNewline == true ? body : body + "\n")
    guard let heading = rows.first else { throw .empty }
    let places = try places(of: columns, in: heading.cells)
    var ratings = [PanelRating]()
    ratings.reserveCapacity(rows.count)
    for row in rows.dropFirst() {
      guard row.cells.count == heading.cells.count else {
        throw .badLine(row.line, reason: "\(row.cells.count) cells, the heading has \(heading.cells.count)")
      }
      let rating = try rating(row, places)
      if let reason = rating.refusal(scale) { throw .badLine(row.line, reason: reason) }
      ratings.append(rating)
    }
    guard !ratings.isEmpty else { throw .empty }
    return ratings
  }

  private struct Row {
    let line: Int
    let cells: [String]
  }

  private static func parsed(_ text: String) throws(PanelCSVError) -> [Row] {
    let first = text.prefix { !$0.isNewline }
    let delimiter: CSVDelimiter = first.contains(",") ? .comma : first.contains(";") ? .semicolon : .tab
    var rows = [Row]()
    do {
      var line = 1
      // Row by row: the library's own table fills short rows up, so that they could not be told from whole ones.
      try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false).enumerateAsArray(
        startAt: 0, rowLimit: nil
      ) { cells in
        let trimmed = cells.map { $0.trimmingCharacters(in: .whitespaces) }
        if !trimmed.allSatisfy(\.isEmpty) || rows.isEmpty { rows.append(Row(line: line, cells: trimmed)) }
        line += 1 + cells.reduce(0) { $0 + $1.count(where: \.isNewline) }
      }
    } catch {
      throw .notCSV("a quotation mark in the wrong place")
    }
    return rows
  }

  private static func places(
    of columns: PanelColumns, in heading: [String]
  ) throws(PanelCSVError) -> [PanelColumns.Role: Int] {
    var places: [PanelColumns.Role: Int] = [:]
    for role in PanelColumns.Role.allCases {
      guard let name = columns.names[role] else { continue }
      let found = heading.indices.filter { heading[$0] == name }
      guard found.count < 2 else { throw .duplicateColumn(name) }
      if let place = found.first {
        places[role] = place
      } else if role.isRequired || columns != .usual {
        throw .missingColumn(name, heading: heading)
      }
    }
    return places
  }

  private static func rating(_ row: Row, _ places: [PanelColumns.Role: Int]) throws(PanelCSVError) -> PanelRating {
    func cell(_ role: PanelColumns.Role) throws(PanelCSVError) -> String? {
      guard let place = places[role] else { return nil }
      let text = Self.unguarded(row.cells[place])
      guard text.isEmpty else { return text }
      if role.isRequired || role == .utterance { throw .badLine(row.line, reason: "no \(role.rawValue)") }
      return nil
    }
    func number(_ role: PanelColumns.Role) throws(PanelCSVError) -> Double? {
      guard let text = try cell(role) else { return nil }
      guard let number = Double(text), number.isFinite else {
        throw .badLine(row.line, reason: "the \(role.rawValue) “\(text.prefix(40))” is no finite number")
      }
      return number
    }
    guard let listener = try cell(.listener), let system = try cell(.system), let stimulus = try cell(.stimulus),
      let score = try number(.score)
    else { throw .badLine(row.line, reason: "a cell is missing") }
    let order = try number(.order)
    if let order, order != order.rounded() || abs(order) > 1e9 {
      throw .badLine(row.line, reason: "the order \(order) is no whole number")
    }
    let kindText = try cell(.kind)
    let kind = kindText.map { PanelRating.Kind(rawValue: $0) } ?? .rated
    guard let kind else {
      let known = PanelRating.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw .badLine(row.line, reason: "the kind “\((kindText ?? "").prefix(40))” is none of \(known)")
    }
    return PanelRating(
      listener: listener, system: system, utterance: try cell(.utterance) ?? stimulus, score: score,
      against: try cell(.against), session: try cell(.session), order: order.map { Int($0) }, kind: kind,
      reactionSeconds: try number(.reaction), clipSeconds: try number(.clip))
  }
}
