// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Glibc
import ListeningPanel
import Testing

@Suite struct PanelDriverTests {
  struct DiskFull: Error {}

  /// A clock that moves a second each time it is looked at.
  final class Clock {
    var seconds = 0.0
    func now() -> PanelTime {
      seconds += 1
      return PanelTime(utc: 1_700_000_000 + seconds, monotonic: seconds)
    }
  }

  /// Events as they would be stored.
  final class Store {
    var events: [PanelEvent] = []
    var room = Int.max
    var onRating: () -> Void = {}
  }

  func run(
    _ studio: Studio, _ plan: PanelPlan, _ store: Store, _ script: String = "ratings: [4]\n", sound: String? = nil
  ) throws -> PanelOutcome {
    let session = try PanelSession(plan: plan, slot: 0, listener: "K1", events: store.events)
    let clock = Clock()
    var driver = PanelDriver(
      session: session, folder: studio.folder, clock: clock.now,
      openPlayer: { () throws(PanelError) in
        guard let sound else { return FilePlayer(rate: plan.rate) }
        return try FilePlayer(rate: plan.rate, folder: sound)
      },
      record: { event in
        guard store.events.count < store.room else { throw DiskFull() }
        store.events.append(event)
        if case .ratingConfirmed = event.body { store.onRating() }
      })
    var terminal = try ScriptTerminal(yaml: script, path: "s.yaml") { _ in }
    return try driver.run(&terminal)
  }

  func ratings(_ store: Store) -> [PanelEvent.Rating] {
    store.events.compactMap { if case .ratingConfirmed(let rating) = $0.body { rating } else { nil } }
  }

  @Test func aScriptHoldsAWholeSession() throws {
    let studio = try Studio(systems: 2, utterances: 8)
    let plan = try studio.plan("training: 3\nrepeats: 1\n")
    let store = Store()
    let script = "level: -4\nratings: [5, 4, 3]\nreplays: 1\ncomments: {5: clicks}\nundo: [6]\n"
    #expect(try run(studio, plan, store, script) == .complete)
    let final = Dictionary(ratings(store).map { ($0.trial, $0.value) }, uniquingKeysWith: { $1 })
    #expect(final.count == 10 && final[0] == 5 && final[1] == 4 && final[2] == 3)
    // Trial 6 was answered by its own key, taken back, and answered by the next.
    #expect(ratings(store).filter { $0.trial == 5 }.map(\.value) == [3, 5])
    #expect(store.events.contains { $0.body == .commented(trial: 4, text: "clicks") })
    #expect(store.events.contains { $0.body == .levelSet(gain: -4) })
    // The trial after it was on the screen twice, and could be heard three times in all.
    #expect(ratings(store).filter { $0.revision == 1 }.allSatisfy { $0.plays == ($0.trial == 6 ? 1 : 2) })
  }

  /// What is stored after any number of events is what a killed process leaves; the same script ends what it began.
  @Test func aSessionGoesOnAfterEveryEvent() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let plan = try studio.plan("training: 0\n")
    let whole = Store()
    _ = try run(studio, plan, whole, "ratings: [1, 2, 3]\nundo: [2]\n")
    let wanted = Dictionary(ratings(whole).map { ($0.trial, $0.value) }, uniquingKeysWith: { $1 })
    for room in 0..<whole.events.count {
      let store = Store()
      store.room = room
      #expect(throws: DiskFull.self) { try run(studio, plan, store, "ratings: [1, 2, 3]\nundo: [2]\n") }
      #expect(store.events.count == room)
      let kept = ratings(store)
      store.room = .max
      #expect(try run(studio, plan, store, "ratings: [1, 2, 3]\n") == .complete)
      let all = ratings(store)
      #expect(Array(all.prefix(kept.count)) == kept && Set(all.map(\.trial)) == Set(wanted.keys), "after \(room)")
      #expect(store.events.map(\.number) == Array(store.events.indices))
    }
  }

  @Test func whatWasHeardIsInTheOrderOfThePlan() throws {
    let studio = try Studio(systems: 2, utterances: 3, rate: 48_000)
    let plan = try studio.plan("training: 0\nlevel: as-is\n")
    let folder = "\(studio.folder)/heard"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try run(studio, plan, Store(), sound: folder)
    let loader = ClipLoader(plan, folder: studio.folder)
    // Before the trials come the loop of the level and the two sides.
    let trials = plan.listeners[0].trials
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files.count > trials.count + 2)
    for (place, trial) in trials.enumerated() {
      let file = files[files.count - trials.count + place]
      let heard = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
      let request = PlayRequest(purpose: .trial, trial: place, clips: trial.clips, gain: 0, play: 1)
      let planned = try loader.sound(request, rate: plan.rate).samples.withUnsafeBytes { Data($0) }
      let isPlanned = heard == planned
      #expect(isPlanned)
    }
  }

  @Test func anExchangedFileStopsTheSessionWithoutItsName() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let plan = try studio.plan("training: 0\n")
    let second = plan.stimuli[plan.listeners[0].trials[1].clips[0]].path
    let store = Store()
    store.room = 1
    #expect(throws: DiskFull.self) { try run(studio, plan, store) }
    store.room = .max
    store.onRating = { try? studio.write(second, pitch: 333) }
    #expect(try run(studio, plan, store) == .left)
    #expect(ratings(store).map(\.trial) == [0])
    guard case .playbackFailed(let trial, let reason, let detail)? = store.events.last?.body else {
      Issue.record("no failure")
      return
    }
    #expect(trial == 1 && reason == "a recording is not the one that was planned." && detail.contains(second))
    let session = try PanelSession(plan: plan, slot: 0, listener: "K1", events: store.events)
    #expect(!ScreenText.of(session.screen(at: PanelTime(utc: 0, monotonic: 0))).contains("wav"))
  }

  /// Nobody's place is taken by a start that fails.
  @Test func aStartThatFailsStoresNothing() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    let store = Store()
    var driver = PanelDriver(
      session: try PanelSession(plan: plan, slot: 0, listener: "K1"), folder: studio.folder,
      openPlayer: { () throws(PanelError) in throw .sound("no sound device") }, record: { store.events.append($0) })
    var terminal = try ScriptTerminal(yaml: "", path: "s.yaml") { _ in }
    #expect(throws: PanelError.sound("no sound device")) { try driver.run(&terminal) }
    #expect(store.events.isEmpty)

    let folder = "\(studio.folder)/missing"
    #expect(throws: PanelError.sound("no folder “\(folder)” for the sound")) {
      try FilePlayer(rate: 48_000, folder: folder)
    }
    let path = plan.stimuli[plan.listeners[0].trials[2].clips[0]].path
    try studio.write(path, pitch: 333)
    #expect(
      throws: PanelError.stimulusChanged(
        path: "\(studio.folder)/\(path)", reason: "not the file the plan was frozen with: its SHA-256 differs")
    ) { try run(studio, plan, store) }
    try FileManager.default.moveItem(atPath: "\(studio.folder)/s0", toPath: "\(studio.folder)/moved")
    try FileManager.default.moveItem(atPath: "\(studio.folder)/s1", toPath: "\(studio.folder)/gone")
    do {
      _ = try run(studio, plan, store)
      Issue.record("started")
    } catch let error as PanelError {
      #expect(error.description.contains("no such file (the first of 4 recordings that have changed); a plan finds"))
    }
    #expect(store.events.isEmpty)
  }

  @Test func theLastAnswerIsTakenBackToo() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let store = Store()
    #expect(try run(studio, studio.plan("training: 0\n"), store, "ratings: [5, 4, 2]\nundo: [3]\n") == .complete)
    #expect(ratings(store).map(\.value) == [5, 4, 2, 5] && ratings(store).map(\.trial) == [0, 1, 2, 2])
    // A session that is over needs no sound, and no place.
    let session = try PanelSession(
      plan: studio.plan("training: 0\n"), slot: 0, listener: "K1", events: store.events)
    var driver = PanelDriver(
      session: session, folder: "/nowhere", openPlayer: { () throws(PanelError) in throw .sound("none") },
      record: { _ in })
    var terminal = try ScriptTerminal(yaml: "", path: "s.yaml") { _ in }
    #expect(try driver.run(&terminal) == .complete)
  }

  @Test func eventsSurviveJSON() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let store = Store()
    _ = try run(studio, try studio.plan("training: 0\n"), store, "undo: [1]\ncomments: {2: \"“ü”\"}\n")
    let data = try JSONEncoder().encode(store.events)
    #expect(try JSONDecoder().decode([PanelEvent].self, from: data) == store.events)
  }

  @Test func twoListenersInOnePlaceAreTold() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let plan = try studio.plan("training: 0\nlisteners: 4\n")
    let store = Store()
    #expect(try run(studio, plan, store, "side: wrong\n") == .complete)
    let one = try PanelSession(plan: plan, slot: 0, listener: "K1", events: store.events)
    let idle = try PanelSession(plan: plan, slot: 2, listener: "K3")
    let progress = PanelProgress(plan, [one, try PanelSession(plan: plan, slot: 0, listener: "K2"), idle])
    #expect(progress.shared == [1] && PanelProgress(plan, [one, idle]).shared.isEmpty)
    // Who is in the store holds a place, also before anything has happened.
    #expect(progress.free == [2, 4] && progress.votes == 0...1 && progress.planned == 2...2)
    #expect(progress.listeners.map(\.sides) == [.swapped, nil, nil])
    #expect(progress.listeners.map(\.rehearsal) == ["script, no sound", nil, nil])
  }

  /// Whoever answers without having listened is told from a listener, by the sittings in which there are answers.
  @Test func aRehearsalIsTold() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    let plan = try studio.plan("training: 0\n")
    func rehearsal(_ terminal: String, _ method: String, answers: Int) throws -> SessionRecord {
      let device = PlaybackDevice(method: method, name: "", rate: 48_000, version: "")
      var bench = try Bench(plan, terminal: terminal, device: device)
      guard answers > 0 else { return bench.session.record }
      bench.enterTrials()
      for _ in 1..<answers { bench.answer("3") }
      return bench.session.record
    }
    for (terminal, method, words) in [
      ("ncurses", "portaudio", nil), ("plain", "pw-play", nil), ("script", "portaudio", "script"),
      ("plain", "none", "no sound"), ("ncurses", "file", "no sound"), ("script", "none", "script, no sound"),
    ] {
      #expect(try rehearsal(terminal, method, answers: 2).rehearsal == words, "\(terminal) \(method)")
      #expect(try rehearsal(terminal, method, answers: 0).rehearsal == nil)
    }
    // Nobody is taken for a script because one looked at what they had finished.
    var real = try Bench(
      plan, terminal: "plain", device: PlaybackDevice(method: "portaudio", name: "", rate: 48_000, version: ""))
    real.enterTrials()
    for _ in plan.listeners[0].trials { real.answer("4") }
    real.press("⏎")
    #expect(real.isFinished && real.session.record.rehearsal == nil)
    let later = try Bench(plan, events: real.events, terminal: "script")
    #expect(later.session.record.sittings == 2 && later.session.record.rehearsal == nil)
  }
}
