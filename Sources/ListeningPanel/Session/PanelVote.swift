// SPDX-License-Identifier: GPL-3.0-or-later

/// An answer that stands, with what it was about: what an analysis takes of a session.
public struct PanelVote: Sendable, Equatable {
  /// Place in the listener's list, from 0.
  public let trial: Int
  /// What the trial was for. Practice is not analysed.
  public let kind: PlannedTrial.Kind
  /// What was rated: one system; for ab the pair in the design's order; empty for a file from outside.
  public let systems: [String]
  /// The sentence.
  public let utterance: String
  /// The answer as it was chosen.
  public let value: Int
  /// The answer with the lot undone (`PlannedTrial.score`).
  public let score: Int
  /// Whether it is right; nil where no answer is known.
  public let isRight: Bool?
  /// From the end of the last playing, with the 0.3 s of silence that end it, to the first key that chose an answer, seconds.
  public let reactionSeconds: Double
  /// Of the trial's recordings together.
  public let clipSeconds: Double
  /// Whole playings.
  public let plays: Int
  /// More than 1 after an undo.
  public let revision: Int
  /// When it was confirmed.
  public let time: PanelTime
  /// What the listener wrote about the trial; nil: nothing.
  public let comment: String?
  /// Where the trial's last playing went.
  public let device: String?
  /// How often the device ran dry in the trial's playings; nil where none of them says.
  public let underruns: Int?

  /// The answers of a session that stand, in the order of its trials; of mushra one for each version.
  public static func all(of events: [PanelEvent], plan: PanelPlan, slot: Int) -> [PanelVote] {
    guard plan.listeners.indices.contains(slot) else { return [] }
    let trials = plan.listeners[slot].trials
    var standing: [Int: (rating: PanelEvent.Rating, time: PanelTime)] = [:]
    var comments: [Int: [String]] = [:]
    var playings: [Int: [PlaybackReport]] = [:]
    for event in events {
      switch event.body {
      case .ratingConfirmed(let rating) where trials.indices.contains(rating.trial):
        standing[rating.trial] = (rating, event.time)
      case .ratingSuperseded(let trial, _): standing[trial] = nil
      case .commented(let trial?, let text): comments[trial, default: []].append(text)
      case .playbackEnded(let playback):
        if let trial = playback.trial { playings[trial, default: []].append(playback.report) }
      default: break
      }
    }
    return standing.sorted { $0.key < $1.key }.flatMap { place, answer -> [PanelVote] in
      let trial = trials[place]
      let stimuli = trial.clips.map { plan.stimuli[$0] }
      let underruns = playings[place]?.compactMap(\.underruns) ?? []
      func vote(_ systems: [String], _ value: Int) -> PanelVote {
        PanelVote(
          trial: place, kind: trial.kind, systems: systems, utterance: stimuli[0].utterance, value: value,
          score: trial.score(value, method: plan.method), isRight: trial.isRight(value),
          reactionSeconds: answer.rating.firstKey.monotonic - answer.rating.playbackEnd,
          clipSeconds: stimuli.reduce(0) { $0 + $1.seconds }, plays: answer.rating.plays,
          revision: answer.rating.revision, time: answer.time,
          comment: comments[place]?.joined(separator: " "), device: playings[place]?.last?.device.name,
          underruns: underruns.isEmpty ? nil : underruns.reduce(0, +))
      }
      if let values = answer.rating.values { return zip(stimuli, values).map { vote([$0.system], $1) } }
      let systems = stimuli.map(\.system).filter { !$0.isEmpty }
      switch plan.method {
      case .ab: return [vote(trial.isSwapped ? systems.reversed() : systems, answer.rating.value)]
      case .dcr, .ccr: return [vote(systems.filter { $0 != plan.reference }, answer.rating.value)]
      case .acr, .mushra: return [vote(systems, answer.rating.value)]
      }
    }
  }
}
