// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The path of least cost through the states of all frames (steps 3 and 4 of `KaldiPitch`), by Viterbi's algorithm.
///
/// A state's best predecessor cannot lie below that of a lower state, as the cost of a step is the square of its size. So
/// the state in the middle is looked at first, and its predecessor bounds where those of either half can be; and so on
/// in the halves. Of predecessors that cost the same the lowest wins.
///
/// All costs are in single precision and added in Kaldi's order: beside a frame's cost of about 1, a step of one state
/// costs 2.5e-6, twenty to forty times the last bit, so that roundings decide often enough.
///
/// torchaudio 2.0.2 runs Kaldi's code on vectors whose exchange is broken: each frame's search starts from the same costs, to which
/// every other frame's local costs are added without the step's; the rest is forgotten. `sharesCosts` does likewise, so that
/// all else can be held against that package, which is easy to come by.
struct KaldiViterbi {
  private static let softFloor: Float = 10
  private static let penaltyFactor: Float = 0.1

  private let count: Int
  /// Soft floor times lag, shape `[states]`.
  private let floorCosts: [Float]
  /// Cost of a step by k − (states − 1) states, shape `[2·states − 1]`.
  private let penalties: [Float]
  /// Least cost of any path to each state, less that of the best state.
  private var costs: [Float]
  private var newCosts: [Float]
  /// Shape `[frames × states]`.
  private var predecessors: [UInt16] = []
  private let sharesCosts: Bool

  /// - Parameters:
  ///   - states: fewer than 65 536.
  ///   - frameCount: how many frames will come.
  ///   - sharesCosts: whether to go wrong as torchaudio does.
  init(_ states: KaldiStates, frameCount: Int, sharesCosts: Bool) {
    self.sharesCosts = sharesCosts
    let count = states.lags.count
    self.count = count
    floorCosts = states.lags.map { Self.softFloor * $0 }
    let unit = Float(pow(log(KaldiStates.ratio), 2)) * Self.penaltyFactor
    penalties = (0..<2 * count - 1).map { Float(($0 - count + 1) * ($0 - count + 1)) * unit }
    costs = [Float](repeating: 0, count: count)
    newCosts = costs
    predecessors.reserveCapacity(frameCount * count)
  }

  /// Goes on by a frame.
  /// - Parameter correlation: φ with ballast at each state's lag.
  mutating func advance(_ correlation: [Float]) {
    let begin = predecessors.count
    let isForgotten = sharesCosts && begin / count % 2 == 0
    let isWithoutStep = sharesCosts && !isForgotten
    predecessors.append(contentsOf: repeatElement(0, count: count))
    costs.withUnsafeBufferPointer { costs in
      newCosts.withUnsafeMutableBufferPointer { newCosts in
        predecessors.withUnsafeMutableBufferPointer { all in
          penalties.withUnsafeBufferPointer { penalties in
            if let from = costs.baseAddress, let to = newCosts.baseAddress, let chosen = all.baseAddress,
              let middle = penalties.baseAddress
            {
              Self.search(from, to, chosen + begin, middle + count - 1, count: count)
            }
          }
        }
        if isWithoutStep { for state in 0..<count { newCosts[state] = costs[state] } }
        var least = Float.infinity
        for state in 0..<count {
          let phi = correlation[state]
          newCosts[state] += (1 - phi) + floorCosts[state] * phi
          least = min(least, newCosts[state])
        }
        for state in 0..<count { newCosts[state] -= least }
      }
    }
    if !isForgotten { swap(&costs, &newCosts) }
  }

  /// Each state's predecessor and the cost of coming from there.
  /// - Parameter penalties: of a step by so many states, up or down.
  private static func search(
    _ costs: UnsafePointer<Float>, _ newCosts: UnsafeMutablePointer<Float>, _ chosen: UnsafeMutablePointer<UInt16>,
    _ penalties: UnsafePointer<Float>, count: Int
  ) {
    var step = 1
    while step * 2 <= count { step *= 2 }
    while step > 0 {
      for state in stride(from: step - 1, to: count, by: 2 * step) {
        let low = state >= step ? Int(chosen[state - step]) : 0
        let high = state + step < count ? Int(chosen[state + step]) : count - 1
        let (best, cost) = cheapest(low, high, costs, penalties - state)
        chosen[state] = UInt16(truncatingIfNeeded: best)
        newCosts[state] = cost
      }
      step /= 2
    }
  }

  /// The first of the least sums of both arrays from `low` to `high`: eight at a time, then what is left.
  @inline(__always)
  private static func cheapest(
    _ low: Int, _ high: Int, _ costs: UnsafePointer<Float>, _ penalties: UnsafePointer<Float>
  ) -> (place: Int, sum: Float) {
    var (best, bestCost) = (low, costs[low] + penalties[low])
    var place = low + 1
    if high - low >= 24 {
      var least = SIMD8<Float>(repeating: .infinity)
      var places = SIMD8<Int32>(repeating: Int32.max)
      var here = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) &+ Int32(truncatingIfNeeded: place)
      while place + 7 <= high {
        let sums =
          UnsafeRawPointer(costs + place).loadUnaligned(as: SIMD8<Float>.self)
          + UnsafeRawPointer(penalties + place).loadUnaligned(as: SIMD8<Float>.self)
        let isLess = sums .< least
        least.replace(with: sums, where: isLess)
        places.replace(with: here, where: isLess)
        here &+= 8
        place += 8
      }
      let sum = least.min()
      if sum < bestCost {
        places.replace(with: Int32.max, where: least .!= sum)
        (best, bestCost) = (Int(places.min()), sum)
      }
    }
    while place <= high {
      let sum = costs[place] + penalties[place]
      best = sum < bestCost ? place : best
      bestCost = min(bestCost, sum)
      place += 1
    }
    return (best, bestCost)
  }

  /// The best path's state in each frame.
  func best() -> [Int] {
    var path = [Int](repeating: 0, count: predecessors.count / count)
    let last = sharesCosts && path.count % 2 == 1 ? newCosts : costs
    var state = last.indices.min { last[$0] < last[$1] } ?? 0
    for frame in path.indices.reversed() {
      path[frame] = state
      state = Int(predecessors[frame * count + state])
    }
    return path
  }
}
