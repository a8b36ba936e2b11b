// SPDX-License-Identifier: GPL-3.0-or-later

/// What comes before the first trial: questions, loudness, sides.
extension PanelSession {
  mutating func answer(_ question: IntakeQuestion, _ key: PanelKey) -> [PanelEffect] {
    guard !question.answers.isEmpty else {
      if edit(key) { return [] }
      let text = view.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard key == .enter, !text.isEmpty else { return unknown() }
      return [.record(.intakeAnswered(question: question.rawValue, answer: String(text.prefix(40))))]
    }
    if let place = Self.digit(key), question.answers.indices.contains(place - 1) {
      view.chosen = place - 1
      return []
    }
    guard keys.action(key) == .confirm else { return unknown() }
    guard let chosen = view.chosen else {
      view.message = .chooseFirst
      return []
    }
    return [.record(.intakeAnswered(question: question.rawValue, answer: question.answers[chosen].name))]
  }

  /// Space begins a loop that goes on until the loudness is fixed; the arrows change it by 1 dB and begin it anew.
  mutating func setLevel(_ key: PanelKey) -> [PanelEffect] {
    switch key {
    case .up where Int(view.gain) >= plan.headroom:
      view.message = .levelLimit
      return []
    case .up, .down:
      guard view.gain > -60 || key == .up else { return [] }
      view.gain += key == .up ? 1 : -1
      return view.isLooping ? stop() : []
    default: break
    }
    switch keys.action(key) {
    case .play?:
      guard view.playing == nil else { return stillPlaying() }
      view.isLooping = true
      return [.play(levelRequest)]
    case .confirm?:
      guard view.hasPlayed else {
        view.message = .playFirst
        return []
      }
      view.isLooping = false
      return stop() + [.record(.levelSet(gain: view.gain))]
    default: return unknown()
    }
  }

  var levelRequest: PlayRequest {
    PlayRequest(purpose: .level, trial: nil, clips: [plan.levelClip], gain: view.gain, play: 1)
  }

  mutating func answerSide(_ side: PlayRequest.Side, _ key: PanelKey) -> [PanelEffect] {
    if keys.action(key) == .play {
      guard view.playing == nil else { return stillPlaying() }
      return [
        .play(
          PlayRequest(
            purpose: .side, trial: nil, clips: [plan.levelClip], gain: record.gain ?? 0, side: side, play: 1))
      ]
    }
    let sides: [PlayRequest.Side] = [.left, .right, .both]
    if let place = Self.digit(key), sides.indices.contains(place - 1) {
      guard view.hasPlayed else {
        view.message = .playFirst
        return []
      }
      view.chosen = place - 1
      return []
    }
    guard keys.action(key) == .confirm else { return unknown() }
    guard let chosen = view.chosen else {
      view.message = view.hasPlayed ? .chooseFirst : .playFirst
      return []
    }
    return stop() + [.record(.sideAnswered(asked: side.rawValue, answered: sides[chosen].rawValue))]
  }

  static func digit(_ key: PanelKey) -> Int? {
    guard case .character(let character) = key, let digit = character.wholeNumberValue, character.isASCII else {
      return nil
    }
    return digit
  }
}
