// SPDX-License-Identifier: GPL-3.0-or-later

/// What keys do in a trial.
extension PanelSession {
  /// Whether the trial may be answered: heard whole in this attempt.
  func isUnlocked(_ trial: Int) -> Bool {
    plan.method == .mushra
      ? record.trials[trial].heard.isSuperset(of: trials[trial].clips) : record.trials[trial].wholePlays > 0
  }

  /// How often the trial may still be played. Who has not heard it whole since it came up may always: after an undo it is judged anew.
  func playsLeft(_ trial: Int) -> Int {
    let state = record.trials[trial]
    let left = max(0, plan.replays + 1 - state.played)
    return state.isHeardHere ? left : max(1, left)
  }

  mutating func rate(_ trial: Int, _ key: PanelKey, _ time: PanelTime) -> [PanelEffect] {
    // A key between the confirmation of one trial and the start of the next belongs to neither.
    guard record.trials[trial].isStarted else { return [] }
    if plan.method == .mushra { return rateVersions(trial, key, time) }
    if let value = value(of: key) {
      view.message = nil
      guard isUnlocked(trial) else {
        view.message = .locked
        return []
      }
      view.chosen = value
      view.firstKey = view.firstKey ?? SessionView.FirstKey(time: time, playbackEnd: view.playbackEnd)
      return []
    }
    switch keys.action(key) {
    case .play?: return play(trial, trials[trial].clips)
    case .confirm?:
      guard view.playing == nil else {
        view.message = isUnlocked(trial) ? .waitForEnd : .locked
        return []
      }
      guard let value = view.chosen, let firstKey = view.firstKey else {
        view.message = isUnlocked(trial) ? .chooseFirst : .playFirst
        return []
      }
      return [.record(.ratingConfirmed(rating(trial, value, nil, firstKey)))]
    default: return common(key)
    }
  }

  /// Keys that do the same whatever is asked.
  mutating func common(_ key: PanelKey) -> [PanelEffect] {
    switch keys.action(key) {
    case .undo?:
      guard view.playing == nil else {
        view.message = .waitForEnd
        return []
      }
      guard let last = record.undoable, let rating = record.trials[last].rating else {
        view.message = .nothingToUndo
        return []
      }
      return [.record(.ratingSuperseded(trial: last, revision: rating.revision))]
    case .comment?: view.overlay = .comment
    case .pause?: return stop() + [.record(.paused)]
    default: return unknown()
    }
    return []
  }

  /// A key that does nothing here.
  mutating func unknown() -> [PanelEffect] {
    view.message = isInLines ? .unknownLine : .unknownKey
    return []
  }

  /// A key that would play, while something plays.
  mutating func stillPlaying() -> [PanelEffect] {
    view.message = .stillPlaying
    return []
  }

  mutating func play(_ trial: Int, _ clips: [Int]) -> [PanelEffect] {
    guard view.playing == nil else { return stillPlaying() }
    guard playsLeft(trial) > 0 || plan.method == .mushra else {
      view.message = .noPlaysLeft
      return []
    }
    view.message = nil
    return [
      .play(
        PlayRequest(
          purpose: .trial, trial: trial, clips: clips, gain: record.gain ?? 0, play: record.trials[trial].plays + 1))
    ]
  }

  func rating(_ trial: Int, _ value: Int, _ values: [Int]?, _ firstKey: SessionView.FirstKey) -> PanelEvent.Rating {
    let state = record.trials[trial]
    return PanelEvent.Rating(
      trial: trial, value: value, values: values, revision: state.revisions + 1, firstKey: firstKey.time,
      playbackEnd: firstKey.playbackEnd, plays: state.wholePlays, attempt: state.attempt)
  }

  private func value(of key: PanelKey) -> Int? {
    guard case .character(let character) = key else { return nil }
    return plan.scale.steps.first { plan.scale.key(of: $0.value) == character }?.value
  }

  /// A version that was not heard whole: the one in hand or else the first.
  func unheard(_ trial: Int) -> Int? {
    let clips = trials[trial].clips
    return ([view.version] + clips.indices).first { !record.trials[trial].heard.contains(clips[$0]) }
  }

  /// The open reference: as often as one likes, and counted for no version.
  private mutating func playReference(_ trial: Int) -> [PanelEffect] {
    guard view.playing == nil else { return stillPlaying() }
    guard let clip = trials[trial].clips.first(where: { plan.stimuli[$0].system == plan.reference }) else { return [] }
    view.message = nil
    return [.play(PlayRequest(purpose: .reference, trial: trial, clips: [clip], gain: record.gain ?? 0, play: 1))]
  }

  /// Letters play a version and take it in hand, left and right take another; numbers, up and down give it a value.
  private mutating func rateVersions(_ trial: Int, _ key: PanelKey, _ time: PanelTime) -> [PanelEffect] {
    let clips = trials[trial].clips
    if let digit = Self.digit(key) {
      let number = (view.isTyping ? view.sliders[view.version] ?? 0 : 0) * 10 + digit
      setValue(number > 100 ? digit : number, trial, time)
      view.isTyping = true
      return []
    }
    view.isTyping = false
    // The next digit begins a number.
    if key == .backspace { return [] }
    if case .character(let character) = key.lowercased, let place = Self.letters.firstIndex(of: character),
      place < clips.count
    {
      guard view.playing == nil else { return stillPlaying() }
      view.version = place
      return play(trial, [clips[place]])
    }
    switch keys.action(key) {
    case .play?: return play(trial, [clips[view.version]])
    case .reference?: return playReference(trial)
    default: break
    }
    let step: Int? =
      switch key {
      case .up: 1
      case .down: -1
      case .pageUp: 10
      case .pageDown: -10
      default: nil
      }
    if let step {
      setValue((view.sliders[view.version] ?? 50) + step, trial, time)
      return []
    }
    switch key {
    case .left, .right:
      view.version = (view.version + (key == .right ? 1 : clips.count - 1)) % clips.count
      return []
    default: break
    }
    guard keys.action(key) == .confirm else { return common(key) }
    guard view.playing == nil else {
      view.message = .waitForEnd
      return []
    }
    guard isUnlocked(trial), view.sliders.count == clips.count, let firstKey = view.firstKey else {
      view.message = isUnlocked(trial) ? .mushraUnrated : .mushraIncomplete
      return []
    }
    let values = clips.indices.map { view.sliders[$0] ?? 0 }
    return [.record(.ratingConfirmed(rating(trial, values[0], values, firstKey)))]
  }

  /// A value of the version in hand, which must have been heard.
  private mutating func setValue(_ value: Int, _ trial: Int, _ time: PanelTime) {
    guard unheard(trial) != view.version else {
      view.message = .mushraIncomplete
      return
    }
    view.message = nil
    view.sliders[view.version] = min(100, max(0, value))
    view.firstKey = view.firstKey ?? SessionView.FirstKey(time: time, playbackEnd: view.playbackEnd)
  }

  /// Names of versions; c has other work.
  static let letters: [Character] = Array("abdefghijklm")
}
