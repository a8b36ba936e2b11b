// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SettingsFile
internal import SwiftCSV

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
  /// A line is wrong, in the column of that heading where one is named.
  case badLine(Int, column: String? = nil, reason: String)
  /// What is said of the whole panel.
  case badPanel(String)

  /// The reason in one line.
  public var description: String {
    switch self {
    case .badMapping(let reason): "--columns: \(reason)"
    case .unreadable(let path): "\(path): no such file, or not readable"
    case .notCSV(let reason): "not a CSV file in UTF-8: \(reason)"
    case .empty: "no ratings: the file has no line below its heading"
    case .missingColumn(let name, let heading): "no column “\(name)”; the heading is \(heading.joined(separator: ","))"
    case .duplicateColumn(let name): "the heading has “\(name)” twice"
    case .badLine(let line, let column, let reason):
      "line \(line)\(column.map { ", column “\($0)”" } ?? ""): \(reason)"
    case .badPanel(let reason): reason
    }
  }
}

/// Ratings from a table in long form: one row a rating, separated by commas, semicolons or tabs. Spaces about a cell are no part of it,
/// nor is the apostrophe that keeps a spreadsheet from taking a text for a formula (``unguarded(_:)``). Numbers are plain decimals.
public enum PanelCSV {
  /// Reads a file.
  /// - Parameter setup: what is known of the panel beside the file; it may not contradict the file.
  public static func panel(
    path: String, columns: PanelColumns = .usual, setup: PanelSetup = PanelSetup()
  ) throws(PanelCSVError) -> ImportedPanel {
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
    guard !data.contains(0), let text = String(data: data, encoding: .utf8) else {
      throw .notCSV("bytes that are no text in UTF-8")
    }
    return try panel(text: text, columns: columns, setup: setup)
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
  public static func panel(
    text: String, columns: PanelColumns = .usual, setup: PanelSetup = PanelSetup()
  ) throws(PanelCSVError) -> ImportedPanel {
    // A byte order mark, and the newline that the parser needs to see an empty last cell.
    let body = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    let lines = try parsed(body.last?.isNewline == true ? body : body + "\n")
    guard let heading = lines.first, lines.count > 1 else { throw .empty }
    let places = try places(of: columns, in: heading.cells)
    do throws(PanelFlaw) {
      var rows = [ImportedPanel.Row]()
      for line in lines.dropFirst() {
        guard line.cells.count == heading.cells.count else {
          throw PanelFlaw(
            place: line.number, reason: "\(line.cells.count) cells, the heading has \(heading.cells.count)")
        }
        rows.append(try row(line, places))
      }
      var panel = try ImportedPanel(rows, setup, place: "line")
      panel.notes += unused(heading.cells, places, columns)
      return panel
    } catch {
      guard let line = error.place else { throw .badPanel(error.reason) }
      let column = error.column.flatMap { places[$0 == .utterance && places[$0] == nil ? .stimulus : $0] }
      throw .badLine(line, column: column.map { heading.cells[$0] }, reason: error.reason)
    }
  }

  private struct Line {
    let number: Int
    let cells: [String]
  }

  private static func parsed(_ text: String) throws(PanelCSVError) -> [Line] {
    let first = text.prefix { !$0.isNewline }
    let delimiter: CSVDelimiter = first.contains(",") ? .comma : first.contains(";") ? .semicolon : .tab
    var lines = [Line]()
    do {
      var line = 1
      // Row by row: the library's own table fills short rows up, so that they could not be told from whole ones.
      try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false).enumerateAsArray(
        startAt: 0, rowLimit: nil
      ) { cells in
        let trimmed = cells.map { $0.trimmingCharacters(in: .whitespaces) }
        if !trimmed.allSatisfy(\.isEmpty) || lines.isEmpty { lines.append(Line(number: line, cells: trimmed)) }
        line += 1 + cells.reduce(0) { $0 + $1.count(where: \.isNewline) }
      }
    } catch {
      throw .notCSV("a quotation mark in the wrong place")
    }
    return lines
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

  /// A note of the columns from which nothing is taken, each with the absent one that it may have been meant for.
  private static func unused(
    _ heading: [String], _ places: [PanelColumns.Role: Int], _ columns: PanelColumns
  ) -> [String] {
    let taken = Set(places.values)
    let absent = PanelColumns.Role.allCases.filter { places[$0] == nil }.map { columns.names[$0] ?? $0.rawValue }
    let left = heading.indices.filter { !taken.contains($0) && !heading[$0].isEmpty }.map { index in
      let name = heading[index].lowercased()
      let near = absent.map { (Spelling.distance(name, $0), $0) }.filter { $0.0 <= max(1, $0.1.count / 4) }
      let hint = near.min { $0.0 < $1.0 }.map { " (did you mean “\($0.1)”?)" } ?? ""
      return "“\(heading[index])”\(hint)"
    }
    return left.isEmpty ? [] : ["columns that are not used: \(left.joined(separator: ", "))"]
  }

  private static func row(
    _ line: Line, _ places: [PanelColumns.Role: Int]
  ) throws(PanelFlaw) -> ImportedPanel.Row {
    func cell(_ role: PanelColumns.Role) -> String? {
      places[role].map { Self.unguarded(line.cells[$0]) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    func flaw(_ role: PanelColumns.Role, _ text: String, _ what: String) -> PanelFlaw {
      PanelFlaw(place: line.number, column: role, reason: "“\(text.prefix(40))” is \(what)")
    }
    func number(_ role: PanelColumns.Role) throws(PanelFlaw) -> Double? {
      guard let text = cell(role) else { return nil }
      guard let number = Self.decimal(text) else { throw flaw(role, text, "no plain decimal number, as 3.5 is") }
      return number
    }
    func word<Word: RawRepresentable & CaseIterable>(_ role: PanelColumns.Role, of _: Word.Type) throws(PanelFlaw)
      -> Word? where Word.RawValue == String
    {
      guard let text = cell(role) else { return nil }
      guard let word = Word(rawValue: text) else {
        throw flaw(role, text, "none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return word
    }
    guard let score = try number(.score) else {
      throw PanelFlaw(place: line.number, column: .score, reason: "it is empty")
    }
    if places[.utterance] != nil, cell(.utterance) == nil {
      throw PanelFlaw(place: line.number, column: .utterance, reason: "it is empty")
    }
    let order = try number(.order)
    if let order, order != order.rounded() || abs(order) > 1e9 {
      throw flaw(.order, "\(order)", "no whole number")
    }
    let rating = PanelRating(
      listener: cell(.listener) ?? "", system: cell(.system) ?? "",
      utterance: cell(.utterance) ?? cell(.stimulus) ?? "",
      score: score, against: cell(.against), session: cell(.session), order: order.map { Int($0) },
      kind: try word(.kind, of: PanelRating.Kind.self) ?? .rated, reactionSeconds: try number(.reaction),
      clipSeconds: try number(.clip), isRight: try word(.right, of: Truth.self).map { $0 == .true })
    return ImportedPanel.Row(
      place: line.number, rating: rating, scale: try word(.scale, of: PanelScale.self),
      role: try word(.role, of: ImportedPanel.Role.self))
  }

  private enum Truth: String, CaseIterable { case `true`, `false` }

  /// A number written as digits with at most one point. Hexadecimal, powers of ten and words for infinity are more likely a mistake than
  /// a score.
  private static func decimal(_ text: String) -> Double? {
    let unsigned = text.utf8.drop { "+-".utf8.contains($0) }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard text.utf8.count - unsigned.count < 2, unsigned.contains(where: isDigit),
      unsigned.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
