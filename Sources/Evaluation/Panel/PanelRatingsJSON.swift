// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation

/// Why ratings in JSON can't be read. Ratings are counted from 1.
public enum PanelJSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Not a list of ratings.
  case notRatings(String)
  /// No ratings in it.
  case empty
  /// A rating is wrong.
  case badRating(Int, reason: String)
  /// What is said of the whole panel.
  case badPanel(String)

  /// The reason in one line.
  public var description: String {
    switch self {
    case .notRatings(let reason): "not a list of ratings in JSON: \(reason)"
    case .empty: "no ratings: the list is empty"
    case .badRating(let number, let reason): "rating \(number): \(reason)"
    case .badPanel(let reason): reason
    }
  }
}

/// Ratings from JSON: a list of objects, or an object whose `ratings` is one.
///
/// Each has `listener`, `system`, `utterance` (or `stimulus`) and a number `score`, and may have `against`, `session`, `order`, `kind`,
/// `right` (true or false), `reaction` and `clip`, as the columns of ``PanelCSV``. Codes and names may be numbers, too. The object may
/// have `scale`, `reference` and a list `anchors`.
public enum PanelRatingsJSON {
  /// Reads a document.
  /// - Parameter setup: what is known of the panel beside it; it may not contradict the document.
  public static func panel(_ data: Data, setup: PanelSetup = PanelSetup()) throws(PanelJSONError) -> ImportedPanel {
    let document: Whole
    do {
      let decoder = JSONDecoder()
      document =
        data.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
        ? Whole(ratings: try decoder.decode([Row].self, from: data)) : try decoder.decode(Whole.self, from: data)
    } catch {
      throw failure(error)
    }
    guard !document.ratings.isEmpty else { throw .empty }
    do throws(PanelFlaw) {
      var rows = [ImportedPanel.Row]()
      for (index, row) in document.ratings.enumerated() {
        rows.append(ImportedPanel.Row(place: index + 1, rating: try row.rating(index + 1)))
      }
      return try ImportedPanel(rows, try document.setup(beside: setup), place: "rating")
    } catch {
      guard let number = error.place else { throw .badPanel(error.reason) }
      throw .badRating(number, reason: "\(error.column.map { "“\($0.rawValue)”: " } ?? "")\(error.reason)")
    }
  }

  private static func failure(_ error: any Error) -> PanelJSONError {
    guard let error = error as? DecodingError else { return .notRatings("it cannot be read") }
    let (context, what): (DecodingError.Context, String) =
      switch error {
      case .keyNotFound(let key, let context): (context, "no “\(key.stringValue)”")
      case .typeMismatch(_, let context), .valueNotFound(_, let context):
        (context, "“\(context.codingPath.last?.stringValue ?? "")” is of the wrong type")
      case .dataCorrupted(let context): (context, "no JSON, or a number too great")
      @unknown default: (.init(codingPath: [], debugDescription: ""), "it cannot be read")
      }
    let place = context.codingPath.compactMap(\.intValue).first
    return place.map { .badRating($0 + 1, reason: what) } ?? .notRatings(what)
  }

  private struct Whole: Decodable {
    let ratings: [Row]
    var scale: String?
    var reference: Name?
    var anchors: [Name]?

    func setup(beside stated: PanelSetup) throws(PanelFlaw) -> PanelSetup {
      var own = PanelSetup(reference: reference?.text, anchors: (anchors ?? []).map(\.text).sorted())
      if let scale {
        guard let known = PanelScale(rawValue: scale) else {
          let all = PanelScale.allCases.map(\.rawValue).joined(separator: ", ")
          throw PanelFlaw(reason: "“scale” is none of \(all)")
        }
        own.scale = known
      }
      guard let both = own.joined(with: stated) else {
        throw PanelFlaw(reason: "“scale” or “reference” is not what was stated beside the file")
      }
      return both
    }
  }

  /// A name, written as text or as a whole number.
  private struct Name: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        text = "\(number)"
      } else {
        text = try container.decode(String.self)
      }
    }
  }

  private struct Row: Decodable {
    let listener: Name
    let system: Name
    let utterance: Name?
    let stimulus: Name?
    let score: Double
    let against: Name?
    let session: Name?
    let order: Int?
    let kind: String?
    let right: Bool?
    let reaction: Double?
    let clip: Double?

    func rating(_ number: Int) throws(PanelFlaw) -> PanelRating {
      guard let sentence = utterance ?? stimulus else {
        throw PanelFlaw(place: number, reason: "no “utterance” or “stimulus”")
      }
      guard let kind = kind.map({ PanelRating.Kind(rawValue: $0) }) ?? .rated else {
        let known = PanelRating.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw PanelFlaw(place: number, column: .kind, reason: "none of \(known)")
      }
      return PanelRating(
        listener: listener.text, system: system.text, utterance: sentence.text, score: score, against: against?.text,
        session: session?.text, order: order, kind: kind, reactionSeconds: reaction, clipSeconds: clip, isRight: right)
    }
  }
}
