// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics

/// Votes of the golden files: for each its system, utterance and listener.
struct Votes {
  let systems: [Int]
  let utterances: [Int]
  let listeners: [Int]
  let scores: [Double]
  /// How many systems, and utterances, there are.
  let systemCount: Int
  let utteranceCount: Int

  /// All votes, an item being a clip.
  var clips: CrossedRatings {
    CrossedRatings(
      scores: scores, listeners: listeners, items: zip(systems, utterances).map { $0 * utteranceCount + $1 })
  }

  /// One system's votes, an item being an utterance.
  func of(system: Int) -> CrossedRatings {
    let chosen = scores.indices.filter { systems[$0] == system }
    return CrossedRatings(
      scores: chosen.map { scores[$0] }, listeners: chosen.map { listeners[$0] }, items: chosen.map { utterances[$0] })
  }

  /// 3 systems × 8 utterances × 12 listeners.
  static let golden: Votes = {
    struct File: Decodable { let scores: [[[Double]]] }
    let scores = decodedGolden("ratings-golden", as: File.self).scores
    let keys = scores.indices.flatMap { s in scores[s].indices.flatMap { u in scores[s][u].indices.map { (s, u, $0) } }
    }
    return Votes(
      systems: keys.map(\.0), utterances: keys.map(\.1), listeners: keys.map(\.2),
      scores: keys.map { scores[$0.0][$0.1][$0.2] }, systemCount: 3, utteranceCount: 8)
  }()

  /// sureal's sample: 79 clips × 26 viewers, some votes missing.
  static let sureal: CrossedRatings = {
    struct File: Decodable { let scores: [[Double?]] }
    return CrossedRatings(table: decodedGolden("ratings-sureal-sample", as: File.self).scores)
  }()

  /// 29,760 votes of the Voice Conversion Challenge 2020.
  static let vcc: Votes = {
    struct File: Decodable {
      let systems: [String]
      let utterances: [String]
      let count: Int
      let votes: Data
    }
    let file = decodedGolden("ratings-vcc2020", as: File.self)
    let codes = stride(from: 0, to: 3 * file.count, by: 3).map { start in
      file.votes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
    }
    let (systems, utterances) = (file.systems.count, file.utterances.count)
    return Votes(
      systems: codes.map { $0 / 5 / utterances % systems }, utterances: codes.map { $0 / 5 % utterances },
      listeners: codes.map { $0 / 5 / utterances / systems }, scores: codes.map { Double($0 % 5 + 1) },
      systemCount: systems, utteranceCount: utterances)
  }()
}

/// What the packages say of one system's votes.
struct SystemGolden: Decodable {
  let n: Int
  let mos: Double
  let sd: Double
  let tHalfWidth: Double
  let iid: Double
  let listener: Double
  let utterance: Double
  let twoWay: Double
  let degreesOfFreedom: Int
  let low: Double
  let high: Double
}

struct AlphaGolden: Decodable {
  let interval: Double
  let ordinal: Double
  let nominal: Double
}

struct ProjectionGolden: Decodable {
  let quality: [Double]
  let qualityError: [Double]
  let bias: [Double]
  let inconsistency: [Double]
}

/// `reference-panel-golden.json`.
struct PanelGolden: Decodable {
  struct Agreement: Decodable {
    let icc21: Double
    let icc2k: Double
    let cronbach: Double
  }
  let systems: [SystemGolden]
  let alpha: AlphaGolden
  let agreement: Agreement
  let projection: ProjectionGolden
  let bootstrap: [[Double]]
  let bootstrapDifferences: [[Double]]

  static let file = decodedGolden("reference-panel-golden", as: PanelGolden.self)
}

/// `reference-panel-sureal.json`.
struct SurealGolden: Decodable {
  let system: SystemGolden
  let alpha: AlphaGolden
  let projection: ProjectionGolden
  let high: [Int]
  let low: [Int]

  static let file = decodedGolden("reference-panel-sureal", as: SurealGolden.self)
}

/// `reference-panel-vcc2020.json`.
struct VCCGolden: Decodable {
  let systems: [SystemGolden]
  let alpha: AlphaGolden
  let projection: ProjectionGolden

  static let file = decodedGolden("reference-panel-vcc2020", as: VCCGolden.self)
}

/// `reference-panel-cases.json`.
struct PanelCases: Decodable {
  struct PreferenceCase: Decodable {
    let wins: Int
    let trials: Int
    let p: Double
    let low: Double
    let high: Double
  }
  struct ClusteredTestCase: Decodable {
    let scores: [Double]
    let listeners: [Int]
    let items: [Int]
    let null: Double
    let p: Double
    let low: Double
    let high: Double
  }
  struct BradleyTerryCase: Decodable {
    let wins: [[Double]]
    let abilities: [Double]
    let errors: [Double]
  }
  struct PowerCase: Decodable {
    let systemListener: Double
    let systemUtterance: Double
    let residual: Double
    let listeners: Int
    let utterances: Int
    let repeats: Int
    let difference: Double
    let variance: Double
    let power: Double
  }
  struct CorrelationCase: Decodable {
    let x: [Double]
    let y: [Double]
    let pearson: Double
    let spearman: Double
    let kendall: Double
  }
  struct MappingCase: Decodable {
    let name: String
    let x: [Double]
    let y: [Double]
    let squaredError: Double
    let predicted: [Double]
  }
  struct ErrorCase: Decodable {
    let mos: [Double]
    let predicted: [Double]
    let halfWidths: [Double]
    let rmse: Double
    let rmseStar: Double
    let outlierRatio: Double
  }
  struct CeilingCase: Decodable {
    let halves: Double
    let reliability: Double
    let ceiling: Double
    let splits: Int
  }
  let preferences: [PreferenceCase]
  let clusteredTests: [ClusteredTestCase]
  let bradleyTerry: [BradleyTerryCase]
  let powers: [PowerCase]
  let correlations: [CorrelationCase]
  let mappings: [MappingCase]
  let errors: ErrorCase
  let ceiling: CeilingCase

  static let file = decodedGolden("reference-panel-cases", as: PanelCases.self)
}

/// Whether a number, rounded to as many digits as a printed one, is that.
func prints(_ value: Double?, _ printed: String) -> Bool {
  let digits = printed.split(separator: ".").last.map(\.count) ?? 0
  return value.map { String(format: "%.\(digits)f", $0) == printed } ?? false
}

/// Whether two numbers lie within a distance.
func near(_ value: Double?, _ golden: Double, _ distance: Double = 1e-10) -> Bool {
  value.map { abs($0 - golden) <= distance } ?? false
}
