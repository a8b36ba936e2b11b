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

  /// The reason in one line.
  public var description: String {
    switch self {
    case .notRatings(let reason): "not a list of ratings in JSON: \(reason)"
    case .empty: "no ratings: the list is empty"
    case .badRating(let number, let reason): "rating \(number): \(reason)"
    }
  }
}

/// Ratings from JSON: a list of objects, or an object whose `ratings` is one.
///
/// Each has `listener`, `system`, `utterance` (or `stimulus`) and a number `score`, and may have `against`, `session`, `order`, `kind`,
/// `reaction` and `clip`, as the columns of ``PanelCSV``. Codes and names may be numbers, too.
public enum PanelRatingsJSON {
  /// Reads a document.
  /// - Parameter scale: where it is known; no score may lie beyond it.
  public static func ratings(_ data: Data, scale: PanelScale? = nil) throws(PanelJSONError) -> [PanelRating] {
    let rows: [Row]
    do {
      let decoder = JSONDecoder()
      rows =
        data.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
        ? try decoder.decode([Row].self, from: data) : try decoder.decode(Whole.self, from: data).ratings
    } catch {
      throw failure(error)
    }
    guard !rows.isEmpty else { throw .empty }
    var ratings = [PanelRating]()
    for (index, row) in rows.enumerated() {
      let rating = try row.rating(index + 1)
      if let reason = rating.refusal(scale) { throw .badRating(index + 1, reason: reason) }
      ratings.append(rating)
    }
    return ratings
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

  private struct Whole: Decodable { let ratings: [Row] }

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
    let reaction: Double?
    let clip: Double?

    func rating(_ number: Int) throws(PanelJSONError) -> PanelRating {
      guard let sentence = utterance ?? stimulus else {
        throw .badRating(number, reason: "no “utterance” or “stimulus”")
      }
      let names = [("listener", listener), ("system", system), ("utterance", sentence)]
      if let empty = names.first(where: { $0.1.text.allSatisfy(\.isWhitespace) }) {
        throw .badRating(number, reason: "the \(empty.0) is empty")
      }
      guard score.isFinite else { throw .badRating(number, reason: "the score is no finite number") }
      guard let kind = kind.map({ PanelRating.Kind(rawValue: $0) }) ?? .rated else {
        let known = PanelRating.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badRating(number, reason: "the kind is none of \(known)")
      }
      return PanelRating(
        listener: listener.text, system: system.text, utterance: sentence.text, score: score, against: against?.text,
        session: session?.text, order: order, kind: kind, reactionSeconds: reaction, clipSeconds: clip)
    }
  }
}
