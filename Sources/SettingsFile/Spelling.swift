// SPDX-License-Identifier: GPL-3.0-or-later

/// Help for who mistyped a name.
public enum Spelling {
  /// `; did you mean “mcd”?`, or what there is when nothing is near.
  public static func hint(_ name: String, among known: [String]) -> String {
    let distances = known.map { (distance(name, $0), $0) }
    if let nearest = distances.min(by: { $0.0 < $1.0 }), nearest.0 <= max(2, nearest.1.count / 3) {
      return "; did you mean “\(nearest.1)”?"
    }
    return "; there are \(known.joined(separator: ", "))"
  }

  /// Insertions, deletions and replacements that lead from one word to the other (Levenshtein 1966).
  package static func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, one) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        (diagonal, row[j + 1]) = (row[j + 1], min(diagonal + (one == other ? 0 : 1), row[j] + 1, row[j + 1] + 1))
      }
    }
    return row[b.count]
  }
}
