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
    let message = view.message.map { Screen.Line.message(say($0, missing(trial))) }
    lines += [.blank, state, message == nil || message == state ? .blank : message ?? .blank]
    lines.append(.body(left(trial)))
    if isMUSHRA && isInLines { lines.append(.body(say(.mushraLines))) }
    lines += [.blank] + keys(hints)
    return Screen(
      lines,
      prompt: .trial(
        index: trial, isUnlocked: isUnlocked(trial), isPlaying: view.playing != nil,
        chosen: isMUSHRA ? view.version : view.chosen, revision: record.trials[trial].revisions,
        versions: isMUSHRA ? trials[trial].clips.count : 0, next: isMUSHRA ? unheard(trial) : nil))
  }

  /// The letter of a version that was not heard or, where all were, has no value.
  private func missing(_ trial: Int) -> [String: String] {
    let place = unheard(trial) ?? trials[trial].clips.indices.first { view.sliders[$0] == nil }
    return place.map { ["letter": Self.name(ofVersion: $0)] } ?? [:]
  }

  private static func name(ofVersion place: Int) -> String { String(letters[place]).uppercased() }

  /// `Trial 12 of 48`: practice is counted by itself; gold, catch and repeated trials look like any other.
  func place(of trial: Int) -> String {
    let isPractice = trials[trial].kind == .training
    let alike = trials.indices.filter { (trials[$0].kind == .training) == isPractice }
    let n = (alike.firstIndex(of: trial) ?? 0) + 1
    return say(isPractice ? .practice : .trial, ["n": String(n), "total": String(alike.count)])
  }

  private func untilBreak(_ time: PanelTime) -> String {
    let left = Double(plan.breakMinutes) - (time.monotonic - record.listeningSince) / 60
    return say(.breakIn, ["minutes": String(max(0, Int(left.rounded(.up))))])
  }

  /// What is going on: what plays, what to do, or what was chosen.
  private func state(_ trial: Int, _ time: PanelTime) -> Screen.Line {
    if let playing = view.playing {
      guard plan.method != .acr, let part = part(playing.request, elapsed(at: time) ?? 0) else {
        return .live(say(.playing))
      }
      return .live(say(.playingPart, ["part": part]))
    }
    if let chosen = view.chosen, let step = plan.scale.steps.first(where: { $0.value == chosen }) {
      let key = plan.scale.key(of: chosen).map { String($0) } ?? ""
      return .message(say(.selected, ["value": key, "label": step.label]))
    }
    if isUnlocked(trial) { return .message(say(.answerNow)) }
    return .message(say(plan.method == .mushra ? .mushraIncomplete : .playFirst, missing(trial)))
  }

  /// Which of a trial's recordings is heard after so many seconds.
  private func part(_ request: PlayRequest, _ seconds: Double) -> String? {
    if request.purpose == .reference { return say(.reference) }
    if plan.method == .mushra {
      return trials[request.trial ?? 0].clips.firstIndex(of: request.clips[0]).map(Self.name(ofVersion:))
    }
    guard request.clips.count == 2 else { return nil }
    let isFirst = seconds < plan.stimuli[request.clips[0]].seconds + PanelPlan.gapSeconds / 2
    if plan.method == .dcr { return say(isFirst ? .reference : .second) }
    return say(isFirst ? .first : .second)
  }

  private func left(_ trial: Int) -> String {
    guard isUnlocked(trial), plan.method != .mushra else { return "" }
    let left = playsLeft(trial)
    return left > 0 ? say(.playsLeft, ["n": String(left)]) : say(.noPlaysLeft)
  }

  private var hints: [Screen.KeyHint] {
    let rate =
      plan.method == .mushra
      ? versionHints + [hint(.confirm, .keyConfirm)] : choosing(rateKeys, .keyRate)
    return [hint(.play, .keyPlay)] + rate + [
      hint(.undo, .keyUndo), hint(.comment, .keyComment), hint(.help, .keyHelp), hint(.pause, .keyPause),
    ]
  }

  /// What is done with versions. Lines have no arrows: a letter takes a version in hand, a number is its value.
  var versionHints: [Screen.KeyHint] {
    let letters = Self.letters.prefix(trials.map(\.clips.count).max() ?? 0).map { String($0) }.joined(separator: " ")
    let arrows = [
      Screen.KeyHint(key: "← →", label: say(.keySelect)), Screen.KeyHint(key: "↑ ↓ 0-100", label: say(.keyValue)),
    ]
    return [Screen.KeyHint(key: letters, label: say(.keyVersions)), hint(.reference, .keyReference)]
      + (isInLines ? [Screen.KeyHint(key: "0-100", label: say(.keyValue))] : arrows)
  }

  /// The marks of the scale, read from above: `80-100 Excellent`.
  private var answerMarks: Screen.Line {
    .items(plan.scale.steps.map { "\($0.value - 20)-\($0.value) \($0.label)" })
  }

  private func sliders(_ trial: Int) -> [Screen.Line] {
    trials[trial].clips.enumerated().map { place, clip in
      .slider(
        label: say(.mushraSample, ["letter": Self.name(ofVersion: place)]), value: view.sliders[place],
        isInHand: place == view.version, isHeard: record.trials[trial].heard.contains(clip))
    }
  }
}
