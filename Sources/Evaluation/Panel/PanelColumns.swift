// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

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
    /// Whether a gold or catch trial was answered as it should be: `true` or `false`.
    case right
    /// How the panel asked (``PanelScale``), the same in all rows that say it.
    case scale
    /// What the system is in a panel with a hidden reference: `reference` or `anchor`.
    case role
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
