// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fixtures of the PESQ tests: recordings, the recipes by which tests and oracle make the same signals
// from them, and the values to compare with.

import Foundation
import SpeechMetrics
import Testing

enum PESQFixtures {
  static func data(_ name: String) throws -> Data {
    let directory = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    return try Data(contentsOf: directory.appendingPathComponent(name))
  }

  /// Samples of a 16-bit mono PCM wav file.
  static func samples(_ name: String) throws -> [Int] {
    let bytes = [UInt8](try data(name))
    func word(_ i: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[i + $1]) << (8 * $1) } }
    var chunk = 12
    while chunk + 8 <= bytes.count {
      let size = word(chunk + 4)
      if bytes[chunk..<chunk + 4].elementsEqual("data".utf8) {
        return stride(from: chunk + 8, to: chunk + 8 + size, by: 2).map {
          Int(Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8))
        }
      }
      chunk += 8 + size + size & 1
    }
    throw CocoaError(.fileReadCorruptFile)
  }
}

/// One operation of a recipe: a name and its arguments, as `apply` in pesq_oracle.py has them.
struct PESQOperation: Decodable, Sendable {
  let name: String
  let file: String?
  let numbers: [Int]

  init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    name = try values.decode(String.self)
    file = name == "file" ? try values.decode(String.self) : nil
    var numbers: [Int] = []
    while !values.isAtEnd { numbers.append(try values.decode(Int.self)) }
    self.numbers = numbers
  }

  func apply(to x: inout [Int]) throws {
    if let file {
      x += try PESQFixtures.samples(file)
      return
    }
    let at = min(numbers[0], x.count)
    let range = at..<min(numbers[0] + numbers[1], x.count).clamped(from: at)
    switch name {
    case "silence": x.insert(contentsOf: repeatElement(0, count: numbers[1]), at: at)
    case "cut": x.removeSubrange(range)
    case "mute": for i in range { x[i] = 0 }
    case "noise":
      var state = UInt32(truncatingIfNeeded: numbers[3])
      for i in range {
        state = state &* 1_664_525 &+ 1_013_904_223
        x[i] += Int(state >> 16) % (2 * numbers[2] + 1) - numbers[2]
      }
    case "square":
      for i in range { x[i] += (i - at) / numbers[3] % 2 == 0 ? numbers[2] : -numbers[2] }
    case "gain": for i in range { x[i] = x[i] * numbers[2] / numbers[3] }
    default: throw CocoaError(.featureUnsupported)
    }
  }

  static func signal(_ recipe: [PESQOperation]) throws -> [Double] {
    var x: [Int] = []
    for operation in recipe { try operation.apply(to: &x) }
    return x.map(Double.init)
  }
}

extension Int {
  fileprivate func clamped(from lower: Int) -> Int { Swift.max(self, lower) }
}

/// reference-pesq.json.
struct PESQReference: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let branch: String?
    let mode: String
    let rate: Int
    let reference: [PESQOperation]
    let degraded: [PESQOperation]
    let mosLQO: Double?

    var testDescription: String { "\(branch ?? "stress") \(mode)" }

    func evaluate() throws -> PESQStages {
      try PESQ(mode: pesqMode(mode), sampleRate: rate).stages(
        reference: PESQOperation.signal(reference), degraded: PESQOperation.signal(degraded))
    }
  }

  let tolerance: Double
  let cases: [Case]

  static func load() -> PESQReference? {
    try? JSONDecoder().decode(PESQReference.self, from: PESQFixtures.data("reference-pesq.json"))
  }
}

func pesqMode(_ name: String) -> PESQ.Mode {
  switch name {
  case "wb": .wideBand
  case "c2": .wideBandCorrigendum2
  default: .narrowBand
  }
}
