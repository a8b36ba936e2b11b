// SPDX-License-Identifier: GPL-3.0-or-later

/// Ratings under the names that are analysed.
///
/// Of preferences, and of comparisons with several references, it is pairs that are rated, `b against a`, whichever of the two came first
/// in a row. Which it is goes by the whole panel, so names are made once, and leaving listeners out changes none.
struct PreparedRatings {
  /// One rating.
  struct Row {
    /// As it was given.
    let given: PanelRating
    /// With the name of what is rated, and the score in that direction.
    let analysed: PanelRating
  }

  /// In the order given.
  let rows: [Row]
  /// Of comparisons what all systems were heard beside, when that is one; else nil.
  let reference: String?

  var analysed: [PanelRating] { rows.map(\.analysed) }

  init(_ ratings: [PanelRating], _ scale: PanelScale) {
    let references = Set(ratings.lazy.filter { $0.kind == .rated }.compactMap(\.against))
    let isOfPairs = scale == .ab || scale == .ccr && references.count > 1
    reference = scale == .ccr && references.count == 1 ? references.first : nil
    rows = ratings.map { Row(given: $0, analysed: isOfPairs ? Self.turned($0, scale) : $0) }
  }

  private init(_ rows: [Row], _ reference: String?) { (self.rows, self.reference) = (rows, reference) }

  /// Those of which an analysis is made, without some listeners.
  func rated(without listeners: Set<String> = []) -> PreparedRatings {
    PreparedRatings(
      rows.filter { $0.given.kind == .rated && !listeners.contains($0.given.listener) }, reference)
  }

  private static func turned(_ given: PanelRating, _ scale: PanelScale) -> PanelRating {
    guard let against = given.against else { return given }
    var rating = given
    let names = PanelTable.ordered([rating.system, against])
    if rating.system == names.first { rating.score = scale == .ab ? 1 - rating.score : 0 - rating.score }
    rating.system = "\(names.last ?? "") against \(names.first ?? "")"
    return rating
  }
}
