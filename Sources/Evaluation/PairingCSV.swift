// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SwiftCSV

extension Pairing {
  /// Pairs files as a CSV lists them: columns `id`, `reference`, and one per system, named by its heading.
  ///
  /// Paths are relative to the CSV's own folder. An empty cell means that the system lacks the utterance.
  public init(csv path: String) throws(PairingError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path) }
    let table: CSV<Enumerated>
    do {
      table = try CSV<Enumerated>(url: URL(fileURLWithPath: path), delimiter: .comma, loadColumns: false)
    } catch {
      throw .badCSV(path, reason: "not a CSV file in UTF-8")
    }
    let header = table.header.map { $0.trimmingCharacters(in: .whitespaces) }
    guard header.count >= 3, header[0] == "id", header[1] == "reference", !header.contains("") else {
      let found = header.joined(separator: ",")
      throw .badCSV(path, reason: "the heading must be id,reference,SYSTEM… with commas, and is \(found)")
    }
    let folder = (path as NSString).deletingLastPathComponent
    func located(_ cell: String) -> String {
      cell.hasPrefix("/") || folder.isEmpty ? cell : (folder as NSString).appendingPathComponent(cell)
    }

    let systems = header.dropFirst(2).map { System(name: $0, path: folder.isEmpty ? "." : folder) }
    if let twice = header.first(where: { name in header.filter { $0 == name }.count > 1 }) { throw .sameName(twice) }
    var references: [String: Candidate] = [:]
    var syntheses = [[String: Candidate]](repeating: [:], count: systems.count)
    for (index, row) in table.rows.enumerated() where !row.allSatisfy(\.isEmpty) {
      let line = index + 2
      guard row.count == header.count else {
        throw .badCSV(path, reason: "row \(line) has \(row.count) cells, the heading \(header.count)")
      }
      guard !row[0].isEmpty, !row[1].isEmpty else {
        throw .badCSV(path, reason: "row \(line) lacks an id or reference")
      }
      guard references[row[0]] == nil else { throw .badCSV(path, reason: "row \(line) repeats the id “\(row[0])”") }
      references[row[0]] = .file(located(row[1]))
      for (system, cell) in row.dropFirst(2).enumerated() where !cell.isEmpty {
        syntheses[system][row[0]] = .file(located(cell))
      }
    }
    self.init(systems: systems, references: references, syntheses: syntheses)
    guard pairCount > 0 else { throw .badCSV(path, reason: "no row has a synthesis") }
  }
}
