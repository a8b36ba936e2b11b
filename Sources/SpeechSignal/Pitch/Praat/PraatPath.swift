// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The best path through the candidates of all frames: Boersma 1993, step 4, by Viterbi's algorithm.
///
/// It has the most strength less the cost of its transitions: none between unvoiced frames, `voicingCost` between a voiced and an
/// unvoiced one, `octaveJumpCost` · |log₂ F₁/F₂| between voiced ones. The paper has it as the least cost.
package struct PraatPath {
  /// A candidate and the best path up to it.
  private struct Node {
    /// Hz, 0 for the unvoiced one, which is the first of each frame.
    let frequency: Double
    let octave: Double
    let total: Double
    /// The node before, by its index in the frame before.
    let previous: UInt8
  }

  private let octaveJumpCost: Double
  private let voicingCost: Double
  private var nodes: [Node] = []
  /// Index of each frame's first node.
  private var starts: [Int] = []

  package init(octaveJumpCost: Double, voicingCost: Double) {
    self.octaveJumpCost = octaveJumpCost
    self.voicingCost = voicingCost
  }

  /// The next frame.
  /// - Parameters:
  ///   - unvoiced: strength of being unvoiced.
  ///   - voiced: at most 255 candidates.
  package mutating func append(unvoiced: Double, voiced: [PraatCandidate]) {
    let before = (starts.last ?? 0)..<nodes.count
    starts.append(nodes.count)
    append(frequency: 0, octave: 0, strength: unvoiced, before)
    for candidate in voiced {
      append(frequency: candidate.frequency, octave: log2(candidate.frequency), strength: candidate.strength, before)
    }
  }

  private mutating func append(frequency: Double, octave: Double, strength: Double, _ before: Range<Int>) {
    var best = before.isEmpty ? 0 : -Double.infinity
    var previous = before.lowerBound
    for index in before {
      let node = nodes[index]
      let cost =
        frequency > 0
        ? node.frequency > 0 ? octaveJumpCost * abs(octave - node.octave) : voicingCost
        : node.frequency > 0 ? voicingCost : 0
      guard node.total - cost > best else { continue }
      best = node.total - cost
      previous = index
    }
    let step = UInt8(previous - before.lowerBound)
    nodes.append(Node(frequency: frequency, octave: octave, total: best + strength, previous: step))
  }

  /// F0 of all frames, Hz, 0 where unvoiced.
  package func contour() -> [Double] {
    var f0 = [Double](repeating: 0, count: starts.count)
    guard let last = starts.last else { return f0 }
    var index = nodes.indices[last...].max { nodes[$0].total < nodes[$1].total } ?? last
    for frame in starts.indices.reversed() {
      f0[frame] = nodes[index].frequency
      if frame > 0 { index = starts[frame - 1] + Int(nodes[index].previous) }
    }
    return f0
  }
}
