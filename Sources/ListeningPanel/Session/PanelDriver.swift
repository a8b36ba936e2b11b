// SPDX-License-Identifier: GPL-3.0-or-later

/// Joins a session with the world: keys come in, events are stored, sound is played, screens are shown.
///
/// Runs on the thread that calls it and looks at keys and sound in turn, some forty times a second while sound plays.
public struct PanelDriver {
  /// As far as it has come.
  public private(set) var session: PanelSession
  private let loader: ClipLoader
  private let clock: () -> PanelTime
  private let record: (PanelEvent) throws -> Void
  private let openPlayer: () throws(PanelError) -> any ClipPlayer
  private var player: (any ClipPlayer)?
  private var playing: (request: PlayRequest, sound: PreparedSound)?

  /// - Parameters:
  ///   - session: new, or with the events of earlier sittings.
  ///   - folder: where relative paths of the plan start: the folder of its design.
  ///   - clock: the two clocks.
  ///   - openPlayer: finds a device; called once, before anything is stored.
  ///   - record: makes an event durable before it returns. What it throws ends the sitting; the session has not gone on.
  public init(
    session: PanelSession, folder: String, clock: @escaping () -> PanelTime = PanelClock.now,
    openPlayer: @escaping () throws(PanelError) -> any ClipPlayer, record: @escaping (PanelEvent) throws -> Void
  ) {
    self.session = session
    loader = ClipLoader(session.plan, folder: folder)
    (self.clock, self.openPlayer, self.record) = (clock, openPlayer, record)
  }

  /// Holds a sitting.
  ///
  /// The terminal and the device are given back whatever happens.
  /// - Throws: what `record` throws; before anything is stored `PanelError.sound` where there is no device,
  ///   `PanelError.stimulusChanged`, and what the terminal does not hold. Nothing confirmed is lost.
  public mutating func run(_ terminal: inout some PanelTerminal) throws -> PanelOutcome {
    defer {
      player?.close()
      player = nil
      terminal.close()
    }
    try terminal.prepare(for: session)
    if session.record.finish == nil, session.record.current != nil {
      try loader.check(session.trials)
      player = try openPlayer()
    }
    let opening = PanelEvent.Opening(
      plan: session.plan.hash, slot: session.slot, listener: session.listener, sitting: session.record.sittings + 1,
      terminal: terminal.name)
    if let outcome = try perform([.record(.opened(opening))], &terminal) { return outcome }
    while true {
      if let outcome = try perform(soundEffects(), &terminal) { return outcome }
      let pending = session.pending()
      if let outcome = try perform(pending, &terminal) { return outcome }
      if !pending.isEmpty { continue }
      terminal.show(session.screen(at: clock()))
      switch terminal.next(within: playing == nil ? 0.25 : 0.025) {
      case .key(let key)?:
        let effects = session.handle(key, at: clock())
        if let outcome = try perform(effects, &terminal) { return outcome }
      case .signal(let number)?: return try ended(.interrupted(number), &terminal)
      case .closed?: return try ended(.left, &terminal)
      case .redraw?, nil: break
      }
    }
  }

  /// What plays is stored as broken off before the sitting ends.
  private mutating func ended(_ outcome: PanelOutcome, _ terminal: inout some PanelTerminal) throws -> PanelOutcome {
    guard playing != nil else { return outcome }
    player?.stop()
    let deadline = clock().monotonic + 2
    while playing != nil, clock().monotonic < deadline {
      // The terminal waits: for keys that no longer matter.
      _ = terminal.next(within: 0.01)
      if try perform(soundEffects().filter { if case .play = $0 { false } else { true } }, &terminal) != nil { break }
    }
    return outcome
  }

  /// What follows from the end of a sound.
  private mutating func soundEffects() -> [PanelEffect] {
    guard let playing, var player else { return [] }
    let report = player.report(at: clock())
    self.player = player
    guard let report else { return [] }
    self.playing = nil
    let gains = playing.request.clips.map { session.plan.stimuli[$0].gain }
    return session.playbackEnded(
      playing.request, report, sha256: playing.sound.sha256, gain: (gains.first ?? 0) + playing.request.gain)
  }

  private mutating func perform(
    _ effects: [PanelEffect], _ terminal: inout some PanelTerminal
  ) throws -> PanelOutcome? {
    for effect in effects {
      switch effect {
      case .record(let body): try store(body)
      case .flushKeys: terminal.flush()
      case .stopPlayback: player?.stop()
      case .leave(let outcome): return try ended(outcome, &terminal)
      case .chooseDevice:
        let player = try self.player ?? openPlayer()
        self.player = player
        try store(.deviceChosen(player.device))
      case .play(let request):
        if let outcome = try perform(play(request), &terminal) { return outcome }
      }
    }
    return nil
  }

  /// Begins a sound.
  private mutating func play(_ request: PlayRequest) -> [PanelEffect] {
    guard var player else { return session.playbackFailed(request, .sound("there is no device")) }
    do throws(PanelError) {
      let sound = try loader.sound(request, rate: player.device.rate)
      let now = clock()
      try player.start(sound, at: now)
      self.player = player
      playing = (request, sound)
      session.playbackStarted(request, at: now)
      return []
    } catch {
      return session.playbackFailed(request, error)
    }
  }

  /// Durable first, then true.
  private mutating func store(_ body: PanelEvent.Body) throws {
    let event = PanelEvent(number: session.record.nextNumber, time: clock(), body: body)
    try record(event)
    session.apply(event)
  }
}
