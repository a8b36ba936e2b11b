// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc
import ListeningPanel
import Testing

/// Windows that change their size, and signals.
extension PanelDriverTests {
  /// Plays until it is stopped.
  private struct EndlessPlayer: ClipPlayer {
    let device = PlaybackDevice(method: "none", name: "", rate: 48_000, version: "")
    var playing: (sound: PreparedSound, start: PanelTime, isStopped: Bool)?
    mutating func start(_ sound: PreparedSound, at time: PanelTime) throws(PanelError) {
      playing = (sound, time, false)
    }
    mutating func report(at time: PanelTime) -> PlaybackReport? {
      guard let playing, playing.isStopped else { return nil }
      self.playing = nil
      return PlaybackReport(
        device: device, start: playing.start, end: time, frames: 1, framesPlanned: playing.sound.frames, underruns: 0,
        wasStopped: true)
    }
    mutating func stop() { playing?.isStopped = true }
    mutating func close() {}
  }

  /// A window that is resized before every key, and is interrupted while a trial plays.
  private struct RestlessTerminal: PanelTerminal {
    var inner: ScriptTerminal
    var signal: Int32?
    var hasRedrawn = false
    var closings = 0
    var isInterrupted = false
    var name: String { inner.name }
    mutating func prepare(for session: PanelSession) throws(PanelError) { try inner.prepare(for: session) }
    mutating func show(_ screen: Screen) {
      if case .trial(_, _, true, _, _, _, _) = screen.prompt { isInterrupted = true }
      inner.show(screen)
    }
    mutating func next(within seconds: Double) -> PanelInput? {
      if isInterrupted, let signal { return .signal(signal) }
      hasRedrawn.toggle()
      return hasRedrawn ? .redraw : inner.next(within: seconds)
    }
    mutating func flush() { inner.flush() }
    mutating func close() { closings += 1 }
  }

  @Test func windowsMayBeResizedAtAnyTime() throws {
    let studio = try Studio(systems: 2, utterances: 4)
    let plan = try studio.plan("training: 0\n")
    let (calm, restless) = (Store(), Store())
    #expect(try run(studio, plan, calm, "ratings: [1, 2, 3]\nundo: [2]\n") == .complete)
    var driver = PanelDriver(
      session: try PanelSession(plan: plan, slot: 0, listener: "K1"), folder: studio.folder, clock: Clock().now,
      openPlayer: { () throws(PanelError) in FilePlayer(rate: plan.rate) }, record: { restless.events.append($0) })
    var terminal = RestlessTerminal(
      inner: try ScriptTerminal(yaml: "ratings: [1, 2, 3]\nundo: [2]\n", path: "s.yaml") { _ in })
    #expect(try driver.run(&terminal) == .complete && terminal.closings == 1)
    // The loop for the loudness goes round as often as there is time.
    func kinds(_ store: Store) -> [String] { store.events.map(\.kind).filter { $0 != "playbackEnded" } }
    #expect(kinds(restless) == kinds(calm))
    #expect(ratings(restless).map { [$0.value, $0.plays] } == ratings(calm).map { [$0.value, $0.plays] })
  }

  /// What plays is stored as broken off, the terminal is given back, and where it goes on can be told.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalEndsTheSittingInOrder(_ signal: Int32) throws {
    let studio = try Studio(systems: 2, utterances: 4)
    let plan = try studio.plan("training: 0\n")
    let store = Store()
    // A sitting that ended after the second answer.
    store.onRating = { if self.ratings(store).count == 2 { store.room = store.events.count } }
    #expect(throws: DiskFull.self) { try run(studio, plan, store) }
    #expect(ratings(store).count == 2)
    var driver = PanelDriver(
      session: try PanelSession(plan: plan, slot: 0, listener: "K1", events: store.events), folder: studio.folder,
      clock: Clock().now, openPlayer: { () throws(PanelError) in EndlessPlayer() },
      record: { store.events.append($0) })
    var terminal = RestlessTerminal(inner: try ScriptTerminal(yaml: "", path: "s.yaml") { _ in }, signal: signal)
    #expect(try driver.run(&terminal) == .interrupted(signal) && terminal.closings == 1)
    #expect(driver.session.farewell == "All confirmed answers are kept. The same command goes on at: Trial 3 of 4.")
    guard case .playbackEnded(let playback)? = store.events.last?.body else {
      Issue.record("what played is not stored: \(store.events.map(\.kind))")
      return
    }
    #expect(playback.purpose == .trial && playback.trial == 2 && playback.report.wasStopped)
    #expect(ratings(store).count == 2)
  }
}
