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
  /// Timings found on the way, for the run that follows.
  private let timings: [PairKey: PairTiming]
  /// Of the files that were looked at, by path: nobody need read them twice to look for their scores.
  let digests: [String: FileDigest]

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
    var waiting = pairing.utterances.makeIterator()
    var (freeRunning, left) = (0, pairing.pairCount)
    var timings: [PairKey: PairTiming] = [:]
    var digests: [String: FileDigest] = [:]
    await withTaskGroup(of: [Surveyor.Finding].self) { group in
      func startNext() {
        // Nothing that is still to come can change the answer.
        guard Double(freeRunning) <= limit, Double(freeRunning + left) > limit, !Task.isCancelled else { return }
        guard let utterance = waiting.next() else { return }
        group.addTask { surveyor.survey(utterance) }
      }
      for _ in 0..<max(1, jobs) { startNext() }
      while let findings = await group.next() {
        for finding in findings {
          timings[finding.key] = finding.timing
          for (path, digest) in finding.digests { digests[path] = digest }
          if finding.isFreeRunning { freeRunning += 1 }
        }
        left -= findings.count
        startNext()
      }
    }
    alignment = Double(freeRunning) > limit ? .warp : .delay
    self.timings = timings
    self.digests = digests
  }
}

extension AlignmentSurvey {
  /// The timing that was found, unless one of the files has been written to since.
  func timing(_ key: PairKey, _ reference: Recording, _ synthesis: Recording) -> PairTiming? {
    let isUnchanged = [reference, synthesis].allSatisfy { digests[$0.facts.path] == $0.digest }
    return isUnchanged ? timings[key] : nil
  }
}

/// Names a pair within a run.
struct PairKey: Hashable {
  let utterance: String
  let system: Int
}

/// Finds the timing of one utterance under all systems.
private struct Surveyor: Sendable {
  let settings: EvaluationSettings
  let sideBySide: SideBySide
  let knownFreeRunning: @Sendable (_ reference: String, _ synthesis: String) -> Bool?

  struct Finding: Sendable {
    let key: PairKey
    let isFreeRunning: Bool
    let digests: [(path: String, digest: FileDigest?)]
    var timing: PairTiming?
  }

  func survey(_ utterance: Pairing.Utterance) -> [Finding] {
    let reference = Recording(.reference, utterance.reference, settings)
    return utterance.syntheses.sorted { $0.key < $1.key }.map { system, candidate in
      let key = PairKey(utterance: utterance.id, system: system)
      let synthesis = Recording(.synthesis, candidate, settings)
      let digests = [(utterance.reference.path, reference.digest), (candidate.path, synthesis.digest)]
      if let ref = reference.fileSHA256, let syn = synthesis.fileSHA256, let known = knownFreeRunning(ref, syn) {
        return Finding(key: key, isFreeRunning: known, digests: digests)
      }
      sideBySide({ _ = try? reference.analysis() }, { _ = try? synthesis.analysis() })
      guard let ref = try? reference.analysis(), let syn = try? synthesis.analysis() else {
        return Finding(key: key, isFreeRunning: false, digests: digests)
      }
      let timing = PairTiming(ref, syn, analysisRate: settings.analysisRate, sideBySide: sideBySide)
      return Finding(key: key, isFreeRunning: timing.isFreeRunning, digests: digests, timing: timing)
    }
  }
}
