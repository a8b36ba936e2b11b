// SPDX-License-Identifier: GPL-3.0-or-later

/// What is on the screen. Ordinals only: nothing here reads the name of a file, a system or a sentence.
extension PanelSession {
  /// The screen at a moment.
  public func screen(at time: PanelTime) -> Screen {
    switch view.overlay {
    case .help: return help
    case .comment:
      return Screen(
        [.heading(wording(.comment)), .blank, .body(wording(.commentText)), .blank, .entry(view.text)], prompt: .comment
      )
    case nil: break
    }
    switch phase {
    case .intake(let question): return intake(question)
    case .device, .over: return Screen([.heading(wording(.welcome))], prompt: .nothing)
    case .level: return level(time)
    case .side(let side): return sides(side, time)
    case .instructions:
      return page(.instructions, wording(instructions), message + [.body(wording(.begin))], prompt: .next)
    case .practiceDone: return page(.practiceDone, wording(.practiceDoneText), [.body(wording(.begin))], prompt: .next)
    case .takeBreak:
      return page(
        .takeBreak, wording(.breakText, ["minutes": String(minutesListened(view.since))]),
        [.keys([hint(.confirm, .keyContinue), hint(.pause, .keyPause)])], prompt: .next)
    case .trial(let trial): return self.trial(trial, time)
    case .paused:
      return page(
        .paused, wording(.pausedText), [.keys([hint(.confirm, .keyContinue), hint(.pause, .keyLeave)])],
        prompt: .paused)
    case .soundFailed:
      return page(
        .soundFailed, wording(.soundFailedText, ["reason": record.failure ?? ""]),
        [.keys([hint(.confirm, .keyContinue), hint(.pause, .keyLeave)])], prompt: .soundFailed)
    case .finished(.complete):
      return page(
        .finished, wording(.finishedText), [.keys([hint(.comment, .keyComment)]), .body(wording(.pressAny))],
        prompt: .finished)
    case .finished(.declined):
      return page(.declined, wording(.declinedText), [.body(wording(.pressAny))], prompt: .finished)
    }
  }

  private func page(_ heading: Phrase, _ text: String, _ end: [Screen.Line], prompt: Screen.Prompt) -> Screen {
    Screen([.heading(wording(heading)), .blank, .body(text), .blank] + end, prompt: prompt)
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

  func hint(_ action: KeyBindings.Action, _ label: Phrase) -> Screen.KeyHint {
    Screen.KeyHint(key: keys.name(action, wording), label: wording(label))
  }

  private var message: [Screen.Line] { view.message.map { [.message(wording($0))] } ?? [] }

  private func answers(_ labels: [String], chosen: Int?) -> Screen.Line {
    .answers(labels.enumerated().map { Screen.Answer(key: String($0 + 1), label: $1, isChosen: $0 == chosen) })
  }

  private func intake(_ question: IntakeQuestion) -> Screen {
    var lines: [Screen.Line] = [.heading(wording(.welcome)), .blank]
    if question == .consent {
      let minutes = String(Int(plan.minutes(of: slot).rounded(.up)))
      lines += [.body(wording(.welcomeText, ["minutes": minutes, "code": listener])), .blank]
    }
    lines += [.body(wording(question.phrase)), .blank]
    guard !question.answers.isEmpty else {
      return Screen(
        lines + [.entry(view.text), .blank, .body(wording(.nativeHint))], prompt: .text(question: question.rawValue))
    }
    lines += [answers(question.answers.map { wording($0.phrase) }, chosen: view.chosen), .blank] + message
    lines.append(.keys([choosing(question.answers.count), hint(.confirm, .keyConfirm)]))
    return Screen(lines, prompt: .choice(question: question.rawValue, count: question.answers.count))
  }

  private func choosing(_ count: Int) -> Screen.KeyHint {
    Screen.KeyHint(key: "1-\(count)", label: wording(.keyChoose))
  }

  private func level(_ time: PanelTime) -> Screen {
    let gain = (view.gain > 0 ? "+" : "") + String(Int(view.gain))
    let lines: [Screen.Line] =
      [
        .heading(wording(.level)), .blank, .body(wording(.levelText)), .blank,
        .body(wording(.levelNow, ["decibels": gain])), view.playing == nil ? .blank : .live(wording(.playing)),
      ] + message + [
        .keys([
          hint(.play, .keyPlay), .init(key: wording(.keyArrows), label: wording(.keySlower)),
          hint(.confirm, .keyConfirm),
        ])
      ]
    return Screen(lines, prompt: .level(gain: view.gain, hasPlayed: view.hasPlayed, isPlaying: view.playing != nil))
  }

  private func sides(_ side: PlayRequest.Side, _ time: PanelTime) -> Screen {
    let lines: [Screen.Line] =
      [
        .heading(wording(.side)), .blank, .body(wording(.sideText)), .blank,
        answers([wording(.sideLeft), wording(.sideRight), wording(.sideBoth)], chosen: view.chosen),
        view.playing == nil ? .blank : .live(wording(.playing)),
      ] + message + [.keys([hint(.play, .keyPlay), choosing(3), hint(.confirm, .keyConfirm)])]
    return Screen(
      lines,
      prompt: .side(
        asked: side.rawValue, hasPlayed: view.hasPlayed, isPlaying: view.playing != nil, chosen: view.chosen))
  }

  private var help: Screen {
    let rows: [(KeyBindings.Action, Phrase)] = [
      (.play, .helpPlay), (.confirm, .helpConfirm), (.undo, .helpUndo), (.comment, .helpComment), (.pause, .helpPause),
    ]
    var lines: [Screen.Line] = [.heading(wording(.help)), .blank]
    for (action, phrase) in rows { lines.append(.body("\(keys.name(action, wording)): \(wording(phrase))")) }
    lines.insert(.body("\(rateKeys): \(wording(.helpRate))"), at: 3)
    return Screen(lines + [.blank, .body(wording(.helpClose))], prompt: .nothing)
  }

  /// `1-5`, or `1-7` for the seven steps of ccr.
  var rateKeys: String {
    let keys = plan.scale.steps.compactMap { plan.scale.key(of: $0.value) }.sorted()
    return keys.count > 1 ? "\(keys[0])-\(keys[keys.count - 1])" : ""
  }
}
