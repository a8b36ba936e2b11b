// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation

/// The list of stored runs, latest first.
public struct RunsTable: Sendable {
  /// One run.
  public struct Row: Sendable {
    let id: UUID
    let startedAt: Date
    let isComplete: Bool
    let label: String?
    let tags: [String]
    let systems: [String]
    let pairs: Int
    let part: String?

    /// A row from its parts.
    /// - Parameter part: `2/8`, where it is a part of a run.
    public init(
      id: UUID, startedAt: Date, isComplete: Bool, label: String?, tags: [String], systems: [String], pairs: Int,
      part: String? = nil
    ) {
      self.id = id
      self.startedAt = startedAt
      self.isComplete = isComplete
      self.label = label
      self.tags = tags
      self.systems = systems
      self.pairs = pairs
      self.part = part
    }
  }

  private let rows: [Row]

  /// - Parameter rows: in the order to be shown.
  public init(_ rows: [Row]) { self.rows = rows }

  /// The list, with as many digits of the ids as tell them apart (at least eight); systems come last and are not cut.
  public func render() -> String {
    guard !rows.isEmpty else { return "no runs\n" }
    let ids = rows.map { $0.id.uuidString.lowercased() }
    let digits = (8...36).first { length in Set(ids.map { $0.prefix(length) }).count == ids.count } ?? 36
    var cells = [["run", "started (UTC)", "state", "pairs", "label", "tags", "systems"]]
    for (row, id) in zip(rows, ids) {
      cells.append([
        String(id.prefix(digits)), JSONReport.timestamp(row.startedAt),
        (row.part.map { "part \($0), " } ?? "") + (row.isComplete ? "complete" : "incomplete"),
        "\(row.pairs)", row.label ?? "–", row.tags.isEmpty ? "–" : row.tags.joined(separator: ", "),
        row.systems.joined(separator: ", "),
      ])
    }
    return TableLayout.text(cells)
  }
}
