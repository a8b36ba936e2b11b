// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Transitions of pYIN's hidden Markov model. A state is a pitch bin, voiced or unvoiced; voicing and bin change independently.
/// Voicing stays with probability .99. From bin k to bin j it is a triangle, w(|j − k|) ∝ reach + 1 − |j − k|, divided by its sum over
/// the bins that there are.
package struct PYINTransitions: Sendable {
  let binCount: Int
  /// Largest step in bins.
  let reach: Int
  /// ln w of the steps −reach…reach.
  let logWindow: [Double]
  /// ln of the sum of the window's part that lies within the bins, per bin left.
  let logSums: [Double]

  /// ln of the probability that voicing stays as it is.
  static let staying = log(0.99)
  /// ln of the probability that it changes.
  static let switching = log(0.01)
  /// ln of the smallest normal number: what librosa gives to the impossible, so that there always is a way.
  static let impossible = log(Double.leastNormalMagnitude)

  /// - Parameters:
  ///   - binCount: number of bins, at least 1.
  ///   - reach: largest step in bins.
  package init(binCount: Int, reach: Int) {
    self.binCount = binCount
    self.reach = reach
    let window = (-reach...reach).map { 1 - Double(abs($0)) / Double(reach + 1) }
    logWindow = window.map { log($0) }
    logSums = (0..<binCount).map { bin in
      log((max(0, reach - bin)...min(2 * reach, binCount - 1 - bin + reach)).reduce(0) { $0 + window[$1] })
    }
  }
}

/// The likeliest states of a sequence of frames (A. J. Viterbi, IEEE Trans. Inf. Theory 13, 1967), in logarithms.
///
/// librosa looks at every state for every state. Here the better voicing to come from is found once per bin, and the search runs
/// over the window's steps alone. Everything outside it costs the same, `impossible`, so that there the best state
/// of the frame before is the one to come from; after a long and sure voiced stretch that happens for bins far away.
/// Of equals the first wins as in numpy: voiced before unvoiced, then the lower bin. (librosa has all voiced states before all
/// unvoiced ones, the same but where both voicings of different bins tie.)
package struct PYINPath {
  /// Frames after which to look for the first time.
  private static let patience = 256

  private let transitions: PYINTransitions
  private let binCount: Int
  /// ln of the probability of the best way to each state, shape `[voiced | unvoiced][bins]`; none before the first frame.
  private var values: [Double] = []
  /// The same for the frame in work.
  private var next: [Double]
  /// Per bin the better of both voicings, with `reach` places to either side that are no way in.
  private var entries: [Double]
  /// The states that `entries` stand for.
  private var origins: [UInt16]
  /// Per bin, filled up to whole vectors, the best entry within the window and the place of its step in the window.
  private var gains: [Double]
  private var steps: [Int64]
  /// States of the first frames, on which all ways agree.
  private var settled: [UInt16] = []
  /// State before each state, of each frame behind those but the first, shape `[frames − 1][states]`.
  private var before: [UInt16] = []
  /// Size of `before` at which to look again whether the ways have met.
  private var limit: Int

  /// - Parameter transitions: of the model.
  package init(_ transitions: PYINTransitions) {
    self.transitions = transitions
    binCount = transitions.binCount
    let whole = (binCount + 3) & ~3
    next = Array(repeating: 0, count: 2 * binCount)
    entries = Array(repeating: -.infinity, count: whole + 2 * transitions.reach)
    origins = Array(repeating: 0, count: binCount)
    gains = Array(repeating: 0, count: whole)
    steps = Array(repeating: 0, count: whole)
    limit = Self.patience * next.count
  }

  /// One frame more.
  package mutating func advance(_ observation: PYINObservation) {
    guard !values.isEmpty else {
      let uniform = -log(Double(2 * binCount))
      gains = gains.map { _ in uniform }
      weighVoiced(observation)
      weighUnvoiced(observation)
      swap(&values, &next)
      next = values
      return
    }
    var top = 0
    for state in values.indices where values[state] > values[top] { top = state }
    let leap = values[top] + PYINTransitions.impossible

    enter(voiced: PYINTransitions.staying, unvoiced: PYINTransitions.switching)
    search()
    note(leap, from: UInt16(top))
    weighVoiced(observation)

    enter(voiced: PYINTransitions.switching, unvoiced: PYINTransitions.staying)
    search()
    note(leap, from: UInt16(top))
    weighUnvoiced(observation)
    swap(&values, &next)
    if before.count >= limit { settle() }
  }

  /// The best state of each frame as a pitch bin, none for an unvoiced one.
  package func best() -> [Int?] {
    guard !values.isEmpty else { return [] }
    let last = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    let states = settled + way(to: UInt16(last), rows: before.count / values.count) + [UInt16(last)]
    return states.map { $0 < binCount ? Int($0) : nil }
  }

  /// States of the first frames not settled, one a row of `before`, given that of the frame behind them.
  private func way(to state: UInt16, rows: Int) -> [UInt16] {
    var states = [UInt16](repeating: state, count: rows)
    var state = state
    for row in (0..<rows).reversed() {
      state = before[row * values.count + Int(state)]
      states[row] = state
    }
    return states
  }

  /// Goes back to where the ways to all states meet: what lies before it need not be kept, however long the recording. Where they
  /// do not (none ends in silence), the next look is at twice the size.
  private mutating func settle() {
    let stateCount = values.count
    var row = before.count / stateCount
    var alive = Array(0..<stateCount)
    var isSeen = [Bool](repeating: false, count: stateCount)
    while row > 0 && alive.count > 1 {
      row -= 1
      var earlier: [Int] = []
      for state in alive {
        let origin = Int(before[row * stateCount + state])
        if !isSeen[origin] { earlier.append(origin) }
        isSeen[origin] = true
      }
      for state in earlier { isSeen[state] = false }
      alive = earlier
    }
    if row > 0 {
      settled += way(to: UInt16(alive[0]), rows: row)
      before.removeFirst(row * stateCount)
    }
    limit = max(Self.patience * stateCount, 2 * before.count)
  }

  /// The first half of `next` from `gains`: no pitch but those observed.
  private mutating func weighVoiced(_ observation: PYINObservation) {
    for bin in 0..<binCount { next[bin] = gains[bin] + PYINTransitions.impossible }
    for (bin, probability) in observation.pitches { next[bin] = gains[bin] + Self.logarithm(probability) }
  }

  /// The second half: what is missing to 1 is shared out evenly.
  private mutating func weighUnvoiced(_ observation: PYINObservation) {
    let share = Self.logarithm((1 - observation.voicing) / Double(binCount))
    for bin in 0..<binCount { next[binCount + bin] = gains[bin] + share }
  }

  /// librosa adds the smallest normal number to every probability.
  private static func logarithm(_ probability: Double) -> Double { log(probability + .leastNormalMagnitude) }

  /// `entries` of a voicing, given what it costs to come from either.
  private mutating func enter(voiced: Double, unvoiced: Double) {
    let reach = transitions.reach
    for bin in 0..<binCount {
      let (a, b) = (values[bin] + voiced, values[binCount + bin] + unvoiced)
      entries[reach + bin] = (a >= b ? a : b) - transitions.logSums[bin]
      origins[bin] = UInt16(a >= b ? bin : binCount + bin)
    }
  }

  /// `gains` and `steps` from `entries`. Unchecked access for the one loop that counts, bins × steps, four bins at a time.
  private mutating func search() {
    let width = transitions.logWindow.count
    entries.withUnsafeBytes { entries in
      transitions.logWindow.withUnsafeBufferPointer { window in
        gains.withUnsafeMutableBytes { gains in
          steps.withUnsafeMutableBytes { steps in
            for at in stride(from: 0, to: gains.count, by: MemoryLayout<SIMD4<Double>>.size) {
              var best = SIMD4<Double>(repeating: -.infinity)
              var step = SIMD4<Int64>.zero
              for d in 0..<width {
                let entry = entries.loadUnaligned(fromByteOffset: at &+ d &* 8, as: SIMD4<Double>.self) + window[d]
                let isBetter = entry .> best
                best.replace(with: entry, where: isBetter)
                step.replace(with: SIMD4(repeating: Int64(d)), where: isBetter)
              }
              gains.storeBytes(of: best, toByteOffset: at, as: SIMD4<Double>.self)
              steps.storeBytes(of: step, toByteOffset: at, as: SIMD4<Int64>.self)
            }
          }
        }
      }
    }
  }

  /// Leaps where they are better than any step, and notes the states come from.
  private mutating func note(_ leap: Double, from top: UInt16) {
    for bin in 0..<binCount {
      if gains[bin] < leap {
        gains[bin] = leap
        before.append(top)
      } else {
        before.append(origins[bin + Int(steps[bin]) - transitions.reach])
      }
    }
  }
}
