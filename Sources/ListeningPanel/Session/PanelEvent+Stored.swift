// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// An event as a store keeps it: a word for its kind, and the rest as a JSON object, both as Swift's coding of enumerations has them:
// {"levelSet": {"gain": -3}} is the kind levelSet and the object {"gain": -3}.
extension PanelEvent {
  /// The kind, e.g. `ratingConfirmed`.
  public var kind: String { coded.kind }

  /// All else that there is to say, as a JSON object with sorted keys.
  public var details: String { coded.details }

  /// An event as it was stored.
  /// - Throws: `PanelError.plan` for a kind that is not known or details that are another's.
  public init(number: Int, time: PanelTime, kind: String, details: String) throws(PanelError) {
    do {
      let object = try JSONSerialization.jsonObject(with: Data(details.utf8))
      let data = try JSONSerialization.data(withJSONObject: [kind: object])
      self.init(number: number, time: time, body: try JSONDecoder().decode(Body.self, from: data))
    } catch {
      throw .plan("event \(number) (\(kind)) is not one that this ttseval knows")
    }
  }

  private var coded: (kind: String, details: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // One key, and an object behind it.
    guard let data = try? encoder.encode(body), let start = data.firstIndex(of: UInt8(ascii: ":")) else {
      preconditionFailure("an event of finite numbers")
    }
    let kind = data[..<start].filter { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "\"") }
    return (String(decoding: kind, as: UTF8.self), String(decoding: data[(start + 1)...].dropLast(), as: UTF8.self))
  }
}
