// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation

/// A rating with what was stored beside it and no analysis takes.
public struct PanelExportRow: Sendable, Equatable {
  /// The rating.
  public var rating: PanelRating
  /// What the listener wrote.
  public var comment: String?
  /// The sound device it was played on.
  public var device: String?
  /// How often the device ran out of samples in the trial's playings.
  public var underruns: Int?
  /// The listener's answers before the session, by question: `age`, `native`, `hearing`, `headphones`.
  public var intake: [String: String]

  /// A row from its parts.
  public init(
    _ rating: PanelRating, comment: String? = nil, device: String? = nil, underruns: Int? = nil,
    intake: [String: String] = [:]
  ) {
    self.rating = rating
    self.comment = comment
    self.device = device
    self.underruns = underruns
    self.intake = intake
  }
}

/// A panel's ratings as CSV (RFC 4180) and as JSON.
public enum PanelExport {
  /// One row a rating, under the headings that ``PanelCSV`` reads by itself.
  public static func long(_ ratings: [PanelRating], setup: PanelSetup = PanelSetup()) -> String {
    long(ratings.map { PanelExportRow($0) }, setup: setup)
  }

  /// The same, and as far as any row has them: `against`, `right`, `scale`, `role`, `comment`, `device`, `underruns`, and a column for each
  /// question before the session. Read in again they give the same analysis.
  /// - Parameter setup: how the panel was held.
  public static func long(_ rows: [PanelExportRow], setup: PanelSetup = PanelSetup()) -> String {
    typealias Column = (name: String, cell: (PanelExportRow) -> String)
    func seconds(_ seconds: Double?) -> String { seconds.map(PlainText.decimal) ?? "" }
    func role(_ system: String) -> String {
      system == setup.reference ? "reference" : setup.anchors.contains(system) ? "anchor" : ""
    }
    let always: [Column] = [
      ("listener", { $0.rating.listener }), ("system", { $0.rating.system }), ("stimulus", { $0.rating.utterance }),
      ("score", { PlainText.decimal($0.rating.score) }), ("session", { $0.rating.session ?? "" }),
      ("order", { $0.rating.order.map { "\($0)" } ?? "" }), ("kind", { $0.rating.kind.rawValue }),
      ("reaction", { seconds($0.rating.reactionSeconds) }), ("clip", { seconds($0.rating.clipSeconds) }),
    ]
    let questions = Set(rows.flatMap(\.intake.keys)).sorted()
    let perhaps: [Column] =
      [
        ("against", { $0.rating.against ?? "" }), ("right", { $0.rating.isRight.map { "\($0)" } ?? "" }),
        ("scale", { _ in setup.scale?.rawValue ?? "" }), ("role", { role($0.rating.system) }),
        ("comment", { $0.comment ?? "" }), ("device", { $0.device ?? "" }),
        ("underruns", { $0.underruns.map { "\($0)" } ?? "" }),
      ] + questions.map { question in (question, { $0.intake[question] ?? "" }) }
    let columns = always + perhaps.filter { column in rows.contains { !column.cell($0).isEmpty } }
    return text([columns.map(\.name)] + rows.map { row in columns.map { $0.cell(row) } })
  }

  /// Everything of every row, schema 1; `ratings` is what ``PanelRatingsJSON`` reads.
  /// - Parameters:
  ///   - plan: the panel's name.
  ///   - setup: how the panel was held.
  public static func json(_ rows: [PanelExportRow], plan: String, setup: PanelSetup = PanelSetup()) throws -> String {
    try JSONReport.text(
      Document(
        plan: plan, scale: setup.scale?.rawValue, reference: setup.reference, anchors: setup.anchors,
        ratings: rows.map(Document.Rating.init)))
  }

  /// One row a clip, one column a listener, of the trials that are analysed; a clip that a listener rated several times has
  /// the mean.
  public static func wide(_ ratings: [PanelRating]) -> String {
    struct Clip: Hashable {
      let system: String
      let utterance: String
    }
    let rated = ratings.filter { $0.kind == .rated }
    let listeners = Set(rated.map(\.listener)).sorted()
    let clips = Dictionary(grouping: rated) { rating in
      Clip(
        system: rating.system + (rating.against.map { " against \($0)" } ?? ""), utterance: rating.utterance)
    }
    let rows = clips.sorted { ($0.key.system, $0.key.utterance) < ($1.key.system, $1.key.utterance) }.map {
      clip, votes in
      let byListener = Dictionary(grouping: votes, by: \.listener)
      return [clip.system, clip.utterance]
        + listeners.map { listener in
          byListener[listener].map { votes in "\(votes.reduce(0) { $0 + $1.score } / Double(votes.count))" } ?? ""
        }
    }
    return text([["system", "utterance"] + listeners] + rows)
  }

  /// One row a rating, under the headings of webMUSHRA's results: a trial is an utterance, a stimulus a system.
  /// - Parameter plan: the test's name.
  public static func webMUSHRA(_ ratings: [PanelRating], plan: String) -> String {
    webMUSHRA(ratings.map { PanelExportRow($0) }, plan: plan)
  }

  /// The same with comments.
  public static func webMUSHRA(_ rows: [PanelExportRow], plan: String) -> String {
    let header = [
      "session_test_id", "participant", "trial_id", "rating_stimulus", "rating_score", "rating_time", "rating_comment",
    ]
    let cells = rows.filter { $0.rating.kind == .rated }.map { row -> [String] in
      let rating = row.rating
      let milliseconds = rating.reactionSeconds.map { PlainText.number(1000 * $0, decimals: 0) } ?? ""
      return [
        plan, rating.listener, rating.utterance, rating.system, "\(rating.score)", milliseconds, row.comment ?? "",
      ]
    }
    return text([header] + cells)
  }

  /// Numbers stay numbers: one that leads with a minus is no formula.
  private static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map { Double($0) == nil ? PlainText.csv($0) : $0 }.joined(separator: ",") + "\r\n" }.joined()
  }

  private struct Document: Encodable {
    let schema = 1
    let plan: String
    let scale: String?
    let reference: String?
    let anchors: [String]
    let ratings: [Rating]

    struct Rating: Encodable {
      let listener: String
      let system: String
      let utterance: String
      let score: Double
      let against: String?
      let session: String?
      let order: Int?
      let kind: String
      let right: Bool?
      let reaction: Double?
      let clip: Double?
      let comment: String?
      let device: String?
      let underruns: Int?
      let intake: [String: String]

      init(_ row: PanelExportRow) {
        let rating = row.rating
        listener = rating.listener
        system = rating.system
        utterance = rating.utterance
        score = rating.score
        against = rating.against
        session = rating.session
        order = rating.order
        kind = rating.kind.rawValue
        right = rating.isRight
        reaction = rating.reactionSeconds
        clip = rating.clipSeconds
        comment = row.comment
        device = row.device
        underruns = row.underruns
        intake = row.intake
      }
    }
  }
}
