// SPDX-License-Identifier: GPL-3.0-or-later

import SpeechMetrics
import Testing

@Suite("PESQ against the reference packages")
struct PESQReferenceTests {
  @Test func fixtureIsComplete() {
    let cases = PESQReference.load()?.cases ?? []
    #expect(cases.filter { $0.branch == nil }.count >= 24)
    #expect(Set(cases.compactMap(\.branch)).count >= 20)
  }

  @Test(arguments: PESQReference.load()?.cases ?? [])
  func score(_ c: PESQReference.Case) throws {
    let stages = try c.evaluate()
    let expected = try #require(c.mosLQO)
    let tolerance = try #require(PESQReference.load()?.tolerance)
    #expect(tolerance <= 1e-5 && abs(stages.result.mosLQO - expected) <= tolerance)
  }

  /// Every branch is taken by some pair of every mode; the scores above are the packages'.
  @Test(arguments: ["nb8", "nb16", "wb", "c2"])
  func everyBranchIsReached(_ mode: String) throws {
    var missing = Set(PESQBranch.allCases)
    for c in PESQReference.load()?.cases ?? [] where c.mode == mode {
      let (reference, degraded) = (try PESQOperation.signal(c.reference), try PESQOperation.signal(c.degraded))
      let stages = try PESQ(mode: pesqMode(mode), sampleRate: c.rate)
        .stages(reference: reference, degraded: degraded)
      missing.subtract(
        stages.branches(reference: reference.count, degraded: degraded.count, rate: c.rate))
    }
    // A split whose first part would begin before the degraded signal is rare; wide band has none here.
    #expect(missing.subtracting(mode == "wb" ? [.splitStartMoved] : []).isEmpty)
  }

  /// Which branch a case was made for.
  private static let named: [String: PESQBranch] = [
    "weak run after loud sound in digital silence": .weakRun,
    "degraded begins late, search starts before it": .searchBeforeStart,
    "degraded ends early, search cut at its end": .searchBeyondEnd,
    "an utterance missing in the degraded": .noCorrelation,
    "utterances beyond the degraded's end rejected": .tooLate,
    "utterances before the degraded's start rejected": .tooEarly,
    "first boundary moved": .startMoved,
    "pause shortened so that utterances overlap": .overlap,
    "split near an early end": .splitEndMoved,
    "split at an early start": .beyondStart,
    "frames before the first utterance, audible late": .inaudibleStart,
    "more than 1000 frames": .long,
    "growing tone: no frame above the threshold": .featureless,
    "degraded is another sound: frames beyond its end": .beyondEnd,
    "pause put in, end cut: last frame of the search from the end moved back": .lastFrameCut,
    "degraded dropout: bad interval that correlates weakly": .weakCorrelation,
    "degraded replaced by noise: bad intervals": .badInterval,
  ]

  /// Cases that are scored because they are odd as a whole.
  private static let odd: Set<String> = [
    "constant level", "stationary noise: every frame counts", "steady tone", "degraded much longer",
  ]

  /// The case made for a branch takes it.
  @Test(arguments: (PESQReference.load()?.cases ?? []).filter { $0.branch.map { !odd.contains($0) } ?? false })
  func itsBranchIsReached(_ c: PESQReference.Case) throws {
    let label = try #require(c.branch)
    let stages = try c.evaluate()
    switch label {
    case "identical": #expect(stages.result.raw == 4.5)
    case "many utterances, some of them split": #expect(stages.utterances.count > stages.bounded.count)
    default:
      let branch = try #require(Self.named[label])
      let (reference, degraded) = (try PESQOperation.signal(c.reference), try PESQOperation.signal(c.degraded))
      let taken = stages.branches(reference: reference.count, degraded: degraded.count, rate: c.rate)
      // At 8 kHz the noise happens to correlate too weakly to be aligned anew.
      #expect(taken.contains(branch) || c.mode == "nb8" && branch == .badInterval && taken.contains(.weakCorrelation))
    }
  }

  /// The energy gate of the bad intervals. No score can tell of it: what is below it is not heard. So: an utterance that
  /// comes late and much too soft is aligned once more when it is 60 dB down, and is not when it is 180 dB down.
  @Test(arguments: [(1e-3, true), (1e-9, false)])
  func energyGate(_ gain: Double, _ isAligned: Bool) throws {
    func clip(_ name: String) throws -> [Double] { try PESQFixtures.samples(name).map(Double.init) }
    let pause = [Double](repeating: 0, count: 16_000)
    let first = try clip("pair1_delay120ms_noise20dB.ref.16k.wav")
    let second = try clip("pair2_cut50ms_noise25dB.ref.16k.wav")
    let late = [Double](repeating: 0, count: 700) + second.map { $0 * gain }
    let stages = try PESQ(mode: .wideBand, sampleRate: 16000)
      .stages(reference: first + pause + second, degraded: first + pause + late)
    let intervals = stages.badIntervals.filter { $0.frames.lowerBound * 256 > first.count + 8000 }
    #expect(!intervals.isEmpty)
    if isAligned {
      #expect(intervals.contains { $0.correlation >= 0.5 && $0.lag != 0 })
    } else {
      #expect(intervals.allSatisfy { $0.correlation == 0 && $0.lag == 0 })
    }
  }
}
