// SPDX-License-Identifier: GPL-3.0-or-later
internal import SettingsFile

/// How a panel asks.
public enum PanelMethod: String, Sendable, Codable, CaseIterable {
  /// Absolute category rating (ITU-T P.800 B): one recording, five categories.
  case acr
  /// Preference: two recordings in random order; the value is the number of the one preferred, 0 for neither.
  case ab
  /// Degradation category rating (P.800 D): the reference, then the recording.
  case dcr
  /// Comparison category rating (P.800 E): the reference and the recording in random order, −3…+3 for the second.
  case ccr
  /// Several versions of one recording, a hidden reference among them (ITU-R BS.1534), 0…100 each.
  case mushra

  /// Values of the standard's scale, in the order they are shown. The steps of MUSHRA are marks on a scale of 101.
  public var standardValues: [Int] {
    switch self {
    case .acr, .dcr: [5, 4, 3, 2, 1]
    case .ccr: [3, 2, 1, 0, -1, -2, -3]
    case .ab: [1, 2]
    case .mushra: [100, 80, 60, 40, 20]
    }
  }

  /// Whether a reference is played beside the recording.
  public var hasReference: Bool { self == .dcr || self == .ccr || self == .mushra }
}

/// A question and the answers to it.
public struct RatingScale: Sendable, Equatable, Codable {
  /// An answer.
  public struct Step: Sendable, Equatable, Codable {
    /// What is stored.
    public let value: Int
    /// What is read.
    public let label: String

    /// A step from its parts.
    public init(value: Int, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// What the scale is called in a design: `naturalness`.
  public let name: String
  /// What it belongs to.
  public let method: PanelMethod
  /// What is asked.
  public let question: String
  /// The answers, in the order they are shown; at least two, of different values.
  public let steps: [Step]

  /// Whether the values are those of the method's standard. P.85's yes or no and a preference with “neither” are not.
  public var isStandard: Bool { steps.map(\.value) == method.standardValues }

  /// From the least value that can be given to the greatest; the steps of MUSHRA are marks on a longer scale.
  var range: ClosedRange<Int> { method == .mushra ? 0...100 : .spanning(steps.map(\.value)) }

  /// The same scale with another question.
  func asking(_ question: String) -> RatingScale {
    RatingScale(name: name, method: method, question: question, steps: steps)
  }

  /// The key that gives an answer: its own digit where all values are 0 to 9, else 1 for the first that is shown.
  public func key(of value: Int) -> Character? {
    if steps.allSatisfy({ (0...9).contains($0.value) }) { return Character(String(value)) }
    return steps.firstIndex { $0.value == value }.map { Character(String($0 + 1)) }
  }

  /// `{method: acr, question: …, steps: [{5: Excellent}, …]}`.
  static func read(
    _ node: SettingsNode, name: String, method: PanelMethod? = nil, _ file: SettingsFile
  ) throws(SettingsFileError) -> RatingScale {
    var (method, question, steps) = (method, "", [Step]())
    for (key, value) in try file.entries(node, of: name, allowed: ["method", "question", "steps"]) {
      switch key {
      case "method": method = try file.choice(value, of: "method")
      case "question": question = try file.text(value, of: key)
      default:
        for item in value.list ?? [] {
          guard let pair = item.mapping?.first, let number = pair.key.integer, let label = pair.value.text else {
            throw file.failure(item, "a step is a whole number with its label, such as {5: Excellent}")
          }
          steps.append(Step(value: number, label: label))
        }
      }
    }
    guard let method else { throw file.failure(node, "\(name) has no method") }
    guard !question.isEmpty else { throw file.failure(node, "\(name) has no question") }
    guard (2...9).contains(steps.count), Set(steps.map(\.value)).count == steps.count else {
      throw file.failure(node, "\(name) takes 2 to 9 steps of different values")
    }
    return RatingScale(name: name, method: method, question: question, steps: steps)
  }
}
