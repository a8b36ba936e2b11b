// SPDX-License-Identifier: GPL-3.0-or-later

/// NVIDIA's graphics cards, as `nvidia-smi` tells of them, or else the driver's files.
///
/// A line is believed when all of its fields have the shape they should; a field it declines to give (`[N/A]`) is
/// missing by itself. When the program fails, hangs or talks of something else, there are no facts of it.
enum GPUFacts {
  static func read(from surroundings: Surroundings) -> [Fact] {
    let cards = asked(surroundings)
    guard !cards.isEmpty else { return fromDriverFiles(surroundings) }
    var facts = [Fact("gpu", "count", String(cards.count))]
    for card in cards {
      facts.append(Fact("gpu", "\(card.index).model", card.name))
      facts += [
        Fact("gpu", "\(card.index).memory-bytes", ifKnown: card.memoryMiB.map { String($0 << 20) }),
        Fact("gpu", "\(card.index).compute-capability", ifKnown: card.capability),
      ].compactMap { $0 }
    }
    let driver = cards.lazy.compactMap(\.driver).first
    let table = surroundings.ask("nvidia-smi", []).success ?? ""
    return facts
      + [
        Fact("gpu", "driver", ifKnown: driver), Fact("gpu", "cuda", ifKnown: cudaVersion(table)),
        Fact("gpu", "mig", ifKnown: hasMIGDevices(table) ? "enabled" : nil),
      ].compactMap { $0 }
  }

  struct Card {
    var index: Int
    var name: String
    var driver: String?
    var memoryMiB: Int?
    var capability: String?
  }

  private static func asked(_ surroundings: Surroundings) -> [Card] {
    let fields = "index,name,driver_version,memory.total"
    func answer(_ fields: String) -> CommandOutcome {
      surroundings.ask("nvidia-smi", ["--query-gpu=\(fields)", "--format=csv,noheader,nounits"])
    }
    switch answer(fields + ",compute_cap") {
    case .exited(0, let output, _): return cards(output)
    // Drivers before 510 do not know of the last field, and say nothing at all then.
    case .exited: return cards(answer(fields).success ?? "")
    default: return []
    }
  }

  /// Cards of an answer in CSV of four or five fields; other lines are passed over.
  static func cards(_ output: String) -> [Card] {
    var cards: [Card] = []
    for line in output.lines {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
      guard fields.count == 4 || fields.count == 5, let index = Int(fields[0]), (0..<1024).contains(index),
        !cards.contains(where: { $0.index == index }), !isDeclined(fields[1]), isName(fields[1]),
        has(fields[2], the: /\d+(\.\d+)+/), has(fields[3], the: /\d{1,9}/),
        fields.count < 5 || has(fields[4], the: /\d+\.\d+/)
      else { continue }
      func given(_ field: Int) -> String? { field < fields.count && !isDeclined(fields[field]) ? fields[field] : nil }
      cards.append(
        Card(
          index: index, name: fields[1], driver: given(2), memoryMiB: given(3).flatMap { Int($0) }, capability: given(4)
        ))
    }
    return cards.sorted { $0.index < $1.index }
  }

  /// Whether a field has the shape it should, or was declined.
  private static func has(_ text: String, the shape: some RegexComponent) -> Bool {
    isDeclined(text) || text.wholeMatch(of: shape) != nil
  }

  /// `[N/A]`, `[Not Supported]`, `[Insufficient Permissions]`, `[Unknown Error]`.
  private static func isDeclined(_ text: String) -> Bool {
    text.hasPrefix("[") && text.hasSuffix("]") || text == "N/A"
  }

  private static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z][A-Za-z0-9 ()\/_.+-]{1,79}/) != nil
  }

  /// The newest CUDA the driver serves, from the head of the plain table.
  static func cudaVersion(_ table: String) -> String? {
    guard table.contains("NVIDIA-SMI") else { return nil }
    return table.firstMatch(of: /CUDA Version:\s*(\d+\.\d+)/).map { String($0.1) }
  }

  /// Whether the plain table lists slices of a card.
  static func hasMIGDevices(_ table: String) -> Bool {
    guard table.contains("NVIDIA-SMI"), let section = table.firstRange(of: "MIG devices:") else { return false }
    return table[section.upperBound...].lines.contains { $0.contains(/^\|\s+\d+\s+\d+\s+\d+\s+\d+\s+\|/) }
  }

  private static func fromDriverFiles(_ surroundings: Surroundings) -> [Fact] {
    let folder = "/proc/driver/nvidia/gpus"
    let models = surroundings.names(in: folder).compactMap {
      surroundings.text("\(folder)/\($0)/information")?.value(of: "Model", separator: ":")
    }
    guard !models.isEmpty else { return [] }
    let module = surroundings.text("/proc/driver/nvidia/version")
    let driver = module?.firstMatch(of: /Kernel Module\D*?\s(\d+(?:\.\d+)+)\s/).map { String($0.1) }
    return [Fact("gpu", "count", String(models.count))]
      + models.enumerated().map { Fact("gpu", "\($0.offset).model", $0.element) }
      + [Fact("gpu", "driver", ifKnown: driver)].compactMap { $0 }
  }
}
