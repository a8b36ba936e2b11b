// SPDX-License-Identifier: GPL-3.0-or-later
import Testing

/// A case of `reference-paired.json`.
struct PairedGolden: Decodable, CustomTestStringConvertible {
  let name: String
  let differences: [Double]
  let t: Double
  let pairedT: Double
  let effectSize: Double
  let signFlip: Double
  let signFlipMethod: String
  let wilcoxon: Double
  let wilcoxonStatistic: Double
  let wilcoxonMethod: String
  let margin: Double
  let tost: Double
  let t90: [Double]

  var testDescription: String { name }

  static let all: [PairedGolden] = goldens("reference-paired")

  /// The case of that name.
  static func named(_ name: String) throws -> PairedGolden { try #require(all.first { $0.name == name }) }
}

/// A case of `reference-holm.json`.
struct HolmGolden: Decodable {
  let p: [Double]
  let adjusted: [Double]

  static let all: [HolmGolden] = goldens("reference-holm")
}

/// `reference-power-t.json`.
struct TPowerGolden: Decodable {
  let cases: [Case]
  let needed: [Needed]

  struct Case: Decodable {
    let effectSize: Double
    let n: Int
    let alpha: Double
    let power: Double
  }

  struct Needed: Decodable {
    let effectSize: Double
    let alpha: Double
    let pairs: Int
  }

  static let file = decodedGolden("reference-power-t", as: TPowerGolden.self)
}

/// `reference-power-equivalence.json`.
struct EquivalencePowerGolden: Decodable {
  let cases: [Case]
  let needed: [Needed]

  struct Case: Decodable {
    let mean: Double
    let standardDeviation: Double
    let margin: Double
    let n: Int
    let power: Double
  }

  struct Needed: Decodable {
    let mean: Double
    let standardDeviation: Double
    let margin: Double
    let pairs: Int
  }

  static let file = decodedGolden("reference-power-equivalence", as: EquivalencePowerGolden.self)
}

/// A case of `reference-ratio.json`.
struct RatioGolden: Decodable, CustomTestStringConvertible {
  let name: String
  let a: [Double]
  let b: [Double]
  let ratio: Double
  let limits: [Double]

  var testDescription: String { name }

  static let all: [RatioGolden] = goldens("reference-ratio")
}

/// Whether a number is another to within a share of it.
func agrees(_ value: Double, _ golden: Double, within share: Double = 1e-12) -> Bool {
  abs(value - golden) <= share * abs(golden)
}
