// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
public import SpeechMetrics
internal import SpeechSignal

/// Which class of alignment a run should have: one for all its pairs, so that averages are of one kind.
///
/// It is `delay`, unless more than a tenth of the pairs are free-running; then it is `warp`. Pairs that cannot be read
/// count as in step. Looking stops as soon as the answer is certain.
public struct AlignmentSurvey: Sendable {
  /// A run with a greater share of free-running pairs than this is warped.
  public static let freeRunningShare = 0.1

  /// The class.
  public let alignment: AlignmentClass
  private let utterances: [Pairing.Utterance]
  /// What was found on the way, for the run that follows: each utterance's pairs, in order; nothing for those not looked at.
  private let findings: [[Finding]]

  /// What was found of a pair.
  struct Finding: Sendable {
    /// Of the files that were looked at: nobody need read them twice to look for their scores.
    let reference, synthesis: FileDigest?
    /// nil where an earlier run knew enough, or a file can't be read.
    let timing: PairTiming?

    /// The timing that was found, unless one of the files has been written to since.
    func timing(of reference: Recording, _ synthesis: Recording) -> PairTiming? {
      reference.digest == self.reference && synthesis.digest == self.synthesis ? timing : nil
    }
  }

  /// Looks at the pairs, `jobs` references at a time.
  /// - Parameters:
  ///   - settings: of the run to come, whose class is not looked at.
  ///   - knownFreeRunning: whether the pair is free-running, where an earlier run under the same conditions (whatever
  ///     its class) found out; by the hashes of both files' bytes, called from several threads.
  public init(
    _ pairing: Pairing, settings: EvaluationSettings, jobs: Int,
    knownFreeRunning: @escaping @Sendable (_ reference: String, _ synthesis: String) -> Bool?
  ) async {
    let surveyor = Surveyor(
      settings: settings, sideBySide: pairing.sideBySide(jobs: jobs),
      knownFreeRunning: knownFreeRunning)
    let limit = Self.freeRunningShare * Double(pairing.pairCount)
    var waiting = pairing.utterances.indices.makeIterator()
    var (freeRunning, left) = (0, pairing.pairCount)
    var findings = [[Finding]](repeating: [], count: pairing.utterances.count)
    await withTaskGroup(of: (place: Int, findings: [Finding], freeRunning: Int).self) { group in
      func startNext() {
        // Nothing that is still to come can change the answer.
        guard Double(freeRunning) <= limit, Double(freeRunning + left) > limit, !Task.isCancelled else { return }
        guard let place = waiting.next() else { return }
        group.addTask {
          let (findings, freeRunning) = surveyor.survey(pairing.utterances[place])
          return (place, findings, freeRunning)
        }
      }
      for _ in 0..<max(1, jobs) { startNext() }
      while let one = await group.next() {
        findings[one.place] = one.findings
        freeRunning += one.freeRunning
        left -= one.findings.count
        startNext()
      }
    }
    alignment = Double(freeRunning) > limit ? .warp : .delay
    utterances = pairing.utterances
    self.findings = findings
  }

  /// What was found of an utterance's pairs, in order; nil where it was not looked at.
  func findings(_ id: String) -> [Finding]? {
    // The run that follows may be of a part of the utterances: places differ, the order is the same.
    var (start, end) = (0, utterances.count)
    while start < end {
      let middle = (start + end) / 2
      if utterances[middle].id < id { start = middle + 1 } else { end = middle }
    }
    guard start < utterances.count, utterances[start].id == id, !findings[start].isEmpty else { return nil }
    return findings[start]
  }
}

/// Finds the timing of one utterance under all systems.
private struct Surveyor: Sendable {
  let settings: EvaluationSettings
  let sideBySide: SideBySide
  let knownFreeRunning: @Sendable (_ reference: String, _ synthesis: String) -> Bool?

  /// What is found of each pair, and how many are free-running.
  func survey(_ utterance: Pairing.Utterance) -> ([AlignmentSurvey.Finding], freeRunning: Int) {
    let reference = Recording(.reference, utterance.reference, settings)
    var freeRunning = 0
    let findings = utterance.partners.map { _, candidate in
      let synthesis = Recording(.synthesis, candidate, settings)
      let (isFreeRunning, timing) = look(reference, synthesis)
      if isFreeRunning { freeRunning += 1 }
      return AlignmentSurvey.Finding(reference: reference.digest, synthesis: synthesis.digest, timing: timing)
    }
    return (findings, freeRunning)
  }

  private func look(_ reference: Recording, _ synthesis: Recording) -> (isFreeRunning: Bool, PairTiming?) {
    if let ref = reference.fileSHA256, let syn = synthesis.fileSHA256, let known = knownFreeRunning(ref, syn) {
      return (known, nil)
    }
    sideBySide({ _ = try? reference.analysis() }, { _ = try? synthesis.analysis() })
    guard let ref = try? reference.analysis(), let syn = try? synthesis.analysis() else { return (false, nil) }
    let timing = PairTiming(ref, syn, analysisRate: settings.analysisRate, sideBySide: sideBySide)
    return (timing.isFreeRunning, timing)
  }
}
