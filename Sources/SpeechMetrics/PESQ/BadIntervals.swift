// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the time alignment may have got wrong. Frames that fall into a backward jump of the delay have
// no counterpart and are not counted. Stretches with a large disturbance are aligned once more, by
// the magnitude of their samples, and the smaller disturbance counts (P.862 section 10.2.11 and
// following).

/// A stretch of frames with a large disturbance.
package struct PESQBadInterval: Sendable, Equatable {
  package var frames: Range<Int>
  /// Additional delay found, in samples; 0 if the correlation there is too weak.
  package var lag = 0
  /// Normalised correlation at its maximum.
  package var correlation = 0.0
}

extension PESQDisturbance {
  /// Sets the disturbance of frames within backward jumps to 0; their number.
  mutating func skipDelayJumps(_ model: PESQPerceptualModel) -> Int {
    let (frame, hop) = (model.constants.frame, model.constants.hop)
    let edge = PESQConstants.edgeFrames
    var skipped = 0
    for (before, after) in zip(model.utterances, model.utterances.dropFirst()) {
      let jump = after.delay - before.delay
      guard jump < -hop else { continue }
      let start = (after.start - edge) * frame
      let first = max(
        0, min((start + after.delay) / hop, ((before.end - edge) * frame + before.delay) / hop))
      let last = min((start - jump) / hop + 1, model.lastFrame - 1)
      guard first <= last else { continue }
      for f in first...last { (symmetric[f], asymmetric[f]) = (0, 0) }
      skipped += last - first + 1
    }
    return skipped
  }

  /// Aligns bad intervals once more and keeps the smaller disturbances.
  mutating func realignBadIntervals(
    _ model: inout PESQPerceptualModel
  ) -> [PESQBadInterval] {
    guard badFrameSeen else { return [] }
    var intervals = badIntervals()
    guard !intervals.isEmpty else { return [] }
    for i in intervals.indices { model.align(&intervals[i]) }

    let (hop, edge) = (model.constants.hop, model.constants.edge)
    for (i, interval) in intervals.enumerated() {
      let range = model.samples(of: interval.frames)
      let realigned = model.realigned(intervals[i...])
      var gain: Double? = 1
      for f in interval.frames {
        model.replaceDegraded(frame: f, by: realigned, at: edge + f * hop - range.lowerBound)
        let (d, a) = disturbance(f, &model, &gain)
        symmetric[f] = min(symmetric[f], d)
        asymmetric[f] = min(asymmetric[f], a)
      }
    }
    return intervals
  }

  /// Runs of at least five frames that are bad or lie between bad ones not far apart.
  private func badIntervals() -> [PESQBadInterval] {
    let last = symmetric.count - 1
    let bad = symmetric.indices.map { $0 > 0 && symmetric[$0] > Self.badFrame }
    var intervals: [PESQBadInterval] = []
    var start: Int?
    for f in 2..<max(last - 1, 2) {
      let smeared =
        f < last - 2 && (bad[f - 2] || bad[f - 1] || bad[f]) && (bad[f] || bad[f + 1] || bad[f + 2])
      if smeared, start == nil { start = f }
      if !smeared, let s = start {
        if f - s >= 5 { intervals.append(PESQBadInterval(frames: s..<f)) }
        start = nil
      }
    }
    return intervals
  }
}

extension PESQPerceptualModel {
  /// A stretch of the degraded signal on the time axis of the reference: of the whole, a file would take as much memory again.
  fileprivate func alignedDegraded(_ stretch: Range<Int>) -> [Float] {
    var aligned = [Float](repeating: 0, count: stretch.count)
    let body = constants.edge..<degraded.count - constants.edge
    let part = stretch.clamped(to: body)
    guard !part.isEmpty else { return aligned }
    delays.forEach(in: part) { range, delay in
      for n in range {
        aligned[n - stretch.lowerBound] = degraded[min(max(n + delay, body.lowerBound), body.upperBound - 1)]
      }
    }
    return aligned
  }

  /// What the first of some intervals covers of the degraded signal, moved by its lag; where the next ones cover it too, by theirs.
  fileprivate func realigned(_ intervals: ArraySlice<PESQBadInterval>) -> [Float] {
    guard let first = intervals.first else { return [] }
    let range = samples(of: first.frames)
    var result = [Float](repeating: 0, count: range.count)
    for interval in intervals {
      let part = samples(of: interval.frames).clamped(to: range)
      if part.isEmpty { break }
      func place(_ n: Int) -> Int { min(max(n + interval.lag, 0), longest - 1) }
      let low = place(part.lowerBound)
      let aligned = alignedDegraded(low..<place(part.upperBound - 1) + 1)
      for n in part { result[n - range.lowerBound] = aligned[place(n) - low] }
    }
    return result
  }

  /// The samples that a run of frames covers.
  fileprivate func samples(of frames: Range<Int>) -> Range<Int> {
    let (hop, edge) = (constants.hop, constants.edge)
    return frames.lowerBound * hop + edge..<frames.upperBound * hop + constants.perceptualFrame + edge
  }

  /// Finds the lag, up to 128 ms, at which magnitudes of both signals correlate best.
  fileprivate func align(_ interval: inout PESQBadInterval) {
    let reach = 4 * constants.perceptualFrame
    let range = samples(of: interval.frames)
    let last = longest - constants.edge + constants.tail - 1
    var r = [Float](repeating: 0, count: range.count + 2 * reach)
    var x = r
    var (referenceEnergy, degradedEnergy) = (0.0, 0.0)
    func place(_ n: Int) -> Int { min(max(n, constants.edge), last) }
    let low = place(range.lowerBound - reach)
    let aligned = alignedDegraded(low..<place(range.upperBound + reach - 1) + 1)
    for i in r.indices {
      let n = range.lowerBound - reach + i
      if range.contains(n) { r[i] = abs(reference[n]) }
      x[i] = abs(aligned[place(n) - low])
      referenceEnergy += Double(r[i]) * Double(r[i])
      degradedEnergy += Double(x[i]) * Double(x[i])
    }
    let length = PESQFourier.length(atLeast: 2 * r.count)
    guard min(referenceEnergy, degradedEnergy) / Double(length) > 1e-6 else { return }

    var fourier = PESQFourier(length: length)
    var referenceSpectrum = PESQSpectra(length: length)
    var degradedSpectrum = referenceSpectrum
    var correlation = [Float](repeating: 0, count: length)
    fourier.forward(r, from: 0, count: r.count, window: nil, into: &referenceSpectrum)
    fourier.forward(x, from: 0, count: x.count, window: nil, into: &degradedSpectrum)
    fourier.inverseProduct(referenceSpectrum, 0, degradedSpectrum, 0, conjugate: true, into: &correlation)
    let norm = (referenceEnergy * degradedEnergy).squareRoot()
    for lag in -reach..<reach {
      let rho = Double(abs(correlation[lag & (length - 1)])) / norm
      if rho > interval.correlation { (interval.correlation, interval.lag) = (rho, lag) }
    }
    if interval.correlation < 0.5 { interval.lag = 0 }
  }
}
