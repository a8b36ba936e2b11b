// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics

/// Scores all pairs of a run in parallel.
///
/// The unit of work is one reference with all its systems, so that the reference is read and analysed once. At most
/// `jobs` units are in memory at a time. Results are handed on as they finish, in any order, from one task; what is
/// returned is sorted, and does not depend on `jobs`.
public struct Evaluator: Sendable {
  /// What to do.
  public let settings: EvaluationSettings
  /// Units in flight at a time.
  public let jobs: Int
  /// Looks a pair up in earlier runs by the hashes of both files' bytes; called from several threads.
  public let known: @Sendable (_ reference: String, _ synthesis: String) -> KnownPair?
  /// What chose the run's class, if that was left to choose: its findings are not made again.
  private let survey: AlignmentSurvey?
  /// Is handed each pair as it is scored sample by sample; called from several threads.
  public typealias Save = @Sendable (_ pair: SynchronousPair, _ system: String, _ utterance: String) throws -> Void
  private let save: Save?
  private let contours: KnownContours?

  /// An evaluator.
  public init(
    settings: EvaluationSettings, jobs: Int, survey: AlignmentSurvey? = nil, save: Save? = nil,
    contours: KnownContours? = nil,
    known: @escaping @Sendable (_ reference: String, _ synthesis: String) -> KnownPair? = { _, _ in nil }
  ) {
    self.settings = settings
    self.jobs = max(1, jobs)
    self.survey = survey
    self.save = save
    self.contours = contours
    self.known = known
  }

  /// What an evaluation gave.
  public struct Result: Sendable {
    /// In the pairing's order, utterances sorted by id; fewer than all when it was cancelled.
    public let systems: [SystemResult]
    /// Scores taken from earlier runs.
    public let reusedScores: Int
    /// Whether all pairs were scored.
    public let isComplete: Bool
  }

  /// Scores every pair; stops taking new ones when the task is cancelled.
  /// - Parameters:
  ///   - pairing: the pairs.
  ///   - finished: called for each reference with its results, by system name; what it throws ends the evaluation.
  public func evaluate(
    _ pairing: Pairing, finished: ([(system: String, UtteranceResult)]) throws -> Void
  ) async throws -> Result {
    let scorer = PairScorer(
      settings: settings, signatures: settings.signatures, survey: survey, save: save,
      systems: pairing.systems.map(\.name),
      journals: SpeedJournals(pairing.systems.map(\.path)), contours: contours,
      sideBySide: pairing.sideBySide(jobs: jobs), known: known)
    // Room for all at once: growing, an array of a hundred thousand is there twice.
    var systems = pairing.systems.indices.map { system in
      let count = pairing.utterances.count { $0.syntheses[system] != nil }
      var result = SystemResult(name: pairing.systems[system].name, path: pairing.systems[system].path, utterances: [])
      result.utterances.reserveCapacity(count)
      return result
    }
    var reused = 0
    var waiting = pairing.utterances.makeIterator()
    var isComplete = true

    try await withThrowingTaskGroup(of: [PairScorer.Scored].self) { group in
      func startNext() {
        guard let utterance = waiting.next() else { return }
        guard !Task.isCancelled else {
          isComplete = false
          return
        }
        group.addTask { try scorer.score(utterance) }
      }
      for _ in 0..<min(jobs, pairing.utterances.count) { startNext() }
      while let scored = try await group.next() {
        try finished(scored.map { (pairing.systems[$0.system].name, $0.result) })
        for one in scored {
          systems[one.system].utterances.insertInOrder(one.result)
          reused += one.reused
        }
        startNext()
      }
    }
    return Result(systems: systems, reusedScores: reused, isComplete: isComplete)
  }
}

extension [UtteranceResult] {
  /// Puts a result where its id belongs. Pairs are begun in order, so that it overtakes at most those that were begun later and done
  /// sooner. To sort them all at the end takes half as much memory again.
  package mutating func insertInOrder(_ result: UtteranceResult) {
    var place = endIndex
    while place > 0, self[place - 1].id > result.id { place -= 1 }
    var result = result
    result.share(last)
    insert(result, at: place)
  }
}

extension Pairing {
  /// Two threads a pair where there are processors for them: a reference and its systems are one unit of work.
  func sideBySide(jobs: Int) -> SideBySide { SideBySide(jobs >= 2 * utterances.count) }
}
