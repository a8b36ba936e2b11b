// SPDX-License-Identifier: GPL-3.0-or-later

/// What is on the screen. Ordinals only: nothing here reads the name of a file, a system or a sentence.
extension PanelSession {
  /// The screen at a moment.
  public func screen(at time: PanelTime) -> Screen {
    var screen = content(time)
    screen.isRefusal = view.overlay == nil && [.unknownKey, .unknownLine].contains(view.message)
    return screen
  }

  /// What to tell who is interrupted: that nothing is lost, and where the same command goes on. Nil once all is over.
  public var farewell: String? {
    guard record.finish == nil else { return nil }
    guard let current = record.current else { return say(.keptAll) }
    return say(.kept, ["place": place(of: current)])
  }

  private func content(_ time: PanelTime) -> Screen {
    switch view.overlay {
    case .help: return help
    case .comment:
      return Screen(
        [.heading(say(.comment)), .blank, .body(say(.commentText)), .blank, .entry(view.text)], prompt: .comment
      )
    case nil: break
    }
    switch phase {
    case .intake(let question): return intake(question)
    case .device, .sidesOver, .over: return Screen([.heading(say(.welcome))], prompt: .nothing)
    case .level: return level
    case .side(let side): return sides(side)
    case .instructions:
      return page(
        .instructions, say(instructions), [.body(say(.begin))] + keys([hint(.help, .keyHelp)]), prompt: .next)
    case .practiceDone:
      return page(
        .practiceDone, say(.practiceDoneText), [.body(say(.begin))] + keys([hint(.help, .keyHelp)]), prompt: .next)
    case .takeBreak:
      return page(
        .takeBreak, say(.breakText, ["minutes": String(minutesListened(view.since))]),
        keys([hint(.confirm, .keyContinue), hint(.pause, .keyPause), hint(.help, .keyHelp)]), prompt: .next)
    case .trial(let trial): return self.trial(trial, time)
    case .paused:
      return page(.paused, say(.pausedText), keys(goingOn), prompt: .paused)
    case .soundFailed:
      return page(
        .soundFailed, say(.soundFailedText, ["reason": record.failure ?? ""]), keys(goingOn), prompt: .soundFailed)
    case .closing:
      let undo = record.undoable == nil ? [] : [hint(.undo, .keyUndo)]
      return page(
        .closing, say(.closingText),
        keys(
          undo + [
            hint(.comment, .keyComment), hint(.help, .keyHelp), hint(.pause, .keyPause), hint(.confirm, .keyFinish),
          ]),
        prompt: .closing(trials: trials.count))
    case .finished(.complete):
      return page(
        .finished, say(.finishedText),
        keys([hint(.comment, .keyComment), hint(.help, .keyHelp)]) + [.body(say(.pressAny))], prompt: .finished)
    case .finished(.declined):
      return page(.declined, say(.declinedText), [.body(say(.pressAny))], prompt: .finished)
    }
  }

  private func page(_ heading: Phrase, _ text: String, _ end: [Screen.Line], prompt: Screen.Prompt) -> Screen {
    Screen([.heading(say(heading)), .blank, .body(text), .blank] + message + end, prompt: prompt)
  }

  private var goingOn: [Screen.KeyHint] {
    [hint(.confirm, .keyContinue), hint(.pause, .keyLeave), hint(.help, .keyHelp)]
  }

  private var instructions: Phrase {
    switch plan.method {
    case .acr: .instructionsACR
    case .dcr: .instructionsDCR
    case .ccr: .instructionsCCR
    case .ab: .instructionsAB
    case .mushra: .instructionsMUSHRA
    }
  }

  private func minutesListened(_ time: PanelTime) -> Int {
    max(0, Int(((time.monotonic - record.listeningSince) / 60).rounded()))
  }

  /// A phrase, with the names of the keys where it speaks of them. A key that is typed in a line needs Enter behind it.
  func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
    var names = values
    for action in [KeyBindings.Action.play, .confirm, .reference] {
      let name = keys.name(action, wording)
      let isEnter = name == wording(.keyEnter)
      names[action.rawValue] = isInLines && !isEnter ? wording(.keyThenEnter, ["key": name]) : name
    }
    return wording(phrase, names)
  }

  /// Whether keys are typed in lines.
  var isInLines: Bool { record.terminal == "plain" }

  func hint(_ action: KeyBindings.Action, _ label: Phrase) -> Screen.KeyHint {
    let isEnter = isInLines && keys.name(action, wording) == wording(.keyEnter)
    return Screen.KeyHint(key: isEnter ? say(.keyEnterAlone) : keys.name(action, wording), label: say(label))
  }

  /// What can be pressed or, in lines, typed.
  func keys(_ hints: [Screen.KeyHint]) -> [Screen.Line] {
    (isInLines ? [.body(say(.lineKeys))] : []) + [.keys(hints)]
  }

  private var message: [Screen.Line] { view.message.map { [.message(say($0))] } ?? [] }

  private func answers(_ labels: [String], chosen: Int?) -> Screen.Line {
    .answers(labels.enumerated().map { Screen.Answer(key: String($0 + 1), label: $1, isChosen: $0 == chosen) })
  }

  private func intake(_ question: IntakeQuestion) -> Screen {
    var lines: [Screen.Line] = [.heading(say(.welcome)), .blank]
    if question == .consent {
      let minutes = String(Int(plan.minutes(of: slot).rounded(.up)))
      lines += [.body(say(.welcomeText, ["minutes": minutes, "code": listener])), .blank]
    }
    lines += [.body(say(question.phrase)), .blank]
    guard !question.answers.isEmpty else {
      return Screen(
        lines + [.entry(view.text), .blank] + message + [.body(say(.nativeHint))],
        prompt: .text(question: question.rawValue))
    }
    lines += [answers(question.answers.map { say($0.phrase) }, chosen: view.chosen), .blank] + message
    lines += keys(choosing("1-\(question.answers.count)", .keyChoose) + [hint(.help, .keyHelp)])
    return Screen(lines, prompt: .choice(question: question.rawValue, count: question.answers.count))
  }

  /// A line with a digit chooses and confirms.
  func choosing(_ digits: String, _ label: Phrase) -> [Screen.KeyHint] {
    [Screen.KeyHint(key: digits, label: say(label))] + (isInLines ? [] : [hint(.confirm, .keyConfirm)])
  }

  private var level: Screen {
    let gain = (view.gain > 0 ? "+" : "") + String(Int(view.gain))
    let arrows = Screen.KeyHint(key: isInLines ? "+ -" : say(.keyArrows), label: say(.keySlower))
    let lines: [Screen.Line] =
      [.heading(say(.level)), .blank, .body(say(.levelText)), .blank] + (isInLines ? [.body(say(.levelLines))] : [])
      + [.body(say(.levelNow, ["decibels": gain])), view.playing == nil ? .blank : .live(say(.playing))] + message
      + keys([hint(.play, .keyPlay), arrows, hint(.confirm, .keyConfirm), hint(.help, .keyHelp)])
    return Screen(lines, prompt: .level(gain: view.gain, hasPlayed: view.hasPlayed, isPlaying: view.playing != nil))
  }

  private func sides(_ side: PlayRequest.Side) -> Screen {
    let lines: [Screen.Line] =
      [
        .heading(say(.side)), .blank, .body(say(.sideText)), .blank,
        answers([say(.sideLeft), say(.sideRight), say(.sideBoth)], chosen: view.chosen),
        view.playing == nil ? .blank : .live(say(.playing)),
      ] + message + keys([hint(.play, .keyPlay)] + choosing("1-3", .keyChoose) + [hint(.help, .keyHelp)])
    return Screen(
      lines,
      prompt: .side(
        asked: side.rawValue, hasPlayed: view.hasPlayed, isPlaying: view.playing != nil, chosen: view.chosen))
  }
}
