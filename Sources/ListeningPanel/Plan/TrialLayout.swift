// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

/// The trials of one listener before recordings have numbers.
struct TrialLayout {
  /// What is compared or rated in one trial: one system, or two, or all of them (mushra).
  typealias Treatment = [String]

  /// A trial by names.
  struct Item: Equatable {
    var kind = PlannedTrial.Kind.rated
    var treatment: Treatment
    var utterance: String
    var isSwapped = false
    /// Index into the design's gold or catch trials.
    var known: Int?
  }

  let treatments: [Treatment]
  let utterances: [String]

  /// What the design compares.
  static func treatments(_ design: PanelDesign) -> [Treatment] {
    let names = design.systems.map(\.name)
    switch design.method {
    case .acr: return names.map { [$0] }
    case .mushra: return [names + design.anchors.map(PanelDesign.name(ofAnchor:))]
    case .dcr, .ccr:
      let reference = design.reference ?? ""
      return names.filter { $0 != reference }.map { [reference, $0] }
    case .ab:
      guard design.pairs.isEmpty else { return design.pairs }
      return names.indices.flatMap { i in names[(i + 1)...].map { [names[i], $0] } }
    }
  }

  /// The rated trials of a listener in their order, and how often a sentence or treatment still follows itself.
  func rated(
    _ order: PanelDesign.Order, listener: Int, _ generator: inout SplitMix64
  ) -> (items: [Item], clashes: Int) {
    switch order {
    case .latinSquare:
      let systems = BalancedOrder.latinSquare(
        systems: treatments.count, utterances: utterances.count, group: listener % treatments.count)
      let items = zip(utterances, systems).map { Item(treatment: treatments[$1], utterance: $0) }
      return BalancedOrder.separated(BalancedOrder.shuffled(items, &generator), &generator, clash: clash)
    case .random:
      let items = utterances.flatMap { utterance in treatments.map { Item(treatment: $0, utterance: utterance) } }
      return BalancedOrder.separated(BalancedOrder.shuffled(items, &generator), &generator, clash: clash)
    case .williams: return williams(listener, &generator)
    }
  }

  /// Blocks, each with every treatment once, in a row of the Williams square. In block b treatment s says sentence b + s·⌊U/S⌋ of the
  /// listener's own order, so that over U blocks it says each once and neighbours say different ones.
  private func williams(_ listener: Int, _ generator: inout SplitMix64) -> (items: [Item], clashes: Int) {
    let rows = BalancedOrder.williams(treatments.count)
    let order = BalancedOrder.shuffled(utterances, &generator)
    let step = max(1, utterances.count / treatments.count)
    var items: [Item] = []
    for block in utterances.indices {
      func made(_ row: [Int]) -> [Item] {
        row.map { Item(treatment: treatments[$0], utterance: order[(block + $0 * step) % order.count]) }
      }
      let candidates = rows.indices.map { made(rows[($0 + listener + block) % rows.count]) }
      items += candidates.first { row in items.last.map { !clash($0, row[0]) } ?? true } ?? candidates[0]
    }
    let clashes = zip(items, items.dropFirst()).filter(clash).count
    return (items, clashes)
  }

  /// Whether two neighbours share a sentence or, where there is more than one, what is compared.
  private func clash(_ a: Item, _ b: Item) -> Bool {
    a.utterance == b.utterance || treatments.count > 1 && a.treatment == b.treatment && !a.treatment.isEmpty
  }

  /// Puts extra trials between the rated ones, never first or last: gold and catch anywhere, repeats at least a third
  /// of the list after what they repeat.
  func inserting(_ extras: [Item], into items: [Item], _ generator: inout SplitMix64) -> [Item] {
    var items = items
    for extra in extras {
      guard items.count > 1 else { return items }
      // A place p puts the item before what stands there now.
      let places = Array(1..<items.count)
      let original = extra.kind == .repeat ? items.firstIndex { $0.isOriginal(of: extra) } ?? 0 : nil
      let far = places.filter { place in original.map { place > $0 + items.count / 3 } ?? true }
      let after = places.filter { place in original.map { place > $0 } ?? true }
      let fitting = far.filter { !clash(items[$0 - 1], extra) && !clash(extra, items[$0]) }
      guard let choice = [fitting, far, after].first(where: { !$0.isEmpty }) else { continue }
      items.insert(extra, at: choice[BalancedOrder.draw(below: choice.count, &generator)])
    }
    return items
  }
}

extension TrialLayout.Item {
  func isOriginal(of other: Self) -> Bool {
    kind == .rated && treatment == other.treatment && utterance == other.utterance
  }
}
