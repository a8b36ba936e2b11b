// SPDX-License-Identifier: GPL-3.0-or-later

import SpeechMetrics

/// The branches of the method that ordinary pairs do not take, and which of them a pair took, worked out anew from what
/// each stage found.
enum PESQBranch: String, CaseIterable, Sendable {
  // Speech activity.
  case weakRun, featureless
  // Envelope search: begins before the degraded signal, goes beyond its end, has nothing to correlate.
  case searchBeforeStart, searchBeyondEnd, noCorrelation
  // Fine alignment begins before the degraded signal; utterances before or behind the degraded signal.
  case alignmentBeforeStart, tooEarly, tooLate
  // Boundaries: the first or the last one moved, two utterances that would overlap in the degraded signal.
  case startMoved, endMoved, overlap
  // Splitting: last frame moved back, ends moved, the analysis window overwritten.
  case lastFrameCut, splitStartMoved, splitEndMoved
  // Perceptual frames: before the first utterance, beyond either end of the degraded signal, inaudible at first.
  case beforeFirst, beyondStart, beyondEnd, inaudibleStart
  // Delay jumps, bad intervals, one of them without energy, a weak correlation in one, a long file.
  case skipped, badInterval, noEnergy, weakCorrelation, long
}

extension PESQStages {
  /// - Parameters:
  ///   - reference: Number of the reference's samples.
  ///   - degraded: Number of the degraded signal's samples.
  ///   - rate: Hz.
  func branches(reference: Int, degraded: Int, rate: Int) -> Set<PESQBranch> {
    let frame = rate / 250
    let edge = 75 * frame
    let degradedLength = degraded + 2 * edge
    let degradedFrames = degradedLength / frame
    let longest = max(reference, degraded) + 2 * edge
    var reached: Set<PESQBranch> = []
    func note(_ branch: PESQBranch, _ condition: Bool) {
      if condition { reached.insert(branch) }
    }
    note(.weakRun, activity.reference.weakRuns + activity.degraded.weakRuns > 0)
    note(.featureless, activity.reference.isFeatureless || activity.degraded.isFeatureless)

    for u in found {
      let start = u.searchStart + crudeDelay / frame
      note(.searchBeforeStart, start < 0)
      note(.searchBeyondEnd, u.searchEnd + crudeDelay / frame > degradedFrames)
      let window = max(start, 0)..<max(min(u.searchEnd + crudeDelay / frame, degradedFrames), max(start, 0))
      note(.noCorrelation, activity.degraded.envelope[window].allSatisfy { $0 == 0 })
      note(.alignmentBeforeStart, u.searchStart * frame + u.priorDelay < 0)
    }
    // Runs of speech that are long enough but not among the utterances.
    let (low, high) = (50 - crudeDelay / frame, (degradedLength - crudeDelay) / frame - 50)
    var start: Int?
    for (i, power) in activity.reference.power.enumerated() {
      if power > 0, start == nil { start = i }
      guard let s = start, power == 0 || i == activity.reference.power.count - 1 else { continue }
      start = nil
      note(.tooEarly, i - s >= 50 && i <= low)
      note(.tooLate, i - s >= 50 && s >= high)
    }

    note(.startMoved, bounded[0].start > 75)
    note(.endMoved, bounded.last?.end != activity.reference.power.count - 75)
    for (a, b) in zip(found, found.dropFirst()) {
      let middle = (b.start + a.end) / 2
      note(.overlap, middle * frame + b.delay < middle * frame + a.delay)
    }
    note(.lastFrameCut, splitting.lastFrameCuts > 0)
    note(.splitStartMoved, splitting.startLimits > 0)
    note(.splitEndMoved, splitting.endLimits > 0)

    let (hop, width) = (4 * frame, 8 * frame)
    for f in 0...max(lastFrame, 0) {
      let n = edge + f * hop
      let u = utterances.last { $0.start * frame <= n }
      note(.beforeFirst, u == nil)
      let delay = (u ?? utterances[0]).delay
      note(.beyondStart, n + delay <= 0)
      note(.beyondEnd, n + delay + width >= longest + 80 * frame)
    }
    note(.inaudibleStart, firstFrame > 0)
    note(.skipped, skippedFrames > 0)
    note(.badInterval, badIntervals.contains { $0.correlation >= 0.5 })
    note(.noEnergy, badIntervals.contains { $0.correlation == 0 })
    note(.weakCorrelation, badIntervals.contains { $0.correlation > 0 && $0.correlation < 0.5 })
    note(.long, lastFrame >= 1000)
    return reached
  }
}
