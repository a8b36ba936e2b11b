// SPDX-License-Identifier: GPL-3.0-or-later

/// Ratings from elsewhere, and how their panel was held.
public struct ImportedPanel: Sendable, Equatable {
  /// In the order of their rows.
  public let ratings: [PanelRating]
  /// As the file and who read it say.
  public let setup: PanelSetup
  /// What to tell who reads them in, one line each.
  public internal(set) var notes: [String]

  /// What a system is in a panel with a hidden reference.
  enum Role: String, CaseIterable { case reference, anchor }

  /// One row before it is looked at beside the others.
  struct Row {
    /// Its line or number.
    let place: Int
    let rating: PanelRating
    var scale: PanelScale?
    var role: Role?
  }

  /// Holds rows against one another and against what is known of their panel.
  /// - Parameters:
  ///   - rows: at least one.
  ///   - stated: what is known beside them.
  ///   - place: what ``Row/place`` counts.
  init(_ rows: [Row], _ stated: PanelSetup, place: String) throws(PanelFlaw) {
    ratings = rows.map(\.rating)
    setup = try Self.setup(rows, stated)
    for row in rows {
      if let flaw = row.rating.flaw(setup.scale) {
        throw PanelFlaw(place: row.place, column: flaw.column, reason: flaw.reason)
      }
    }
    if let row = rows.first(where: { $0.rating.kind == .rated && $0.rating.against != nil }), setup.scale == nil {
      // Comparisons of 0 and 1 alone look like votes.
      throw PanelFlaw(
        place: row.place, column: .against,
        reason: "two systems were compared, and it is not said how: --scale ccr (−3 … +3) or ab (1, 0, 0.5 for neither)"
      )
    }
    if setup.scale == .ab || setup.scale == .ccr,
      let row = rows.first(where: { $0.rating.kind == .rated && $0.rating.against == nil })
    {
      throw PanelFlaw(
        place: row.place, column: .against, reason: "it is empty: \(setup.scale?.rawValue ?? "") is of two systems")
    }
    if setup.scale == nil, let row = rows.first(where: { !PanelScale.acr.range.contains($0.rating.score) }) {
      throw PanelFlaw(
        place: row.place, column: .score,
        reason:
          "\(row.rating.score) lies outside 1 … 5, and it is not said what scale it is of: --scale mushra (0 … 100) or another"
      )
    }
    notes = try Self.repetitions(rows, place)
  }

  private static func setup(_ rows: [Row], _ stated: PanelSetup) throws(PanelFlaw) -> PanelSetup {
    var setup = stated
    if let reference = stated.reference, stated.anchors.contains(reference) {
      throw PanelFlaw(reason: "“\(reference)” cannot be the reference and an anchor")
    }
    var roles: [String: Role] = stated.anchors.reduce(into: [:]) { $0[$1] = .anchor }
    if let reference = stated.reference { roles[reference] = .reference }
    for row in rows {
      if let scale = row.scale {
        guard setup.scale ?? scale == scale else {
          throw PanelFlaw(
            place: row.place, column: .scale, reason: "\(scale.rawValue), and before \(setup.scale?.rawValue ?? "")")
        }
        setup.scale = scale
      }
      guard let role = row.role else { continue }
      let system = row.rating.system
      guard roles[system] ?? role == role, role == .anchor || setup.reference ?? system == system else {
        throw PanelFlaw(
          place: row.place, column: .role, reason: "another system is the reference, or this one is something else")
      }
      roles[system] = role
      if role == .reference { setup.reference = system }
    }
    setup.anchors = roles.filter { $0.value == .anchor }.keys.sorted()
    let rated = Set(rows.map(\.rating.system))
    guard roles.isEmpty || setup.scale == .mushra else {
      let row = rows.first { $0.role != nil }
      throw PanelFlaw(
        place: row?.place, column: row.map { _ in .role },
        reason:
          "a hidden reference and anchors are of MUSHRA alone, and \(setup.scale.map { "this is \($0.rawValue)" } ?? "--scale mushra is not said")"
      )
    }
    if let stranger = roles.keys.sorted().first(where: { !rated.contains($0) }) {
      throw PanelFlaw(reason: "nobody rated “\(stranger)”, which is said to be the \(roles[stranger]?.rawValue ?? "")")
    }
    return setup
  }

  /// Rows of one listener, clip and place in the order are one rating twice; without a place they may be two.
  private static func repetitions(_ rows: [Row], _ place: String) throws(PanelFlaw) -> [String] {
    struct Key: Hashable {
      let names: [String?]
      let order: Int?
      let kind: PanelRating.Kind
    }
    var first: [Key: Int] = [:]
    var again: [(place: Int, first: Int)] = []
    for row in rows {
      let rating = row.rating
      let key = Key(
        names: [rating.listener, rating.system, rating.utterance, rating.against, rating.session], order: rating.order,
        kind: rating.kind)
      guard let before = first.updateValue(first[key] ?? row.place, forKey: key) else { continue }
      guard rating.order == nil else {
        throw PanelFlaw(
          place: row.place, column: .order,
          reason: "\(place) \(before) has the same listener, clip and place in the order: one rating twice")
      }
      again.append((row.place, before))
    }
    guard !again.isEmpty else { return [] }
    let shown = again.prefix(5).map { "\($0.place) (as \($0.first))" }.joined(separator: ", ")
    return [
      "the same listener and clip again, counted as another rating: \(place)\(again.count == 1 ? "" : "s") \(shown)"
        + (again.count > 5 ? " and \(again.count - 5) more" : "")
    ]
  }
}

/// What is wrong with a row, or with all of them.
struct PanelFlaw: Error {
  var place: Int?
  var column: PanelColumns.Role?
  let reason: String
}

extension PanelRating {
  /// Why a rating that is read cannot be one; nil where it can.
  func flaw(_ scale: PanelScale?) -> (column: PanelColumns.Role, reason: String)? {
    let names: [(PanelColumns.Role, String?)] = [
      (.listener, listener), (.system, system), (.utterance, utterance), (.against, against), (.session, session),
    ]
    for case (let column, let name?) in names {
      // A gold or catch trial may play what no system made.
      let isNeeded = column != .system || kind == .rated || kind == .repeat_
      if isNeeded, name.allSatisfy(\.isWhitespace) { return (column, "it is empty") }
      if let scalar = name.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) {
        return (column, "it holds the control character U+\(String(scalar.value, radix: 16, uppercase: true))")
      }
    }
    if kind == .rated || kind == .repeat_, system == against {
      return (.against, "“\(system)” was heard beside itself")
    }
    let all = -Self.greatestScore...Self.greatestScore
    let numbers: [(PanelColumns.Role, Double?, ClosedRange<Double>)] = [
      (.score, score, scale?.range ?? all), (.reaction, reactionSeconds, 0...Self.greatestScore),
      (.clip, clipSeconds, 0...Self.greatestScore),
    ]
    for case (let column, let value?, let range) in numbers where !range.contains(value) {
      let name = column == .score ? scale.map { " of \($0.rawValue)" } ?? "" : ""
      return (column, "\(value) lies outside \(Int(range.lowerBound)) … \(Int(range.upperBound))\(name)")
    }
    if scale == .ab, ![0, 0.5, 1].contains(score) {
      return (.score, "\(score) is none of 1 (this system), 0 (the other) and 0.5 (neither), which are the votes of ab")
    }
    return nil
  }
}
