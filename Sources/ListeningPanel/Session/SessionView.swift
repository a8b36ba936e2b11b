// SPDX-License-Identifier: GPL-3.0-or-later

/// What a session shows that is not stored, and may be lost.
struct SessionView: Sendable, Equatable {
  /// What lies over the phase's own screen.
  enum Overlay: Sendable, Equatable { case help, comment }

  /// Sound that plays.
  struct Playing: Sendable, Equatable {
    var request: PlayRequest
    /// Monotonic seconds.
    var start: Double
    var isStopping = false
  }

  struct FirstKey: Sendable, Equatable {
    var time: PanelTime
    var playbackEnd: Double
  }

  /// The answer that is chosen and not confirmed: a value, or the place of an answer of the intake.
  var chosen: Int?
  /// When the first key was pressed that chose one, and when the last sound before it had ended.
  var firstKey: FirstKey?
  /// Typed so far.
  var text = ""
  var overlay: Overlay?
  var message: Phrase?
  var playing: Playing?
  /// When the last sound ended, monotonic seconds.
  var playbackEnd = 0.0
  /// The loudness that is tried, dB.
  var gain = 0.0
  /// Whether the loop, or the side that is asked, was played in this phase.
  var hasPlayed = false
  /// Whether the loop begins again when it ends.
  var isLooping = false
  /// When the phase began.
  var since = PanelTime(utc: 0, monotonic: 0)
  /// Versions of a mushra trial: values by place, and the one in hand.
  var sliders: [Int: Int] = [:]
  var version = 0
  /// Whether the last key was a digit of the version's value, to which another may be added.
  var isTyping = false

  /// Begins anew; what plays goes on.
  mutating func enter(_ phase: PanelSession.Phase, at time: PanelTime) {
    let (playing, end) = (playing, playbackEnd)
    self = SessionView()
    (self.playing, playbackEnd, since) = (playing, end, time)
  }
}

extension PanelSession {
  /// Characters that a listener can type in one place.
  static let longestText = 500

  /// What a key does.
  /// - Parameter time: when it was pressed.
  public mutating func handle(_ key: PanelKey, at time: PanelTime) -> [PanelEffect] {
    let isTrial = if case .trial = phase { true } else { false }
    if view.overlay == nil, !isTrial || [.unknownKey, .unknownLine].contains(view.message) { view.message = nil }
    switch view.overlay {
    case .help:
      view.overlay = nil
      return []
    case .comment: return type(key)
    case nil: break
    }
    if keys.action(key) == .help, !isTyping {
      view.overlay = .help
      return []
    }
    switch phase {
    case .intake(let question): return answer(question, key)
    case .level: return setLevel(key)
    case .side(let side): return answerSide(side, key)
    case .instructions: return keys.action(key) == .confirm ? [.record(.instructionsRead)] : unknown()
    case .practiceDone: return keys.action(key) == .confirm ? [.record(.practiceEnded)] : unknown()
    case .takeBreak:
      if keys.action(key) == .pause { return [.record(.paused)] }
      let seconds = time.monotonic - view.since.monotonic
      return keys.action(key) == .confirm ? [.record(.breakTaken(seconds: seconds))] : unknown()
    case .closing: return keys.action(key) == .confirm ? [.record(.finished(.complete))] : common(key)
    case .trial(let trial): return rate(trial, key, time)
    case .paused, .soundFailed:
      switch keys.action(key) {
      case .confirm?: return [.record(.resumed)]
      case .pause?: return [.leave(.left)]
      default: return unknown()
      }
    case .finished(let finish):
      if keys.action(key) == .comment, finish == .complete {
        view.overlay = .comment
        return []
      }
      return [.leave(finish == .complete ? .complete : .declined)]
    case .device, .sidesOver, .over: return []
    }
  }

  /// Sound has begun.
  public mutating func playbackStarted(_ request: PlayRequest, at time: PanelTime) {
    view.playing = SessionView.Playing(request: request, start: time.monotonic)
    view.hasPlayed = true
  }

  /// Sound has ended. The effects store what was played.
  public mutating func playbackEnded(
    _ request: PlayRequest, _ report: PlaybackReport, sha256: [String], gain: Double
  ) -> [PanelEffect] {
    view.playing = nil
    view.playbackEnd = report.end.monotonic
    if [.locked, .waitForEnd, .playFirst, .stillPlaying].contains(view.message) { view.message = nil }
    let playback = PanelEvent.Playback(
      purpose: request.purpose, trial: request.trial, clips: request.clips, sha256: sha256, play: request.play,
      report: report, gain: gain)
    var effects: [PanelEffect] = [.record(.playbackEnded(playback))]
    if phase == .level, view.isLooping { effects.append(.play(levelRequest)) }
    return effects
  }

  /// Sound could not be begun.
  public mutating func playbackFailed(_ request: PlayRequest, _ error: PanelError) -> [PanelEffect] {
    view.playing = nil
    return [.record(.playbackFailed(trial: request.trial, reason: error.forListeners, detail: error.description))]
  }

  /// Seconds since the sound that plays began; nil where none does.
  func elapsed(at time: PanelTime) -> Double? { view.playing.map { time.monotonic - $0.start } }

  mutating func stop() -> [PanelEffect] {
    guard let playing = view.playing, !playing.isStopping else { return [] }
    view.playing?.isStopping = true
    return [.stopPlayback]
  }

  /// Typing of a comment or a free answer. False where the key is no text.
  mutating func edit(_ key: PanelKey) -> Bool {
    switch key {
    case .character(let character) where view.text.count < Self.longestText && !character.isNewline:
      view.text.append(character)
    case .backspace: view.text = String(view.text.dropLast())
    default: return false
    }
    return true
  }

  private mutating func type(_ key: PanelKey) -> [PanelEffect] {
    if edit(key) { return [] }
    guard key == .enter || key == .escape else { return [] }
    let text = view.text.trimmed
    view.overlay = nil
    view.text = ""
    guard key == .enter, !text.isEmpty else { return [] }
    return [.record(.commented(trial: commentedTrial, text: text))]
  }

  /// Whether keys are letters of a text.
  private var isTyping: Bool { if case .intake(let question) = phase { question.answers.isEmpty } else { false } }

  private var commentedTrial: Int? { if case .trial(let trial) = phase { trial } else { nil } }
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}
