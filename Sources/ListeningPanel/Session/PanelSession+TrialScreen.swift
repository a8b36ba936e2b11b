// SPDX-License-Identifier: GPL-3.0-or-later

/// The screen of a trial.
extension PanelSession {
  func trial(_ trial: Int, _ time: PanelTime) -> Screen {
    let isMUSHRA = plan.method == .mushra
    var lines: [Screen.Line] = [.status(left: place(of: trial), right: untilBreak(time)), .blank]
    lines += [.heading(plan.scale.question), .blank]
    if isMUSHRA {
      lines += [answerMarks] + sliders(trial)
    } else {
      lines.append(
        .answers(
          plan.scale.steps.map { step in
            Screen.Answer(
              key: plan.scale.key(of: step.value).map { String($0) } ?? "", label: step.label,
              isChosen: view.chosen == step.value)
          }))
    }
    let state = self.state(trial, time)
    let message = view.message.map { Screen.Line.message(wording($0)) }
    lines += [.blank, state, message == nil || message == state ? .blank : message ?? .blank]
    lines.append(.body(left(trial)))
    lines += [.blank, .keys(hints)]
    let unheard = trials[trial].clips.indices.first { !record.trials[trial].heard.contains(trials[trial].clips[$0]) }
    return Screen(
      lines,
      prompt: .trial(
        index: trial, isUnlocked: isUnlocked(trial), isPlaying: view.playing != nil, chosen: view.chosen,
        revision: record.trials[trial].revisions, versions: isMUSHRA ? trials[trial].clips.count : 0, next: unheard))
  }

  /// `Trial 12 of 48`: practice is counted by itself; gold, catch and repeated trials look like any other.
  private func place(of trial: Int) -> String {
    let isPractice = trials[trial].kind == .training
    let alike = trials.indices.filter { (trials[$0].kind == .training) == isPractice }
    let n = (alike.firstIndex(of: trial) ?? 0) + 1
    return wording(isPractice ? .practice : .trial, ["n": String(n), "total": String(alike.count)])
  }

  private func untilBreak(_ time: PanelTime) -> String {
    let left = Double(plan.breakMinutes) - (time.monotonic - record.listeningSince) / 60
    return wording(.breakIn, ["minutes": String(max(0, Int(left.rounded(.up))))])
  }

  /// What is going on: what plays, what to do, or what was chosen.
  private func state(_ trial: Int, _ time: PanelTime) -> Screen.Line {
    if let playing = view.playing {
      guard plan.method != .acr, let part = part(playing.request, elapsed(at: time) ?? 0) else {
        return .live(wording(.playing))
      }
      return .live(wording(.playingPart, ["part": part]))
    }
    if let chosen = view.chosen, let step = plan.scale.steps.first(where: { $0.value == chosen }) {
      let key = plan.scale.key(of: chosen).map { String($0) } ?? ""
      return .message(wording(.selected, ["value": key, "label": step.label]))
    }
    if isUnlocked(trial) { return .message(wording(.answerNow)) }
    return .message(wording(plan.method == .mushra ? .mushraIncomplete : .playFirst))
  }

  /// Which of a trial's recordings is heard after so many seconds.
  private func part(_ request: PlayRequest, _ seconds: Double) -> String? {
    if plan.method == .mushra {
      return trials[request.trial ?? 0].clips.firstIndex(of: request.clips[0]).map {
        String(Self.letters[$0]).uppercased()
      }
    }
    guard request.clips.count == 2 else { return nil }
    let isFirst = seconds < plan.stimuli[request.clips[0]].seconds + PanelPlan.gapSeconds / 2
    if plan.method == .dcr { return wording(isFirst ? .reference : .second) }
    return wording(isFirst ? .first : .second)
  }

  private func left(_ trial: Int) -> String {
    guard isUnlocked(trial), plan.method != .mushra else { return "" }
    let left = playsLeft(trial)
    return left > 0 ? wording(.playsLeft, ["n": String(left)]) : wording(.noPlaysLeft)
  }

  private var hints: [Screen.KeyHint] {
    let rate =
      plan.method == .mushra
      ? Screen.KeyHint(key: "", label: wording(.mushraKeys)) : Screen.KeyHint(key: rateKeys, label: wording(.keyRate))
    return [
      hint(.play, .keyPlay), rate, hint(.confirm, .keyConfirm), hint(.undo, .keyUndo), hint(.comment, .keyComment),
      hint(.help, .keyHelp), hint(.pause, .keyPause),
    ]
  }

  /// The marks of the scale, read from above: `80-100 Excellent`.
  private var answerMarks: Screen.Line {
    .body(plan.scale.steps.map { "\($0.value - 20)-\($0.value) \($0.label)" }.joined(separator: "   "))
  }

  private func sliders(_ trial: Int) -> [Screen.Line] {
    trials[trial].clips.enumerated().map { place, clip in
      .slider(
        label: wording(.mushraSample, ["letter": String(Self.letters[place]).uppercased()]), value: view.sliders[place],
        isInHand: place == view.version, isHeard: record.trials[trial].heard.contains(clip))
    }
  }
}
