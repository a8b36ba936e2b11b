// SPDX-License-Identifier: GPL-3.0-or-later

// Raw MOS of two occasions are not on one scale: listeners spread their scores over whatever they are given, so the same system
// gets 4.2 among poor ones and 3.4 among good ones (the range-equalising bias; Cooper & Yamagishi 2023, "Investigating
// range-equalizing bias in mean opinion score ratings of synthesized speech"). Only systems that were rated on both occasions,
// anchors, could tie the two together. So sessions are joined where they share a system, and systems of groups that nothing joins are
// not compared.

/// Which sessions are joined by shared systems, and which systems therefore may be compared.
struct SessionGroups {
  /// By system's index: its group, from 0 in the order of first appearance.
  let group: [Int]
  /// By group: the names of its sessions.
  let sessions: [[String]]

  init(_ ratings: [PanelRating], systems: [String]) {
    let names = Set(ratings.map { $0.session ?? "" }).sorted()
    let sessionOf = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let systemOf = Dictionary(uniqueKeysWithValues: systems.enumerated().map { ($1, $0) })
    var parent = Array(0..<systems.count + names.count)
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node { node = parent[node] }
      return node
    }
    for rating in ratings {
      guard let system = systemOf[rating.system], let session = sessionOf[rating.session ?? ""] else { continue }
      let (a, b) = (root(system), root(systems.count + session))
      if a != b { parent[max(a, b)] = min(a, b) }
    }
    let roots = systems.indices.map(root)
    let order = roots.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
    group = roots.map { order.firstIndex(of: $0) ?? 0 }
    sessions = order.map { top in names.indices.filter { root(systems.count + $0) == top }.map { names[$0] } }
  }

  func refusals(_ systems: [String]) -> [PanelRefusal] {
    let members = sessions.indices.map { index in systems.indices.filter { group[$0] == index }.map { systems[$0] } }
    return sessions.indices.flatMap { a in
      sessions.indices.dropFirst(a + 1).map { b in
        PanelRefusal(
          first: members[a], second: members[b],
          reason:
            "\(listed(sessions[a])) and \(listed(sessions[b])) share no system: listeners spread their scores over whatever"
            + " they are given, so without anchors in both the raw MOS of one says nothing against the other's")
      }
    }
  }

  private func listed(_ names: [String]) -> String {
    let shown = names.prefix(3).map { $0.isEmpty ? "ratings without a session" : $0 }.joined(separator: ", ")
    return (names.count == 1 ? "session " : "sessions ") + shown + (names.count > 3 ? ", …" : "")
  }
}
