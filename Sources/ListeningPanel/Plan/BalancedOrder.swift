// SPDX-License-Identifier: GPL-3.0-or-later
package import Statistics

// Orders that keep what listeners hear from depending on when they hear it.
//
// Latin square: with S systems, group g hears system (u + g) mod S of sentence u. Over S groups each system says each
// sentence once; a recording gets one vote from each S listeners, so V votes need V·S listeners.
//
// Williams square (Williams 1949, "Experimental designs balanced for the estimation of residual effects of treatments",
// Aust. J. Sci. Res. A 2): the first row of n is 0, 1, n−1, 2, n−2, …; row k adds k mod n. With n even every ordered pair of
// neighbours stands in the rows once. With n odd the rows reversed are needed too, and every pair stands twice.
//
// Lots are drawn with SplitMix64 and the shuffle of Fisher and Yates (Durstenfeld 1964, CACM 7(7), algorithm 235), from the
// back: for i = n−1 … 1 swap i with ⌊r·(i+1)/2⁶⁴⌋, so that anyone can replay them.

/// Squares, shuffles and repairs.
package enum BalancedOrder {
  /// The system of each sentence that a group hears.
  package static func latinSquare(systems: Int, utterances: Int, group: Int) -> [Int] {
    (0..<utterances).map { ($0 + group) % systems }
  }

  /// Rows of a Williams square: n of them with n even, 2n with n odd.
  package static func williams(_ n: Int) -> [[Int]] {
    let first = (0..<n).map { $0 == 0 ? 0 : $0 % 2 == 1 ? ($0 + 1) / 2 : n - $0 / 2 }
    let rows = (0..<n).map { k in first.map { ($0 + k) % n } }
    return n % 2 == 0 ? rows : rows + rows.map { $0.reversed() }
  }

  /// A shuffle of its own for each seed.
  package static func shuffled<Element>(_ items: [Element], _ generator: inout SplitMix64) -> [Element] {
    var items = items
    for i in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(i, draw(below: i + 1, &generator))
    }
    return items
  }

  /// A whole number in 0 ..< bound.
  package static func draw(below bound: Int, _ generator: inout SplitMix64) -> Int {
    Int(generator.next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The k-th listener's seed: the k-th number of the design's own sequence.
  package static func seed(of listener: Int, design seed: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: seed)
    var value = generator.next()
    for _ in 0..<listener { value = generator.next() }
    return value
  }

  /// Swaps items until none clashes with its neighbour, or no swap helps any more.
  ///
  /// The first item that clashes changes places with the first item, from a place drawn by lot, for which fewer clashes are left.
  /// - Returns: the items, and how many clashes are left.
  package static func separated<Element>(
    _ items: [Element], _ generator: inout SplitMix64, clash: (Element, Element) -> Bool
  ) -> (items: [Element], clashes: Int) {
    var items = items
    let count = items.count
    func clashes(around places: Set<Int>) -> Int {
      Set(places.flatMap { [$0 - 1, $0] }).filter { $0 >= 0 && $0 + 1 < count && clash(items[$0], items[$0 + 1]) }.count
    }
    var left = (0..<max(0, count - 1)).filter { clash(items[$0], items[$0 + 1]) }.count
    repair: while left > 0 {
      for i in 1..<count where clash(items[i - 1], items[i]) {
        let start = draw(below: count, &generator)
        for place in [i, i - 1] {
          for offset in 0..<count {
            let other = (start + offset) % count
            guard other != place else { continue }
            let before = clashes(around: [place, other])
            items.swapAt(place, other)
            let after = clashes(around: [place, other])
            if after < before {
              left -= before - after
              continue repair
            }
            items.swapAt(place, other)
          }
        }
      }
      break
    }
    return (items, left)
  }
}
