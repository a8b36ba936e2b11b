// SPDX-License-Identifier: GPL-3.0-or-later

// Listeners' scores beside those of metrics. No signal gives them, so they are no `Metric`; tables, comparisons and reports read them on
// a scale as they do any other score.

/// What a score by listeners is, after the method they were asked by.
public enum OpinionScale: String, Sendable, CaseIterable {
  /// Mean opinion score, ITU-T P.800 absolute category rating.
  case mos
  /// Degradation mean opinion score, ITU-T P.800 Annex D.
  case dmos
  /// Comparison mean opinion score, ITU-T P.800 Annex E.
  case cmos
  /// Mean score of ITU-R BS.1534.
  case mushra

  /// The part of a score's signature that names its panel.
  static let panelPart = "panel"

  /// The scale as tables read it.
  public var info: MetricInfo {
    let isContinuous = self == .mushra
    return MetricInfo(
      id: rawValue, revision: 1, name: name,
      summary: "What the listeners of a panel said, on average; see ttseval panel.",
      scale: .init(
        unit: "", range: range, better: .higher, tolerance: isContinuous ? 5 : 0.25,
        toleranceReason: "a quarter of the step from one label of the scale to the next", decimals: isContinuous ? 1 : 2
      ),
      input: .init(rate: .analysis, timing: .own, minimumSeconds: 0), recipe: [],
      citations: [isContinuous ? "Recommendation ITU-R BS.1534-3 (2015)" : "Recommendation ITU-T P.800 (1996)"],
      isDefault: false)
  }

  /// The signature of scores by a panel: those of two panels are not compared, as nothing ties their listeners' scales together.
  /// - Parameter hash: of the panel's plan.
  public func signature(panel hash: String) -> Signature {
    Signature(stored: "\(rawValue)|\(Self.panelPart):\(hash.prefix(12))|v\(info.revision)")
  }

  private var range: ClosedRange<Double> {
    switch self {
    case .mos, .dmos: 1...5
    case .cmos: -3...3
    case .mushra: 0...100
    }
  }

  private var name: String {
    switch self {
    case .mos: "Mean opinion score"
    case .dmos: "Degradation mean opinion score"
    case .cmos: "Comparison mean opinion score"
    case .mushra: "MUSHRA score"
    }
  }
}

extension Signature {
  /// The start of the hash of the panel that gave the score; nil for a metric's.
  public var panel: String? { part(OpinionScale.panelPart) }
}
