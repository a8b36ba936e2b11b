// SPDX-License-Identifier: GPL-3.0-or-later
//
// The perceptual model's input: both signals as power over time and Bark frequency, the degraded one
// already shifted by its delay, and the reference's spectrum adapted in part to the frequency
// response of the system under test, because a listener minds a mild coloration only little
// (Beerends et al. 2002, sections 2 to 4).

/// Which delay applies at a sample of the reference.
struct PESQDelayMap: Sendable {
  /// Samples at which the delay changes, ascending, and the delay from there on.
  private let starts: [Int]
  private let delays: [Int]
  /// The delay before the first of them.
  private let initial: Int

  init(_ utterances: [PESQUtterance], frame: Int) {
    // The *last* utterance in the list that starts at or before a sample decides, even if the
    // starts are out of order; one that begins after a later one never does.
    var kept: [(Int, Int)] = []
    for u in utterances.reversed() where u.start * frame < kept.last?.0 ?? Int.max {
      kept.append((u.start * frame, u.delay))
    }
    starts = kept.reversed().map(\.0)
    delays = kept.reversed().map(\.1)
    initial = utterances[0].delay
  }

  /// Calls `body` with each delay and the part of `range` in which it applies, in order.
  func forEach(in range: Range<Int>, _ body: (Range<Int>, Int) -> Void) {
    var position = range.lowerBound
    var delay = initial
    for (start, next) in zip(starts, delays) {
      if start > position {
        body(position..<min(start, range.upperBound), delay)
        position = start
      }
      delay = next
      if position >= range.upperBound { return }
    }
    body(position..<range.upperBound, delay)
  }
}

/// Pitch power densities of both signals, frame by frame.
struct PESQPerceptualModel: Sendable {
  let constants: PESQConstants
  let utterances: [PESQUtterance]
  let delays: PESQDelayMap
  /// Both buffers, of the same length.
  let reference: [Float]
  let degraded: [Float]
  /// Length of the longer signal with margins, without the tail.
  let longest: Int
  let skippedStart: Int
  let skippedEnd: Int
  let firstFrame: Int
  let lastFrame: Int

  /// Bark band powers, `[frame * bands + band]`.
  private(set) var referencePower: [Float] = []
  var degradedPower: [Float] = []

  private var spectrum: PowerSpectrum

  /// Five samples' magnitudes whose sum is less than this are inaudible.
  private static let audibleSum: Float = 500
  /// A frame whose power above 100 times the threshold is less than this is silent.
  private static let silentPower = 1e7

  /// - Parameter signals: Reference and degraded, filtered; the shorter is made as long as the other.
  init(
    _ signals: inout [PESQSignal], _ utterances: [PESQUtterance]
  ) {
    constants = signals[0].constants
    self.utterances = utterances
    delays = PESQDelayMap(utterances, frame: constants.frame)
    longest = max(signals[0].length, signals[1].length)
    // In place: copies of both would double the memory.
    for i in 0..<2 { signals[i].pad(to: longest + constants.tail) }
    reference = signals[0].samples
    degraded = signals[1].samples
    spectrum = PowerSpectrum(constants)

    let body = constants.edge..<longest - constants.edge + constants.tail
    skippedStart = Self.inaudible(reference, limit: longest / 2) { body.lowerBound + $0 }
    skippedEnd = Self.inaudible(reference, limit: longest / 2) { body.upperBound - 1 - $0 }
    firstFrame = skippedStart / constants.hop
    lastFrame = (body.count - skippedEnd) / constants.hop - 1
    transformFrames()
  }

  private static func inaudible(_ x: [Float], limit: Int, index: (Int) -> Int) -> Int {
    var skipped = 0
    while skipped < limit {
      var sum: Float = 0
      for i in 0..<5 { sum += abs(x[index(skipped + i)]) }
      if sum >= audibleSum { break }
      skipped += 1
    }
    return skipped
  }

  private mutating func transformFrames() {
    guard lastFrame >= 0 else { return }
    let (frames, bands, hop, edge) = (lastFrame + 1, constants.bands, constants.hop, constants.edge)
    referencePower = [Float](repeating: 0, count: frames * bands)
    degradedPower = referencePower
    for f in 0..<frames {
      spectrum.pitchPower(reference, at: edge + f * hop, into: &referencePower, row: f)
    }
    delays.forEach(in: edge..<edge + lastFrame * hop + 1) { range, delay in
      // The frames that start within the range.
      let first = (range.lowerBound - edge + hop - 1) / hop
      for n in stride(from: edge + first * hop, to: range.upperBound, by: hop) {
        let start = n + delay
        guard start > 0, start + constants.perceptualFrame < degraded.count else { continue }
        spectrum.pitchPower(degraded, at: start, into: &degradedPower, row: (n - edge) / hop)
      }
    }
  }

  /// Replaces the degraded power of a frame by that of `signal` from sample `start` on.
  mutating func replaceDegraded(frame: Int, by signal: [Float], at start: Int) {
    spectrum.pitchPower(signal, at: start, into: &degradedPower, row: frame)
  }

  /// Power above `factor` times the threshold of hearing; the lowest band is left out.
  func audiblePower(_ power: [Float], frame: Int, factor: Double) -> Double {
    let row = frame * constants.bands
    var sum = 0.0
    for b in 1..<constants.bands {
      let p = Double(power[row + b])
      if p > factor * constants.bandThreshold[b] { sum += p }
    }
    return sum
  }

  /// Multiplies the reference's bands by the mean response of the system, within 20 dB.
  mutating func compensateFrequencyResponse() {
    let bands = constants.bands
    // Not the number of frames that enter the averages: the method divides by all.
    let divisor = Double((longest - 2 * constants.edge + constants.tail) / constants.hop - 1)
    var referenceSum = [Double](repeating: 0, count: bands)
    var degradedSum = referenceSum
    for f in 0...lastFrame
    where audiblePower(referencePower, frame: f, factor: 100) >= Self.silentPower {
      for b in 0..<bands {
        let (r, x) = (Double(referencePower[f * bands + b]), Double(degradedPower[f * bands + b]))
        let audible = 100 * constants.bandThreshold[b]
        if r > audible { referenceSum[b] += r }
        if x > audible { degradedSum[b] += x }
      }
    }
    let ratio = (0..<bands).map { b in
      min(max((degradedSum[b] / divisor + 1000) / (referenceSum[b] / divisor + 1000), 0.01), 100)
    }
    for f in 0...lastFrame {
      for b in 0..<bands {
        referencePower[f * bands + b] = Float(Double(referencePower[f * bands + b]) * ratio[b])
      }
    }
  }
}

extension PESQPerceptualModel {
  /// Power spectra of 32 ms frames, warped to the Bark scale.
  private struct PowerSpectrum: Sendable {
    private let bandBins: [Int]
    private let factor: [Double]
    private let window: [Float]
    private var fourier: PESQFourier
    private var bins: PESQSpectra

    init(_ constants: PESQConstants) {
      bandBins = constants.bandBins
      factor = constants.bandCorrection.map { constants.pitchPowerCalibration * $0 }
      window = PESQFourier.hann(constants.perceptualFrame)
      fourier = PESQFourier(length: constants.perceptualFrame)
      bins = PESQSpectra(length: constants.perceptualFrame)
    }

    mutating func pitchPower(_ x: [Float], at start: Int, into power: inout [Float], row: Int) {
      fourier.forward(x, from: start, count: window.count, window: window, into: &bins)
      var bin = 0
      for b in bandBins.indices {
        var sum = 0.0
        // The mean of the signal, bin 0, is not heard.
        for k in max(bin, 1)..<max(bin + bandBins[b], 1) {
          sum += Double(bins.re[k] * bins.re[k] + bins.im[k] * bins.im[k])
        }
        bin += bandBins[b]
        power[row * bandBins.count + b] = Float(sum * factor[b])
      }
    }
  }
}
