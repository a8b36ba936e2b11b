// SPDX-License-Identifier: GPL-3.0-or-later
internal import SettingsFile

/// What listeners read, in one language: the phrases of the screens and the scales.
///
/// A language is a file (`en.yaml` and its like); the three that come with the program are compiled into it, so that it
/// needs no files beside it. Every file has every phrase and the same placeholders.
public struct Wording: Sendable, Equatable {
  /// The languages that come with the program.
  public static let languages = ["en", "de", "zh"]

  /// The language's name for itself.
  public let language: String
  /// Phrases by their key in the file.
  public let texts: [String: String]
  /// Scales by name.
  public let scales: [String: RatingScale]

  /// A language that comes with the program; nil for others.
  public init?(language: String) {
    let bytes: [UInt8]
    switch language {
    case "en": bytes = PackageResources.en_yaml
    case "de": bytes = PackageResources.de_yaml
    case "zh": bytes = PackageResources.zh_yaml
    default: return nil
    }
    do {
      try self.init(yaml: String(decoding: bytes, as: UTF8.self), path: "\(language).yaml")
    } catch {
      preconditionFailure("\(error)")  // the tests read all of them
    }
  }

  /// Reads the file of a language.
  /// - Throws: `PanelError.settings`, also where a phrase is missing.
  public init(yaml: String, path: String) throws(PanelError) {
    do throws(SettingsFileError) {
      let file = try SettingsFile(yaml, path: path)
      var (language, texts, scales) = ("", [String: String](), [String: RatingScale]())
      for (key, node) in try file.entries(file.root, of: "the file", allowed: ["language", "texts", "scales"]) {
        switch key {
        case "language": language = try file.text(node, of: key)
        case "texts":
          for (name, text) in try file.entries(node, of: key, allowed: Phrase.allCases.map(\.rawValue)) {
            texts[name] = try file.text(text, of: name)
          }
        default:
          for (name, scale) in node.mapping ?? [] {
            scales[name.text ?? ""] = try RatingScale.read(scale, name: name.text ?? "", file)
          }
        }
      }
      if let missing = Phrase.allCases.first(where: { texts[$0.rawValue] == nil }) {
        throw file.failure(nil, "texts has no “\(missing.rawValue)”")
      }
      (self.language, self.texts, self.scales) = (language, texts, scales)
    } catch {
      throw .settings(error)
    }
  }

  /// A language whose phrases are those of a frozen plan.
  init(language: String, texts: [String: String]) {
    (self.language, self.texts, scales) = (language, texts, [:])
  }

  /// A phrase, its placeholders filled in.
  func callAsFunction(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
    // A plan of an own language that was frozen before a phrase came about says it in English.
    let text = texts[phrase.rawValue] ?? Wording(language: "en")?.texts[phrase.rawValue] ?? phrase.rawValue
    return values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
  }
}

/// The phrases every language has.
enum Phrase: String, Sendable, CaseIterable {
  case trial, practice, breakIn = "break-in"
  case keyPlay = "key-play", keyRate = "key-rate", keyConfirm = "key-confirm", keyUndo = "key-undo"
  case keyComment = "key-comment", keyHelp = "key-help", keyPause = "key-pause", keyContinue = "key-continue"
  case keyLeave = "key-leave", keySpace = "key-space", keyEnter = "key-enter", keyArrows = "key-arrows"
  case keyChoose = "key-choose", keySlower = "key-slower", keyReference = "key-reference"
  case keyVersions = "key-versions", keySelect = "key-select", keyValue = "key-value", keyFinish = "key-finish"
  case keyThenEnter = "key-then-enter", keyEnterAlone = "key-enter-alone", lineKeys = "line-keys", levelLines =
    "level-lines"
  case mushraLines = "mushra-lines"
  case first, second, reference
  case playFirst = "play-first", playing, playingPart = "playing-part", locked, answerNow = "answer-now", selected
  case waitForEnd = "wait-for-end", chooseFirst = "choose-first", playsLeft = "plays-left"
  case stillPlaying = "still-playing", unknownKey = "unknown-key", unknownLine = "unknown-line"
  case kept, keptAll = "kept-all"
  case noPlaysLeft = "no-plays-left", nothingToUndo = "nothing-to-undo", undone, interrupted, restarted
  case welcome, welcomeText = "welcome-text", consent, consentYes = "consent-yes", consentNo = "consent-no"
  case age, age1 = "age-1", age2 = "age-2", age3 = "age-3", age4 = "age-4", age5 = "age-5"
  case native, nativeHint = "native-hint"
  case hearing, hearing1 = "hearing-1", hearing2 = "hearing-2", hearing3 = "hearing-3", hearing4 = "hearing-4"
  case headphones, headphones1 = "headphones-1", headphones2 = "headphones-2", headphones3 = "headphones-3"
  case level, levelText = "level-text", levelNow = "level-now", levelLimit = "level-limit"
  case side, sideText = "side-text", sideLeft = "side-left", sideRight = "side-right", sideBoth = "side-both"
  case sideAgain = "side-again", sideSwapped = "side-swapped", sideWrong = "side-wrong"
  case sideAccepted = "side-accepted"
  case instructions, instructionsACR = "instructions-acr", instructionsDCR = "instructions-dcr"
  case instructionsCCR = "instructions-ccr", instructionsAB = "instructions-ab"
  case instructionsMUSHRA = "instructions-mushra", begin
  case practiceDone = "practice-done", practiceDoneText = "practice-done-text"
  case takeBreak = "break", breakText = "break-text", paused, pausedText = "paused-text"
  case comment, commentText = "comment-text"
  case help, helpPlay = "help-play", helpRate = "help-rate", helpConfirm = "help-confirm", helpUndo = "help-undo"
  case helpComment = "help-comment", helpPause = "help-pause", helpClose = "help-close"
  case helpLevel = "help-level", helpLouder = "help-louder", helpKeep = "help-keep", helpSide = "help-side"
  case helpContinue = "help-continue", helpLeave = "help-leave", helpEnd = "help-end"
  case keyInterrupt = "key-interrupt", helpInterrupt = "help-interrupt"
  case helpPlayMUSHRA = "help-play-mushra", helpMUSHRA = "help-mushra"
  case closing, closingText = "closing-text"
  case finished, finishedText = "finished-text", declined, declinedText = "declined-text", pressAny = "press-any"
  case soundFailed = "sound-failed", soundFailedText = "sound-failed-text", tooSmall = "too-small"
  case mushraSample = "mushra-sample", mushraIncomplete = "mushra-incomplete", mushraUnrated = "mushra-unrated"
}
