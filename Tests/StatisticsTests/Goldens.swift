// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// A case of `reference-summary.json`.
struct SummaryGolden: Decodable, CustomTestStringConvertible {
  let name: String
  let values: [Double]
  let mean: Double
  let standardDeviation: Double
  let median: Double
  let t95: [Double]
  let t90: [Double]
  let bca95: [Double]
  let bca90: [Double]

  var testDescription: String { name }

  static let all: [SummaryGolden] = goldens("reference-summary")
}

/// A case of `reference-bca-scipy.json`; its values stand in the other file under the same name.
struct ScipyGolden: Decodable, CustomTestStringConvertible {
  let name: String
  let bca95: [Double]
  let tolerance: [Double]

  var testDescription: String { name }

  static let all: [ScipyGolden] = goldens("reference-bca-scipy")
}

struct GoldenFile<Case: Decodable>: Decodable {
  let tool: String
  let version: String
  let command: String
  let tolerance: String
  let cases: [Case]
}

/// The cases of a golden file.
func goldens<Case: Decodable>(_ name: String) -> [Case] {
  decodedGolden(name, as: GoldenFile<Case>.self).cases
}

/// A golden file, whatever is in it.
func decodedGolden<File: Decodable>(_ name: String, as file: File.Type) -> File {
  do {
    guard let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Goldens") else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try JSONDecoder().decode(file, from: Data(contentsOf: url))
  } catch {
    fatalError("golden \(name): \(error)")
  }
}
