// SPDX-License-Identifier: GPL-3.0-or-later
public import ListeningPanel

/// How far a panel is, as text.
public enum PanelStatus {
  /// A line for each listener, then what is missing.
  public static func render(_ progress: PanelProgress) -> String {
    let rows = progress.listeners.map { listener in
      [
        "\(listener.slot)", listener.code, "\(listener.answered)/\(listener.trials)", "\(listener.sittings)",
        listener.known > 0 ? "\(listener.right)/\(listener.known)" : "–", listener.sides?.rawValue ?? "–",
        (listener.finish?.rawValue ?? "not finished") + (listener.rehearsal.map { " (\($0))" } ?? ""),
      ]
    }
    var lines = ["", "votes for each \(progress.unit): \(progress.votes.text) of \(progress.planned.text)"]
    if !progress.shared.isEmpty {
      let places = progress.shared.map(String.init).joined(separator: ", ")
      lines.append("! several are listener \(places) of the plan: on separate machines give each their own --slot")
    }
    if !progress.free.isEmpty {
      lines.append(
        "listeners of the plan whom nobody is yet: \(progress.free.map(String.init).joined(separator: ", "))")
    }
    let head = ["", "listener", "answers", "sittings", "known answers right", "sides", ""]
    return (rows.isEmpty ? "nobody has listened yet\n" : table(head, rows)) + lines.map { $0 + "\n" }.joined()
  }

  /// Columns as wide as they need to be.
  public static func table(_ head: [String], _ rows: [[String]]) -> String { TableLayout.text([head] + rows) }
}
