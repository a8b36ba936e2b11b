// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// A recording that is played, as it was when the plan was frozen.
public struct Stimulus: Sendable, Equatable, Codable {
  /// Who made it; empty for recordings from outside the systems (gold, catch).
  public let system: String
  /// The sentence: what pairs systems.
  public let utterance: String
  /// Where it was found: absolute, or relative to the folder of the design, beside which the plan is kept.
  public let path: String
  /// Of the file's bytes.
  public let sha256: String
  /// Hz.
  public let sampleRate: Int
  /// Of the file; all equal.
  public let channels: Int
  /// Samples per channel.
  public let frames: Int
  /// Container and encoding in libsndfile's words.
  public let format: String
  /// ITU-T P.56, dB relative to a full-scale square wave.
  public let activeLevel: Double
  /// ITU-R BS.1770, LUFS, on both sides; nil unless the plan's levels go by it.
  public let loudness: Double?
  /// Largest absolute value, dB relative to full scale.
  public let peak: Double
  /// What the plan's level policy adds, dB.
  public let gain: Double
  /// Of an anchor, made of the reference when it is played: Hz above which nothing is heard. Level and peak are the anchor's own.
  public let lowpass: Int?

  /// Duration in seconds.
  public var seconds: Double { Double(frames) / Double(sampleRate) }
}

/// A trial of one listener.
public struct PlannedTrial: Sendable, Equatable, Codable {
  /// What a trial is for.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Practice; never analysed.
    case training
    /// What the panel is about.
    case rated
    /// The answer is known from the recording.
    case gold
    /// The recording asks for an answer.
    case `catch`
    /// An earlier trial again.
    case `repeat`
  }
  /// What the trial is for.
  public let kind: Kind
  /// Recordings in the order they are played: indices into the plan's stimuli.
  public let clips: [Int]
  /// Whether the order was turned round by lot: the reference second (ccr), the pair's second system first (ab).
  public let isSwapped: Bool
  /// Right answers of gold and catch: the least and the most.
  public let expected: [Int]?
  /// The trial that is repeated: its place in the listener's list.
  public let repeats: Int?

  /// The answer with the lot undone: for ccr the test recording against the reference, for ab 1 for the pair's first.
  public func score(_ value: Int, method: PanelMethod) -> Int {
    guard isSwapped else { return value }
    switch method {
    case .ccr: return -value
    case .ab: return value == 0 ? 0 : 3 - value
    case .acr, .dcr, .mushra: return value
    }
  }

  /// Whether an answer is right; nil where none is known.
  public func isRight(_ value: Int) -> Bool? { expected.map { $0[0] <= value && value <= $0[1] } }
}

/// What one listener is to hear.
public struct PlannedListener: Sendable, Equatable, Codable {
  /// What the order was drawn with.
  public let seed: UInt64
  /// Row of the square.
  public let group: Int
  /// Practice first.
  public let trials: [PlannedTrial]
}

/// A panel as it will be held: all recordings by their hash and all trials in their order. Nothing is rated outside a plan.
///
/// A plan is frozen under the SHA-256 of its canonical JSON: UTF-8, keys sorted, no blanks, numbers as short as they read
/// back exactly. Its file holds both, and is refused where they do not fit.
public struct PanelPlan: Sendable, Equatable, Codable {
  /// Of this layout.
  public let schema: Int
  /// How the panel asks.
  public let method: PanelMethod
  /// Of the screens.
  public let language: String
  /// Phrases of a language that does not come with the program.
  public let texts: [String: String]?
  /// Question and answers.
  public let scale: RatingScale
  /// Names, in the design's order.
  public let systems: [String]
  /// The reference among them.
  public let reference: String?
  /// Sentences that are rated.
  public let utterances: [String]
  /// How trials are laid out.
  public let order: PanelDesign.Order
  /// Start of all that was drawn by lot.
  public let seed: UInt64
  /// How often a trial may be played again after the first time.
  public let replays: Int
  /// Minutes after which a break is offered.
  public let breakMinutes: Int
  /// What happened to loudness.
  public let level: PanelDesign.Level
  /// Rate of playback, Hz.
  public let rate: Int
  /// What the level loop plays: index of a stimulus.
  public let levelClip: Int
  /// All recordings.
  public let stimuli: [Stimulus]
  /// All listeners.
  public let listeners: [PlannedListener]
  /// What the planner noticed.
  public let notes: [String]
  /// What the design assumes of the votes; nil where it says nothing.
  public let spread: PlanSummary.Spread?
}

extension PanelPlan {
  /// Canonical JSON.
  public func canonicalJSON() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Fails only for numbers that are not finite, which the planner never lets in.
    guard let data = try? encoder.encode(self) else { preconditionFailure("a plan of finite numbers") }
    return String(decoding: data, as: UTF8.self)
  }

  /// The hash the plan is known by: 64 lowercase hexadecimal digits.
  public var hash: String { SHA256Digest.hex(of: canonicalJSON()) }

  /// The content of a plan's file.
  public func frozen() -> String {
    let text = canonicalJSON()
    return "{\"plan\":\(text),\"sha256\":\"\(SHA256Digest.hex(of: text))\"}\n"
  }

  /// Reads a plan's file.
  /// - Throws: `PanelError.plan` where it is none, or was changed after it was frozen.
  public init(frozen text: String) throws(PanelError) {
    struct File: Decodable {
      let plan: PanelPlan
      let sha256: String
    }
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: Data(text.utf8))
    } catch {
      throw .plan("not the file of a plan")
    }
    guard file.plan.schema == 1 else { throw .plan("a plan of another version (schema \(file.plan.schema))") }
    guard file.plan.hash == file.sha256 else { throw .plan("the plan was changed after it was frozen") }
    guard file.plan.isSound else { throw .plan("the plan contradicts itself") }
    self = file.plan
  }

  private var isSound: Bool {
    stimuli.indices.contains(levelClip) && scale.steps.count > 1
      && listeners.allSatisfy { listener in
        listener.trials.enumerated().allSatisfy { place, trial in
          !trial.clips.isEmpty && trial.clips.allSatisfy(stimuli.indices.contains)
            && (trial.expected.map { $0.count == 2 } ?? true) && (trial.repeats.map { $0 < place && $0 >= 0 } ?? true)
        }
      }
  }

  /// Headroom of the loudest recording at 0 dB of the listener's own setting, dB, rounded down: how far up they may go.
  public var headroom: Int { Int((stimuli.map { -($0.peak + $0.gain) }.min() ?? 0).rounded(.down)) }

  /// What a trial takes: its recordings once, and some seconds to answer.
  package func seconds(of trial: PlannedTrial) -> Double {
    trial.clips.reduce(0) { $0 + stimuli[$1].seconds } + Self.gapSeconds * Double(trial.clips.count - 1)
      + Self.answerSeconds
  }

  /// Minutes a listener needs, practice and breaks of three minutes included.
  public func minutes(of listener: Int) -> Double {
    let minutes = listeners[listener].trials.reduce(0) { $0 + seconds(of: $1) } / 60
    return 2 + minutes + 3 * (minutes / Double(breakMinutes)).rounded(.down)
  }

  /// Silence between two recordings of one trial, seconds.
  static let gapSeconds = 0.5
  /// Time to think and press two keys.
  static let answerSeconds = 6.0
}
