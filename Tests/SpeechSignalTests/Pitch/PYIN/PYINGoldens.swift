// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal

/// Goldens/reference-pitch-pyin.json, which Tests/Oracles/pyin_pitch_oracle.py writes.
struct PYINGoldens: Decodable {
  struct Signal: Decodable {
    let voice: String
    let base: Int
    let rate: Int
    let floor: Double
    let ceiling: Double
    let period: Double
    let fnv: String
    let bins: [Int]
  }

  struct Clip: Decodable {
    let file: String
    let rate: Int
    let floor: Double
    let fnv: String
    let bins: [Int]
  }

  let signals: [Signal]
  let clips: [Clip]

  /// Of two tracks: frames whose voicing differs, and frames voiced in both whose F0 is more than one bin apart, or any at all.
  struct Comparison {
    var frames = 0
    var voicing = 0
    var beyondOneBin = 0
    var pitch = 0

    mutating func add(_ ours: [Double], _ theirs: [Int], floor: Double) {
      frames += theirs.count
      voicing += abs(ours.count - theirs.count)
      for (f0, bin) in zip(ours, theirs) {
        guard f0 > 0 && bin >= 0 else {
          if f0 > 0 || bin >= 0 { voicing += 1 }
          continue
        }
        let distance = abs(120 * log2(f0 / floor) - Double(bin))
        if distance > 1 + 1e-9 { beyondOneBin += 1 }
        if distance > 1e-9 { pitch += 1 }
      }
    }
  }

  /// Pulses, every 150 ms of another period, the last 150 ms silent; the same in the oracle.
  static func leaping(rate: Int) -> [Int16] {
    var place = 0
    return (0..<rate * 9 / 10).map { n in
      let part = n * 20 / (3 * rate)
      let period = rate / [100, 350, 120, 700, 90, 1][part]
      place = place + 1 < period ? place + 1 : 0
      return part == 5 ? 0 : place == 0 ? 12000 : place == 1 ? -12000 : 0
    }
  }
}
