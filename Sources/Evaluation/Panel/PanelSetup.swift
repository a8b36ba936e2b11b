// SPDX-License-Identifier: GPL-3.0-or-later

/// How a panel was held, as far as its analysis goes by it.
public struct PanelSetup: Sendable, Equatable, Codable {
  /// How it asked; nil: as the ratings look (``PanelScale/inferred(_:)``).
  public var scale: PanelScale?
  /// The hidden reference of a MUSHRA panel, whose scores tell who did not hear it.
  public var reference: String?
  /// Its anchors: named in what is shown, and no candidates for the best.
  public var anchors: [String]

  /// A setup from its parts.
  public init(scale: PanelScale? = nil, reference: String? = nil, anchors: [String] = []) {
    self.scale = scale
    self.reference = reference
    self.anchors = anchors
  }

  /// Both together; nil where they contradict each other.
  func joined(with other: PanelSetup) -> PanelSetup? {
    guard scale == nil || other.scale == nil || scale == other.scale,
      reference == nil || other.reference == nil || reference == other.reference
    else { return nil }
    return PanelSetup(
      scale: scale ?? other.scale, reference: reference ?? other.reference,
      anchors: Set(anchors + other.anchors).sorted())
  }
}
