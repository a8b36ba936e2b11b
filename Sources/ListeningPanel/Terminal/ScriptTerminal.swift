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
  private var script = Script()
  private var prompt = Screen.Prompt.nothing
  /// What was done in the trial on the screen.
  private var replays = 0
  private var trial: Int?
  private var hasCommented: Set<Int> = []
  private var hasUndone: Set<Int> = []
  private var typed: [PanelKey] = []
  /// The answer that was typed last, and how often.
  private var tried: (trial: Int, revision: Int, times: Int)?
  /// Why the script left before the session's end.
  public private(set) var failure: PanelError?
  private let wait: (Double) -> Void

  struct Script: Sendable, Equatable {
    var intake: [String: String] = ["consent": "1", "age": "1", "native": "English", "hearing": "1", "headphones": "1"]
    var level = 0
    var answersSidesRight = true
    var ratings = [3]
    var replays = 0
    var comments: [Int: String] = [:]
    var undo: Set<Int> = []
  }

  /// - Parameters:
  ///   - yaml: the text of the file.
  ///   - path: of the file, for errors.
  ///   - wait: lets so many seconds pass while sound plays; tests let none.
  /// - Throws: `PanelError.settings`.
  public init(yaml: String, path: String, wait: @escaping (Double) -> Void) throws(PanelError) {
    self.wait = wait
    do throws(SettingsFileError) {
      let file = try SettingsFile(yaml, path: path)
      let allowed = ["intake", "level", "side", "ratings", "replays", "comments", "undo"]
      for (key, node) in try file.entries(file.root, of: "the script", allowed: allowed) {
        switch key {
        case "intake":
          for (question, answer) in try file.entries(
            node, of: key, allowed: IntakeQuestion.allCases.map(\.rawValue))
          {
            script.intake[question] = try file.text(answer, of: question)
          }
        case "level": script.level = try file.integer(node, of: key, in: -60...60)
        case "side": script.answersSidesRight = try file.text(node, of: key) != "wrong"
        case "ratings":
          script.ratings = []
          for item in node.list ?? [node] { script.ratings.append(try file.integer(item, of: key, in: 0...100)) }
        case "replays": script.replays = try file.integer(node, of: key, in: 0...100)
        case "comments":
          for (place, text) in node.mapping ?? [] {
            script.comments[try file.integer(place, of: key, in: 1...100_000)] = try file.text(text, of: key)
          }
        default:
          for item in node.list ?? [node] { script.undo.insert(try file.integer(item, of: key, in: 1...100_000)) }
        }
      }
      guard !script.ratings.isEmpty else { throw file.failure(file.root, "ratings names none") }
    } catch {
      throw .settings(error)
    }
  }

  /// Shows a screen.
  public mutating func show(_ screen: Screen) { prompt = screen.prompt }

  /// The next key, or nil after so many seconds without one.
  public mutating func next(within seconds: Double) -> PanelInput? {
    if !typed.isEmpty { return .key(typed.removeFirst()) }
    typed = keys()
    guard typed.isEmpty else { return .key(typed.removeFirst()) }
    wait(seconds)
    return nil
  }

  private mutating func keys() -> [PanelKey] {
    switch prompt {
    case .choice(let question, _): return text(script.intake[question] ?? "1") + [.enter]
    case .text(let question): return text(script.intake[question] ?? "-") + [.enter]
    case .level(let gain, let hasPlayed, let isPlaying):
      if !hasPlayed { return [.space] }
      let steps = script.level - Int(gain)
      // While the loop plays a step begins it anew, so all are made at once.
      if steps != 0 { return Array(repeating: steps > 0 ? .up : .down, count: abs(steps)) + [.enter] }
      return isPlaying ? [.enter] : []
    case .side(let asked, let hasPlayed, let isPlaying, let chosen):
      if isPlaying { return [] }
      if !hasPlayed { return [.space] }
      let isLeft = (asked == "left") == script.answersSidesRight
      return chosen == nil ? [.character(isLeft ? "1" : "2")] : [.enter]
    case .trial(let index, let isUnlocked, let isPlaying, let chosen, let revision, let versions, let next):
      return rate(index, isUnlocked, isPlaying, chosen, revision, versions, next)
    case .paused where failure != nil: return [.character("q")]
    case .next, .paused: return [.enter]
    case .soundFailed: return [.character("q")]
    case .closing(let trials):
      return script.undo.contains(trials) && hasUndone.insert(trials).inserted ? [.character("u")] : [.enter]
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
    guard isUnlocked else { return [.space] }
    let place = index + 1
    if let text = script.comments[place], hasCommented.insert(place).inserted {
      return [.character("c")] + self.text(text) + [.enter]
    }
    if replays < script.replays {
      replays += 1
      return [.space]
    }
    if script.undo.contains(index), revision == 0, hasUndone.insert(index).inserted { return [.character("u")] }
    let key = script.ratings[(index + revision) % script.ratings.count]
    let times = tried.map { $0.trial == index && $0.revision == revision ? $0.times + 1 : 1 } ?? 1
    tried = (index, revision, times)
    // A key that answers nothing would be typed for ever.
    guard times <= 3 else {
      failure = .terminal("the script: \(key) is no answer to trial \(place)")
      return [.character("q")]
    }
    return text(String(key)) + [.enter]
  }

  private func text(_ text: String) -> [PanelKey] { text.map { .character($0) } }

  /// Throws away what was typed and not yet handed over.
  public mutating func flush() { typed = [] }
  /// Gives the terminal back as it was.
  public mutating func close() {}
}
