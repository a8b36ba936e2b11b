// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import ListeningPanel
import SpeechSignal
import Testing

@Suite struct PlannerTests {
  private func names(_ plan: PanelPlan, _ trial: PlannedTrial) -> [String] {
    trial.clips.map { "\(plan.stimuli[$0].system)/\(plan.stimuli[$0].utterance)" }
  }

  @Test func aLatinSquareGivesEachClipTheSameVotes() throws {
    let studio = try Studio(systems: 3, utterances: 7)
    let plan = try studio.plan("listeners: 6\ntraining: 0\n", systems: 3)
    for listener in plan.listeners {
      let heard = listener.trials.map { plan.stimuli[$0.clips[0]] }
      #expect(Set(heard.map(\.utterance)).count == 7 && heard.count == 7)
      for (a, b) in zip(heard, heard.dropFirst()) { #expect(a.system != b.system) }
    }
    let summary = PlanSummary(plan)
    #expect(summary.votesPerClip == 2...2 && summary.trialsPerListener == 7)
  }

  @Test func votesThatCannotBeHadAreTold() throws {
    let studio = try Studio(systems: 3, utterances: 4)
    let plan = try studio.plan("listeners: 10\nvotes: 10\ntraining: 0\n", systems: 3)
    #expect(plan.notes.contains("votes for each recording: 3 at least, not the 10 wanted: those take 30 listeners"))
    #expect(plan.notes.contains("votes for each recording: 3 or 4, as listeners are not a multiple of 3"))
    #expect(PlanSummary(plan).votesPerClip == 3...4)
  }

  @Test(arguments: ["williams", "random"]) func elsewhereEverybodyHearsEverything(_ order: String) throws {
    let studio = try Studio(systems: 4, utterances: 8)
    let plan = try studio.plan("listeners: 4\norder: \(order)\ntraining: 0\n", systems: 4)
    for listener in plan.listeners {
      let heard = listener.trials.map { names(plan, $0)[0] }
      #expect(heard.count == 32 && Set(heard).count == 32)
      let stimuli = listener.trials.map { plan.stimuli[$0.clips[0]] }
      for (a, b) in zip(stimuli, stimuli.dropFirst()) { #expect(a.system != b.system && a.utterance != b.utterance) }
    }
    #expect(Set(plan.listeners.map { $0.trials.map(\.clips) }).count == 4)
  }

  @Test func practiceSpansTheRangeAndIsNotRated() throws {
    let studio = try Studio(systems: 4, utterances: 8)
    let plan = try studio.plan("listeners: 4\ntraining: 4\n", systems: 4)
    #expect(plan.utterances == (0..<6).map { "u\($0)" })
    for listener in plan.listeners {
      let practice = listener.trials.prefix(4).map { plan.stimuli[$0.clips[0]] }
      #expect(Set(practice.map(\.system)).count == 4 && Set(practice.map(\.utterance)) == ["u6", "u7"])
      #expect(
        listener.trials.allSatisfy {
          ($0.kind == .training) == ["u6", "u7"].contains(plan.stimuli[$0.clips[0]].utterance)
        })
    }
  }

  @Test func knownAndRepeatedTrialsStandInTheMiddle() throws {
    let studio = try Studio(systems: 2, utterances: 14)
    try studio.write("press2.wav", pitch: 300)
    let more = """
      listeners: 8
      training: 0
      utterances: [u0, u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11]
      repeats: 2
      gold: [{system: s0, utterance: u12, at-least: 4}]
      catch: [{file: press2.wav, expect: 2}]
      """
    let plan = try studio.plan(more)
    for listener in plan.listeners {
      let kinds = listener.trials.map(\.kind)
      #expect(kinds.count == 16 && kinds.first == .rated && kinds.last != .gold && kinds.last != .catch)
      let gold = try #require(listener.trials.first { $0.kind == .gold })
      #expect(gold.isRight(4) == true && gold.isRight(5) == true && gold.isRight(3) == false)
      let caught = try #require(listener.trials.first { $0.kind == .catch })
      #expect(caught.isRight(2) == true && caught.isRight(1) == false && plan.stimuli[caught.clips[0]].system.isEmpty)
      let again = listener.trials.enumerated().filter { $0.element.kind == .repeat }
      #expect(again.count == 2)
      for (place, trial) in again {
        let original = try #require(trial.repeats)
        #expect(listener.trials[original].clips == trial.clips && listener.trials[original].kind == .rated)
        #expect(place - original > 3)
      }
    }
  }

  @Test func pairsAreTurnedByLotAndTurnedBack() throws {
    let studio = try Studio(systems: 3, utterances: 6)
    let plan = try studio.plan("method: ccr\nreference: s0\nlisteners: 8\norder: random\ntraining: 0\n", systems: 3)
    let trials = plan.listeners.flatMap(\.trials)
    #expect(trials.count == 8 * 12)
    for trial in trials {
      let systems = trial.clips.map { plan.stimuli[$0].system }
      #expect(systems[trial.isSwapped ? 1 : 0] == "s0" && systems[trial.isSwapped ? 0 : 1] != "s0")
      #expect(trial.score(2, method: .ccr) == (trial.isSwapped ? -2 : 2))
    }
    let swapped = trials.filter(\.isSwapped).count
    #expect((30...66).contains(swapped))

    let ab = try studio.plan("method: ab\nlisteners: 3\ntraining: 0\n", systems: 3)
    #expect(Set(ab.listeners.flatMap(\.trials).map { Set($0.clips.map { ab.stimuli[$0].system }) }).count == 3)
    for trial in ab.listeners.flatMap(\.trials) {
      let isTurned = ab.stimuli[trial.clips[0]].system > ab.stimuli[trial.clips[1]].system
      #expect(trial.isSwapped == isTurned && trial.score(0, method: .ab) == 0)
      #expect([1, 2].map { trial.score($0, method: .ab) } == (isTurned ? [2, 1] : [1, 2]))
    }
    let dcr = try studio.plan("method: dcr\nreference: s0\ntraining: 0\n", systems: 3)
    #expect(dcr.listeners.flatMap(\.trials).allSatisfy { dcr.stimuli[$0.clips[0]].system == "s0" && !$0.isSwapped })
  }

  @Test func recordingsThatCannotBePlayedAreAllNamed() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    try Data("no sound".utf8).write(to: URL(fileURLWithPath: "\(studio.folder)/s0/u0.wav"))
    try AudioFile.write(
      Waveform(samples: [Double](repeating: 0, count: 8000), sampleRate: 16_000), to: "\(studio.folder)/s1/u1.wav",
      as: .pcm16)
    do {
      _ = try studio.plan("training: 0\n")
      Issue.record("planned")
    } catch PanelError.stimuli(let lines) {
      #expect(lines.count == 2)
      #expect(
        lines.contains { $0.contains("s0/u0.wav: not audio") } && lines.contains { $0.hasSuffix("s1/u1.wav: silent") })
    }
    #expect(throws: PanelError.stimuli(["s2: no folder \(studio.folder)/s2"])) { try studio.plan(systems: 3) }
    #expect(throws: PanelError.stimuli(["s0: has no recording “u9”", "s1: has no recording “u9”"])) {
      try studio.plan("utterances: [u2, u9]\n")
    }
  }

  @Test func whatListenersMayStumbleOverIsNoted() throws {
    let studio = try Studio(systems: 2, utterances: 2)
    try studio.write("s0/u0.wav", pitch: 100, amplitude: 4)  // clipped when stored
    try FileManager.default.removeItem(atPath: "\(studio.folder)/s1/u1.wav")
    try FileManager.default.copyItem(atPath: "\(studio.folder)/s0/u1.wav", toPath: "\(studio.folder)/s1/u1.wav")
    let plan = try studio.plan("training: 0\nlevel: as-is\n")
    #expect(plan.notes.contains { $0.contains("s0/u0.wav: clipped") })
    #expect(
      plan.notes.contains {
        $0.contains("s1/u1.wav is the same sound as s0/u1.wav")
          || $0.contains("s0/u1.wav is the same sound as s1/u1.wav")
      })
    #expect(plan.notes.contains { $0.hasPrefix("levels differ by") })
    #expect(plan.stimuli.allSatisfy { $0.gain == 0 })
  }

  @Test func activeLevelsAreMadeEqualWithoutClipping() throws {
    let studio = try Studio(systems: 2, utterances: 2)
    try studio.write("s1/u0.wav", pitch: 150, amplitude: 0.02)
    let plan = try studio.plan("training: 0\n")
    for stimulus in plan.stimuli {
      #expect(abs(stimulus.activeLevel + stimulus.gain + 26) < 1e-9 && stimulus.peak + stimulus.gain <= 0)
    }
  }

  @Test func aPlanIsFrozen() throws {
    let studio = try Studio()
    let plan = try studio.plan()
    let text = plan.frozen()
    #expect(try PanelPlan(frozen: text) == plan && PanelPlan(frozen: text).hash == plan.hash && plan.hash.count == 64)
    #expect(try studio.plan().hash == plan.hash && studio.plan("seed: 2\n").hash != plan.hash)
    #expect(throws: PanelError.plan("the plan was changed after it was frozen")) {
      try PanelPlan(frozen: text.replacing("\"replays\":2", with: "\"replays\":3"))
    }
    #expect(throws: PanelError.plan("not the file of a plan")) { try PanelPlan(frozen: "{}") }
  }

  /// Names of files come from elsewhere; what they would do to a terminal is not done in the refusal either.
  @Test func recordingsWithControlCharactersAreRefused() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    for system in ["s0", "s1"] { try studio.write("\(system)/u\u{1B}[31m.wav", pitch: system == "s0" ? 310 : 320) }
    #expect(
      throws: PanelError.stimuli(["the name of the recordings “u\\u{1B}[31m” has a control character"])
    ) { try studio.plan("training: 0\n") }
    // Where nobody hears them they are let be.
    #expect(throws: Never.self) { try studio.plan("training: 0\nutterances: [u0, u2]\n") }
  }

  @Test func twoFilesOfOneNameAreRefused() throws {
    let studio = try Studio(utterances: 3)
    try FileManager.default.copyItem(atPath: "\(studio.folder)/s0/u1.wav", toPath: "\(studio.folder)/s0/u1.flac")
    #expect(throws: PanelError.stimuli(["s0: two recordings are called “u1”: s0/u1.flac, s0/u1.wav"])) {
      try studio.plan("training: 0\n")
    }
    // Where nobody hears them they are let be.
    #expect(throws: Never.self) { try studio.plan("training: 0\nutterances: [u0, u2]\n") }
  }

  /// Links to folders are followed wherever they stand, round in a circle once; the plan keeps the paths of the design.
  @Test func linksToFoldersAreFollowed() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let plain = try studio.plan("training: 0\n")
    func move(_ name: String, to place: String) throws {
      try FileManager.default.moveItem(atPath: "\(studio.folder)/\(name)", toPath: "\(studio.folder)/\(place)")
      try FileManager.default.createSymbolicLink(
        atPath: "\(studio.folder)/\(name)", withDestinationPath: "\(studio.folder)/\(place)")
    }
    try move("s0", to: "elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: "\(studio.folder)/s1/round", withDestinationPath: "\(studio.folder)/s1")
    #expect(try studio.plan("training: 0\n") == plain)

    for system in ["elsewhere", "s1"] {
      try FileManager.default.createDirectory(
        atPath: "\(studio.folder)/\(system)-part", withIntermediateDirectories: true)
      try studio.write("\(system)-part/v.wav", pitch: system == "s1" ? 410 : 420)
      try FileManager.default.createSymbolicLink(
        atPath: "\(studio.folder)/\(system)/part", withDestinationPath: "\(studio.folder)/\(system)-part")
    }
    #expect(try studio.plan("training: 0\n").utterances == ["part/v", "u0", "u1", "u2"])
  }
}
