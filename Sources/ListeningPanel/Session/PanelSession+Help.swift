// SPDX-License-Identifier: GPL-3.0-or-later

/// What help says: of the keys of the screen it was asked on.
extension PanelSession {
  var help: Screen {
    let own: [Screen.Line] =
      switch phase {
      case .intake(let question):
        [row("1-\(question.answers.count)", .helpRate), row(.confirm, .helpConfirm)]
      case .level:
        [row(.play, .helpLevel), isInLines ? .body(say(.levelLines)) : row(say(.keyArrows), .helpLouder)]
          + [row(.confirm, .helpKeep)]
      case .side: [row(.play, .helpSide), row("1-3", .helpRate), row(.confirm, .helpConfirm)]
      case .paused, .soundFailed: [row(.confirm, .helpContinue), row(.pause, .helpLeave)]
      case .finished: [row(.comment, .helpComment), row(.confirm, .helpEnd)]
      default: trialRows
      }
    return Screen(
      [.heading(say(.help)), .blank] + own + [row(say(.keyInterrupt), .helpInterrupt), .blank, .body(say(.helpClose))],
      prompt: .nothing)
  }

  private var trialRows: [Screen.Line] {
    var rows: [Screen.Line]
    if plan.method == .mushra {
      rows = [row(.play, .helpPlayMUSHRA)] + versionHints.map { .body("\($0.key): \($0.label)") }
      rows += [.body(say(.helpMUSHRA))]
    } else {
      rows = [row(.play, .helpPlay), row(rateKeys, .helpRate)]
    }
    return rows + [
      row(.confirm, .helpConfirm), row(.undo, .helpUndo), row(.comment, .helpComment), row(.pause, .helpPause),
    ]
  }

  private func row(_ key: String, _ phrase: Phrase) -> Screen.Line { .body("\(key): \(say(phrase))") }

  private func row(_ action: KeyBindings.Action, _ phrase: Phrase) -> Screen.Line {
    row(keys.name(action, wording), phrase)
  }

  /// `1-5`, or `1-7` for the seven steps of ccr; one by one where some are missing between.
  var rateKeys: String {
    let keys = plan.scale.steps.compactMap { plan.scale.key(of: $0.value) }.sorted()
    guard let first = keys.first?.wholeNumberValue, let last = keys.last?.wholeNumberValue else { return "" }
    return last - first == keys.count - 1 ? "\(first)-\(last)" : keys.map { String($0) }.joined(separator: " ")
  }
}
