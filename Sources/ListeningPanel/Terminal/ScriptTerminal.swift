// SPDX-License-Identifier: GPL-3.0-or-later
internal import SettingsFile

/// Answers a session by a file, without a terminal: for trial runs and tests.
/// ```yaml
/// intake: {age: 2, native: English, hearing: 1, headphones: 1}   # numbers of answers; consent is given
/// level: -6                     # dB
/// side: right                   # how sides are answered: right (as played) or wrong
/// ratings: [5, 4, 3]            # keys, by place in the listener's list, over and over
/// replays: 0                    # how often each trial is played again
/// comments: {3: clicks}         # after trial 3, counted from 1
/// undo: [4]                     # trials, counted from 1, whose answer is taken back once and given again
/// ```
/// It looks at what a screen asks for and not at how many keys went before, so the same script goes on with a session that
/// was broken off.
public struct ScriptTerminal: PanelTerminal {
  /// What is stored of it.
  public let name = "script"
  private let script: Script
  private var keys = KeyBindings()
  private var prompt = Screen.Prompt.nothing
  /// What was done in the trial on the screen.
  private var replays = 0
  private var trial: Int?
  private var hasCommented: Set<Int> = []
  private var hasUndone: Set<Int> = []
  private var typed: [PanelKey] = []
  /// What was answered last, and how often running.
  private var answered: (prompt: Screen.Prompt, times: Int)?
  /// Why the script left before the session's end.
  public private(set) var failure: PanelError?
  private let wait: (Double) -> Void

  /// More often than this no script answers the same: it would for ever. All the replays a design can allow are fewer.
  private static let patience = 200

  /// - Parameters:
  ///   - yaml: the text of the file.
  ///   - path: of the file, for errors.
  ///   - wait: lets so many seconds pass while sound plays; tests let none.
  /// - Throws: `PanelError.settings`, with the line, for what no session takes.
  public init(yaml: String, path: String, wait: @escaping (Double) -> Void) throws(PanelError) {
    self.wait = wait
    do throws(SettingsFileError) {
      script = try Script(yaml: yaml, path: path)
    } catch {
      throw .settings(error)
    }
  }

  /// - Throws: `PanelError.settings`, with the line, for what this session does not have: trials, answers, loudness.
  public mutating func prepare(for session: PanelSession) throws(PanelError) {
    keys = session.keys
    do throws(SettingsFileError) {
      try script.check(session)
    } catch {
      throw .settings(error)
    }
  }

  /// Shows a screen.
  public mutating func show(_ screen: Screen) { prompt = screen.prompt }

  /// The next key, or nil after so many seconds without one.
  public mutating func next(within seconds: Double) -> PanelInput? {
    if !typed.isEmpty { return .key(typed.removeFirst()) }
    guard failure == nil else { return .closed }
    typed = answer()
    if !typed.isEmpty {
      answered = (prompt, answered.map { $0.prompt == prompt ? $0.times + 1 : 1 } ?? 1)
      guard answered?.times ?? 0 <= Self.patience else {
        failure = .terminal("the script goes round in a circle: \(prompt)")
        return .closed
      }
      return .key(typed.removeFirst())
    }
    wait(seconds)
    return nil
  }

  private mutating func answer() -> [PanelKey] {
    switch prompt {
    case .choice(let question, _): return text(script.intake[question] ?? "1") + [.enter]
    case .text(let question): return text(script.intake[question] ?? "-") + [.enter]
    case .level(let gain, let hasPlayed, let isPlaying):
      if !hasPlayed { return [keys.key(.play)] }
      let steps = script.level - Int(gain)
      // While the loop plays a step begins it anew, so all are made at once.
      if steps != 0 { return Array(repeating: steps > 0 ? .up : .down, count: abs(steps)) + [.enter] }
      return isPlaying ? [.enter] : []
    case .side(let asked, let hasPlayed, let isPlaying, let chosen):
      if isPlaying { return [] }
      if !hasPlayed { return [keys.key(.play)] }
      let isLeft = (asked == "left") == (script.sides == .right)
      return chosen == nil ? [.character(isLeft ? "1" : "2")] : [.enter]
    case .trial(let index, let isUnlocked, let isPlaying, let chosen, let revision, let versions, let next):
      return rate(index, isUnlocked, isPlaying, chosen, revision, versions, next)
    case .next, .paused: return [.enter]
    case .soundFailed: return [keys.key(.pause)]
    case .closing(let trials):
      return script.undo.contains(trials) && hasUndone.insert(trials).inserted ? [keys.key(.undo)] : [.enter]
    case .finished: return [.escape]
    case .comment: return [.enter]
    case .nothing: return []
    }
  }

  private mutating func rate(
    _ index: Int, _ isUnlocked: Bool, _ isPlaying: Bool, _ chosen: Int?, _ revision: Int, _ versions: Int, _ next: Int?
  ) -> [PanelKey] {
    if trial != index { (trial, replays) = (index, 0) }
    if isPlaying { return [] }
    let letters = PanelSession.letters
    if versions > 0 {
      if let next { return [.character(letters[next])] }
      return (0..<versions).flatMap { step -> [PanelKey] in
        let place = ((chosen ?? 0) + step) % versions
        return text(String(script.ratings[(index + place) % script.ratings.count])) + [.right]
      } + [.enter]
    }
    guard isUnlocked else { return [keys.key(.play)] }
    let place = index + 1
    if let text = script.comments[place], hasCommented.insert(place).inserted {
      return [keys.key(.comment)] + self.text(text) + [.enter]
    }
    if replays < script.replays {
      replays += 1
      return [keys.key(.play)]
    }
    if script.undo.contains(index), revision == 0, hasUndone.insert(index).inserted { return [keys.key(.undo)] }
    return text(String(script.ratings[(index + revision) % script.ratings.count])) + [.enter]
  }

  private func text(_ text: String) -> [PanelKey] { text.map { .character($0) } }

  /// Throws away what was typed and not yet handed over.
  public mutating func flush() { typed = [] }
  /// Gives the terminal back as it was.
  public mutating func close() {}
}
