// SPDX-License-Identifier: GPL-3.0-or-later
//
// Splitting: the delay may jump within an utterance. Break points are tried every few frames; for
// each, the parts before and after are aligned on their own, and the one at which both parts agree
// most surely on delays of their own wins, if both are surer than the whole was. The first part of
// an accepted split is tested again (Rix et al. 2001, section 3).
//
// The established programs write the correlation sequence of the envelope search over the same
// memory in which, further on, the analysis window lies. For an utterance longer than some 6 s
// (3 s at 8 kHz) the sequence reaches the window, so the frames are then seen through a piece of
// correlation in place of a Hann window. Scores depend on it, by up to 2 MOS; it is imitated here.

/// A break point with the alignments of the parts before and after it.
private struct BreakPoint {
  let frame: Int
  /// Delays by envelope; that of the part after only if it is needed.
  var prior: (before: Int, after: Int?) = (0, nil)
  var before: (delay: Int, confidence: Float)?
  var after: (delay: Int, confidence: Float)?
}

extension PESQTimeAlignment {
  /// The table size of the established programs. A file within it is not split beyond it, and a
  /// file beyond it, which they cannot score, is split without limit.
  private static let usualLimit = 50
  private static let shortestSplit = 200
  private static let mostBreakPoints = 40

  mutating func split(_ bounded: [PESQUtterance]) -> [PESQUtterance] {
    let limit = bounded.count <= Self.usualLimit ? Self.usualLimit : Int.max
    var u = bounded
    var j = 0
    while j < u.count, u.count < limit {
      if let (first, second) = splitOnce(u[j]) {
        u[j] = first
        u.insert(second, at: j + 1)
      } else {
        j += 1
      }
    }
    return u
  }

  private mutating func splitOnce(_ u: PESQUtterance) -> (PESQUtterance, PESQUtterance)? {
    var points = breakPoints(u)
    guard !points.isEmpty else { return nil }
    correlator.begin(window: searchEnvelopes(u, &points))
    alignBefore(u, &points)
    alignAfter(u, &points)

    var best: (sum: Float, point: BreakPoint)?
    for p in points {
      guard let before = p.before, let after = p.after,
        abs(after.delay - before.delay) >= constants.frame,
        before.confidence + after.confidence > best?.sum ?? 0,
        before.confidence > u.confidence, after.confidence > u.confidence
      else { continue }
      best = (before.confidence + after.confidence, p)
    }
    guard let best else { return nil }
    return halves(u, at: best.point)
  }

  private func breakPoints(_ u: PESQUtterance) -> [BreakPoint] {
    let power = activity.reference.power
    func active(_ i: Int) -> Bool { i >= 0 && i < power.count && power[i] > 0 }
    let start = (u.start..<max(u.end, u.start)).first(where: active) ?? u.end
    let end = 1 + ((u.start + 1..<max(u.end, u.start) + 1).last(where: active) ?? u.start)
    let count = end - start
    guard count >= Self.shortestSplit else { return [] }
    let step = 4 * Int((0.801 * Double(count) + 159) / 160)
    let pad = max(count / 10, 75)
    var points = [BreakPoint(frame: start + pad)]
    while points.count < Self.mostBreakPoints {
      let next = start + pad + points.count * step
      guard next <= end - pad else { break }
      points.append(BreakPoint(frame: next))
    }
    return points
  }

  /// Finds the delays by envelope before every break point; the analysis window that remains.
  ///
  /// The delays after the break points are found only where the window depends on it. Of the others,
  /// few are ever needed.
  private mutating func searchEnvelopes(_ u: PESQUtterance, _ points: inout [BreakPoint]) -> [Float] {
    var window = hann
    // Where, in a sequence that overruns its place, the window begins.
    let offset = 6 + 3 * constants.alignmentLength
    // As if one after the other in ascending order: what the last one wrote remains. So from the
    // last, each fills only what is not covered yet.
    var covered = offset
    for k in points.indices.reversed() {
      let middle = points[k].frame
      // Between neighbours whose delays fall fast an utterance ends before it starts, and so may its first part.
      for (part, isAfter) in [(middle..<max(middle, u.end), true), (u.start..<max(middle, u.start), false)] {
        let length = envelopes.stretches(of: part, prior: u.priorDelay)?.sequenceLength ?? 0
        let end = min(length, offset + window.count)
        if isAfter, end <= covered { continue }
        let delay = envelopes.delay(of: part, prior: u.priorDelay) { sequence in
          for i in covered..<max(covered, end) { window[i - offset] = sequence[sequence.startIndex + i] }
        }
        covered = max(covered, end)
        if isAfter { points[k].prior.after = delay } else { points[k].prior.before = delay }
      }
    }
    return window
  }

  /// Fine alignment from the utterance's start up to every break point. Points with the same prior
  /// delay share one histogram, which grows from one point to the next.
  private mutating func alignBefore(_ u: PESQUtterance, _ points: inout [BreakPoint]) {
    let length = constants.alignmentLength
    for first in points.indices where points[first].before == nil {
      let prior = points[first].prior.before
      var histogram = newHistogram()
      var a = u.start * constants.frame
      var b = a + prior
      if b < 0 { (a, b) = (-prior, 0) }
      for k in first..<points.count where points[k].before == nil && points[k].prior.before == prior {
        while b + length <= degradedLength, a + length <= points[k].frame * constants.frame,
          correlator.correlate(a, b)
        {
          histogram.addSmoothed(correlator)
          a += length / 4
          b += length / 4
        }
        let peak = histogram.peak
        points[k].before = (prior + peak.lag, peak.confidence)
      }
    }
  }

  /// The same backwards from the utterance's end, for the points whose first part looks promising.
  private mutating func alignAfter(_ u: PESQUtterance, _ points: inout [BreakPoint]) {
    let length = constants.alignmentLength
    for k in points.indices {
      if points[k].before?.confidence ?? 0 <= u.confidence {
        points[k].after = (points[k].before?.delay ?? 0, 0)
      } else if points[k].prior.after == nil {
        points[k].prior.after = envelopes.delay(
          of: points[k].frame..<max(points[k].frame, u.end), prior: u.priorDelay)
      }
    }
    for last in points.indices.reversed() where points[last].after == nil {
      guard let prior = points[last].prior.after else { continue }
      var histogram = newHistogram()
      var a = u.end * constants.frame - length
      var b = a + prior
      if b + length > degradedLength {
        splitting.lastFrameCuts += 1
        b = degradedLength - length
        a = b - prior
      }
      for k in (0...last).reversed() where points[k].after == nil && points[k].prior.after == prior {
        while b >= 0, a >= points[k].frame * constants.frame, correlator.correlate(a, b) {
          histogram.addSmoothed(correlator)
          a -= length / 4
          b -= length / 4
        }
        let peak = histogram.peak
        points[k].after = (prior + peak.lag, peak.confidence)
      }
    }
  }

  private mutating func halves(_ u: PESQUtterance, at point: BreakPoint) -> (PESQUtterance, PESQUtterance) {
    let frame = constants.frame
    var (first, second) = (u, u)
    first.priorDelay = point.prior.before
    second.priorDelay = point.prior.after ?? u.priorDelay
    (first.delay, first.confidence) = point.before ?? (0, 0)
    (second.delay, second.confidence) = point.after ?? (0, 0)
    // Where the delay grows, the degraded signal holds extra time that either part may claim.
    let overlap = second.delay < first.delay ? 0 : (second.delay - first.delay) / (2 * frame)
    first.end = point.frame + overlap
    second.start = point.frame - overlap
    let edge = PESQConstants.edgeFrames
    if (first.start - edge) * frame + first.delay < 0 {
      splitting.startLimits += 1
      first.start = edge + (frame - 1 - first.delay) / frame
    }
    if second.end * frame + second.delay > degradedLength - constants.edge {
      splitting.endLimits += 1
      second.end = (degradedLength - second.delay) / frame - edge
    }
    return (first, second)
  }
}
