// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Evaluation
import Foundation
import SpeechMetrics
import SpeechSignal
import Synchronization
import Testing

@Suite struct EvaluatorTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Four utterances; system `quiet` is the reference 12 dB down and 37 ms late, `rough` has a buzz of its own over it.
  func prepare() throws -> Pairing {
    for seed in 1...4 {
      let speech = syllables(seed: seed)
      let quiet = [Double](repeating: 0, count: 592) + speech.samples.map { $0 * 0.25 }
      let rough = speech.samples.enumerated().map { $1 + ($0 % 50 == 0 ? 0.05 : 0) }
      try folder.write(speech, "ref/u\(seed).wav")
      try folder.write(Waveform(samples: quiet, sampleRate: 16_000), "quiet/u\(seed).wav")
      try folder.write(Waveform(samples: rough, sampleRate: 16_000), "rough/u\(seed).wav")
    }
    return try Pairing(
      reference: folder.path + "/ref",
      systems: [.init(path: folder.path + "/quiet"), .init(path: folder.path + "/rough")])
  }

  func settings(_ alignment: AlignmentClass = .delay, matchesLevel: Bool = false) -> EvaluationSettings {
    EvaluationSettings(
      metrics: MetricCatalogue.all, analysisRate: 16_000, alignment: alignment, matchesLevel: matchesLevel)
  }

  @Test func delayAndLevelAreFoundAndStored() async throws {
    let result = try await Evaluator(settings: settings(), jobs: 2).evaluate(try prepare()) { _ in }
    #expect(result.isComplete && result.systems.map(\.name) == ["quiet", "rough"])
    for utterance in result.systems[0].utterances {
      let alignment = try #require(utterance.alignment)
      #expect(alignment.delaySeconds == 0.037)
      #expect(alignment.cutSamples == 0 && !alignment.isFreeRunning)
      #expect(abs((alignment.levelDifferenceDb ?? 0) + 12.04) < 0.05)
      #expect((utterance.score("stoi")?.outcome.value ?? 0) > 0.999)
      #expect(utterance.reference.sampleRate == 16_000 && utterance.reference.audioSHA256?.count == 64)
    }
  }

  /// One contour for each reference, whatever the number of systems; found again, it gives the same scores.
  @Test func contoursOfReferencesAreKept() async throws {
    let kept = Mutex<[String: [Double]]>([:])
    let asked = Mutex(0)
    let contours = KnownContours(
      find: { file, recipe in
        asked.withLock { $0 += 1 }
        return kept.withLock { $0[file + recipe] }
      }, keep: { file, recipe, numbers in kept.withLock { $0[file + recipe] = numbers } })
    let pairing = try prepare()
    let first = try await Evaluator(settings: settings(), jobs: 2, contours: contours).evaluate(pairing) { _ in }
    #expect(kept.withLock { $0.count } == 4)
    #expect(kept.withLock { $0.values.allSatisfy { $0.contains { $0 > 71 } } })
    let before = asked.withLock { $0 }
    let again = try await Evaluator(settings: settings(), jobs: 1, contours: contours).evaluate(pairing) { _ in }
    #expect(asked.withLock { $0 } == before + 4)
    #expect(again.systems == first.systems)
    // What was kept is what is used: another contour, other scores.
    kept.withLock { kept in kept = kept.mapValues { $0.map { $0 > 71 ? $0 * 1.2 : $0 } } }
    let moved = try await Evaluator(settings: settings(), jobs: 1, contours: contours).evaluate(pairing) { _ in }
    #expect(moved.systems != first.systems)
  }

  @Test func withoutAlignmentADelayShows() async throws {
    let result = try await Evaluator(settings: settings(.none), jobs: 1).evaluate(try prepare()) { _ in }
    let scores = result.systems[0].utterances.compactMap { $0.score("stoi")?.outcome.value }
    #expect(scores.count == 4 && scores.allSatisfy { $0 < 0.9 })
    #expect(result.systems[0].utterances[0].score("stoi")?.signature.description.contains("|align:none|") == true)
  }

  @Test func matchingLevelsUndoesAGain() async throws {
    let metric = try #require(MetricCatalogue.metric("log-mel-l1"))
    var settings = settings(.delay, matchesLevel: true)
    settings.metrics = [metric]
    let result = try await Evaluator(settings: settings, jobs: 1).evaluate(try prepare()) { _ in }
    let score = try #require(result.systems[0].utterances[0].score("log-mel-l1"))
    #expect(score.signature.description.contains("|level:match|"))
    #expect((score.outcome.value ?? 1) < 0.05)
  }

  /// With twice as many jobs as references the two sides of a pair are analysed at once.
  @Test(arguments: AlignmentClass.allCases)
  func theResultDoesNotDependOnJobs(_ alignment: AlignmentClass) async throws {
    let pairing = try prepare()
    // What can be read is described, whatever becomes of the other side.
    for path in ["ref/u2", "quiet/u3"] { try Data("none".utf8).write(to: URL(filePath: "\(folder.path)/\(path).wav")) }
    let one = try await Evaluator(settings: settings(alignment), jobs: 1).evaluate(pairing) { _ in }
    for jobs in [2, 8] {
      let many = try await Evaluator(settings: settings(alignment), jobs: jobs).evaluate(pairing) { _ in }
      #expect(many.systems == one.systems)
    }
    #expect(one.systems[0].utterances[1].synthesis.audioSHA256 != nil)
  }

  /// At a rate that the vocoder doesn't know, its metrics fail, on two threads as on one.
  @Test func aRateWithoutAVocoderFailsAlike() async throws {
    let pairing = try prepare()
    var settings = settings()
    settings.analysisRate = 7000
    let one = try await Evaluator(settings: settings, jobs: 1).evaluate(pairing) { _ in }
    #expect(try await Evaluator(settings: settings, jobs: 8).evaluate(pairing) { _ in }.systems == one.systems)
    #expect(
      one.systems[0].utterances.allSatisfy { if case .failed = $0.score("mcd")?.outcome { true } else { false } })
  }

  /// The survey hands on what it found; of a file that was written to since, nothing.
  @Test func whatChangesAfterTheSurveyIsLookedAtAnew() async throws {
    let pairing = try prepare()
    var surveys: [AlignmentSurvey] = []
    for jobs in [1, 8] {
      surveys.append(await AlignmentSurvey(pairing, settings: settings(), jobs: jobs) { _, _ in nil })
    }
    #expect(surveys.map(\.alignment) == [.delay, .delay])
    let late = [Double](repeating: 0, count: 800) + syllables(seed: 2).samples
    try folder.write(Waveform(samples: late, sampleRate: 16_000), "rough/u2.wav")
    let plain = try await Evaluator(settings: settings(), jobs: 2).evaluate(pairing) { _ in }
    #expect(plain.systems[1].utterances[1].alignment?.delaySeconds == 0.05)
    for survey in surveys {
      let surveyed = try await Evaluator(settings: settings(), jobs: 2, survey: survey).evaluate(pairing) { _ in }
      #expect(surveyed.systems == plain.systems)
    }
  }

  @Test func whatIsKnownIsNotComputedAgain() async throws {
    let pairing = try prepare()
    let first = try await Evaluator(settings: settings(), jobs: 1).evaluate(pairing) { _ in }
    let store = Dictionary(
      uniqueKeysWithValues: first.systems.flatMap(\.utterances).compactMap { result -> (String, KnownPair)? in
        guard let ref = result.reference.fileSHA256, let syn = result.synthesis.fileSHA256,
          let alignment = result.alignment
        else { return nil }
        // A number no metric would give shows where it came from.
        let outcomes = Dictionary(uniqueKeysWithValues: result.scores.map { ($0.signature, Outcome.value(-77)) })
        return (
          ref + syn,
          KnownPair(reference: result.reference, synthesis: result.synthesis, alignment: alignment, outcomes: outcomes)
        )
      })
    let again = try await Evaluator(settings: settings(), jobs: 2, known: { store[$0 + $1] }).evaluate(pairing) { _ in }
    #expect(again.reusedScores == 8 * MetricCatalogue.all.count)
    #expect(
      again.systems.allSatisfy { $0.utterances.allSatisfy { $0.scores.allSatisfy { $0.outcome == .value(-77) } } })

    // Other sound under the same name is other sound.
    try folder.write(syllables(seed: 9), "rough/u1.wav")
    let swapped = try await Evaluator(settings: settings(), jobs: 2, known: { store[$0 + $1] }).evaluate(pairing) { _ in
    }
    #expect(swapped.reusedScores == 7 * MetricCatalogue.all.count)
    #expect(swapped.systems[1].utterances[0].scores.allSatisfy { $0.outcome != .value(-77) })
  }

  /// What the store knows of the old bytes must not be filed under the new ones.
  @Test func aFileThatChangesAfterItWasLookedUpFails() async throws {
    let pairing = try prepare()
    let path = folder.path + "/rough/u1.wav"
    let old = try AudioFile.digest(path)
    let other = syllables(seed: 9)
    let swapping = Evaluator(
      settings: settings(), jobs: 1,
      known: { _, synthesis in
        if synthesis == old { try? AudioFile.write(other, to: path, as: .float32) }
        return nil
      })
    let result = try await swapping.evaluate(pairing) { _ in }
    let changed = result.systems[1].utterances[0]
    #expect(changed.scores.allSatisfy { $0.outcome == .failed("synthesis \(path): written while it was read") })
    #expect(result.systems[1].utterances[1].hasFailure == false)
  }

  /// One speaker stops early: what is missing is no part of the score, and the user is told.
  @Test func speechThatIsCutOffIsMeasured() async throws {
    let speech = syllables(seed: 1)
    try folder.write(speech, "ref/u1.wav")
    try folder.write(Waveform(samples: Array(speech.samples.dropLast(8000)), sampleRate: 16_000), "short/u1.wav")
    try folder.write(
      Waveform(samples: speech.samples + [Double](repeating: 0, count: 8000), sampleRate: 16_000), "long/u1.wav")
    let pairing = try Pairing(
      reference: folder.path + "/ref",
      systems: [.init(path: folder.path + "/short"), .init(path: folder.path + "/long")])
    let result = try await Evaluator(settings: settings(), jobs: 1).evaluate(pairing) { _ in }
    let cut = try result.systems.map { try #require($0.utterances[0].alignment) }
    #expect(cut.map(\.cutSamples) == [8000, 8000])
    #expect(abs((cut[0].cutSpeechSeconds ?? 0) - 0.5) < 0.1 && cut[1].cutSpeechSeconds == 0)
  }

  @Test func badFilesAreRowsAndTheOthersAreScored() async throws {
    _ = try prepare()
    try folder.write(Waveform(samples: [Double](repeating: 0, count: 16_000), sampleRate: 16_000), "rough/u1.wav")
    try folder.write(Waveform(samples: [Double](repeating: 0.25, count: 16_000), sampleRate: 16_000), "rough/u2.wav")
    try folder.write(syllables(seed: 3, sampleRate: 8000), "rough/u3.wav")
    try folder.touch("quiet/u2.wav")
    try folder.touch("quiet/u3.flac")
    let pairing = try Pairing(
      reference: folder.path + "/ref",
      systems: [.init(path: folder.path + "/quiet"), .init(path: folder.path + "/rough")])
    let result = try await Evaluator(settings: settings(), jobs: 2).evaluate(pairing) { _ in }
    func reasons(_ system: Int, _ utterance: Int) -> Set<String> {
      Set(
        result.systems[system].utterances[utterance].scores.map { score in
          if case .failed(let reason) = score.outcome { reason } else { "not failed" }
        })
    }
    let root = folder.path
    #expect(reasons(1, 0) == ["synthesis \(root)/rough/u1.wav: silent, every sample is 0"])
    #expect(reasons(1, 1) == ["synthesis \(root)/rough/u2.wav: no sound, every sample is 0.25"])
    #expect(
      reasons(1, 2) == ["synthesis \(root)/rough/u3.wav: 8000 Hz is below the run's 16000 Hz; see --rate"])
    #expect(reasons(0, 2) == ["synthesis: files of one name: \(root)/quiet/u3.flac, \(root)/quiet/u3.wav"])
    #expect(reasons(0, 1).count == 1 && reasons(0, 1).first?.hasPrefix("synthesis \(root)/quiet/u2.wav: ") == true)
    #expect(reasons(0, 0) == ["not failed"] && reasons(1, 3) == ["not failed"])
    #expect(result.systems[1].summary("stoi").failed == 3 && result.systems[1].summary("stoi").values?.n == 1)
  }

  @Test func anErrorOfTheListenerEndsTheEvaluation() async throws {
    struct Full: Error {}
    let pairing = try prepare()
    await #expect(throws: Full.self) {
      _ = try await Evaluator(settings: settings(), jobs: 2).evaluate(pairing) { _ in throw Full() }
    }
  }

  @Test func cancellingKeepsWhatWasDone() async throws {
    let pairing = try prepare()
    let evaluator = Evaluator(settings: settings(), jobs: 1)
    let task = Task {
      try await evaluator.evaluate(pairing) { _ in withUnsafeCurrentTask { $0?.cancel() } }
    }
    let result = try await task.value
    #expect(!result.isComplete)
    #expect(result.systems[0].utterances.map(\.id) == ["u1"])
  }
}

@Suite struct AnalysisRateTests {
  @Test func isTheLowestOfTheFoldersCommonestRates() throws {
    let folder = try TemporaryFolder()
    for (index, rates) in [(48_000, 24_000), (48_000, 24_000), (16_000, 22_050)].enumerated() {
      try folder.write(syllables(seed: 1, sampleRate: rates.0, seconds: 0.1), "ref/\(index).wav")
      try folder.write(syllables(seed: 1, sampleRate: rates.1, seconds: 0.1), "syn/\(index).wav")
    }
    let pairing = try Pairing(reference: folder.path + "/ref", systems: [.init(path: folder.path + "/syn")])
    let rate = try #require(AnalysisRate(pairing))
    #expect(rate.sampleRate == 24_000)
    #expect(rate.converted == [48_000: 2])
    #expect(rate.tooLow == [16_000: 1, 22_050: 1])
    #expect(AnalysisRate(pairing, requested: 8000)?.sampleRate == 8000)
  }
}
