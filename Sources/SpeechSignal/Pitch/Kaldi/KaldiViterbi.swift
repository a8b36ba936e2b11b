// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The path of least cost through the states of all frames (steps 3 and 4 of `KaldiPitch`), by Viterbi's algorithm.
///
/// A state's best predecessor cannot lie below that of a lower state, as the cost of a step is the square of its size. So
/// the state in the middle is looked at first, and its predecessor bounds where those of either half can be; and so on
/// in the halves. Of predecessors that cost the same the lowest wins, as Kaldi's exhaustive search has it.
///
/// All costs are in single precision and added in Kaldi's order: beside a frame's cost of about 1, a step of one state
/// costs 2.5e-6, forty times the last bit, so that roundings decide often enough.
///
/// torchaudio 2.0.2 runs Kaldi's code on vectors whose exchange is broken: each frame's search starts from the same costs, to which
/// every other frame's local costs are added without the step's; the rest is forgotten. `sharesCosts` does likewise, so that
/// all else can be held against that package, which is easy to come by.
struct KaldiViterbi {
  private static let softFloor: Float = 10
  private static let penaltyFactor: Float = 0.1

  private let lags: [Float]
  /// Cost of a step of so many states.
  private let penalties: [Float]
  /// Least cost of any path to each state, less that of the best state.
  private var costs: [Float]
  private var newCosts: [Float]
  /// Shape `[frames × states]`.
  private var predecessors: [UInt16] = []
  private let topStep: Int
  private let sharesCosts: Bool

  /// - Parameters:
  ///   - states: fewer than 65 536.
  ///   - frameCount: how many frames will come.
  ///   - sharesCosts: whether to go wrong as torchaudio does.
  init(_ states: KaldiStates, frameCount: Int, sharesCosts: Bool) {
    self.sharesCosts = sharesCosts
    lags = states.lags
    let unit = Float(pow(log(KaldiStates.ratio), 2)) * Self.penaltyFactor
    penalties = lags.indices.map { Float($0 * $0) * unit }
    costs = [Float](repeating: 0, count: lags.count)
    newCosts = costs
    predecessors.reserveCapacity(frameCount * lags.count)
    var step = 1
    while step * 2 <= lags.count { step *= 2 }
    topStep = step
  }

  /// Goes on by a frame.
  /// - Parameter correlation: φ with ballast at each state's lag.
  mutating func advance(_ correlation: [Float]) {
    let count = lags.count
    let begin = predecessors.count
    let isForgotten = sharesCosts && begin / count % 2 == 0
    let isWithoutStep = sharesCosts && !isForgotten
    predecessors.append(contentsOf: repeatElement(0, count: count))
    var least = Float.infinity
    costs.withUnsafeBufferPointer { costs in
      penalties.withUnsafeBufferPointer { penalties in
        predecessors.withUnsafeMutableBufferPointer { all in
          let chosen = UnsafeMutableBufferPointer(rebasing: all[begin...])
          var step = topStep
          while step > 0 {
            for state in stride(from: step - 1, to: count, by: 2 * step) {
              let low = state >= step ? Int(chosen[state - step]) : 0
              let high = state + step < count ? Int(chosen[state + step]) : count - 1
              var (best, bestCost) = (low, penalties[abs(state - low)] + costs[low])
              var other = low + 1
              while other <= high {
                let cost = penalties[abs(state - other)] + costs[other]
                if cost < bestCost { (best, bestCost) = (other, cost) }
                other += 1
              }
              chosen[state] = UInt16(truncatingIfNeeded: best)
              let phi = correlation[state]
              let cost = (isWithoutStep ? costs[state] : bestCost) + ((1 - phi) + Self.softFloor * lags[state] * phi)
              newCosts[state] = cost
              least = min(least, cost)
            }
            step /= 2
          }
        }
      }
    }
    for state in 0..<count { newCosts[state] -= least }
    if !isForgotten { swap(&costs, &newCosts) }
  }

  /// The best path's state in each frame.
  func best() -> [Int] {
    let count = lags.count
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
