// SPDX-License-Identifier: GPL-3.0-or-later

/// What somebody wants to find out: a design file, read. `PanelDesign(yaml:path:)` reads it, `Planner` makes a plan of it.
public struct PanelDesign: Sendable, Equatable {
  /// How trials are laid out for a listener.
  public enum Order: String, Sendable, Codable, CaseIterable {
    /// Each listener hears each sentence once, by one system: group g hears system (u + g) mod S of sentence u.
    case latinSquare = "latin-square"
    /// Each listener hears everything; systems in rows of a Williams square, so that each follows each equally often.
    case williams
    /// Each listener hears everything, in an order of their own.
    case random
  }

  /// What happens to loudness before listening.
  public enum Level: String, Sendable, Codable, CaseIterable {
    /// Nothing.
    case asIs = "as-is"
    /// Each recording is brought to an active speech level (ITU-T P.56) of −26 dB, or as near as all can get unclipped.
    case active = "active-level"
    /// The same by loudness (ITU-R BS.1770), −23 LUFS on both sides together.
    case loudness = "bs1770"
  }

  /// A system and where its recordings are.
  public struct System: Sendable, Equatable {
    /// What it is called in results.
    public let name: String
    /// The folder, relative to the design's own where not absolute.
    public let folder: String
  }

  /// A trial whose answer is known.
  public struct Known: Sendable, Equatable {
    /// What is played: a file, or a recording of the design.
    public enum Source: Sendable, Equatable {
      case file(String)
      case recording(system: String, utterance: String)
    }
    /// What is played.
    public let source: Source
    /// Answers that are right.
    public let expected: ClosedRange<Int>
  }

  /// How the panel asks.
  public var method = PanelMethod.acr
  /// Of the screens.
  public var language = "en"
  /// Phrases of a language that does not come with the program.
  public var texts: [String: String]?
  /// Question and answers.
  public var scale: RatingScale
  /// At least two for comparisons, else one.
  public var systems: [System] = []
  /// The system that is the reference; for dcr, ccr and mushra.
  public var reference: String?
  /// Low-passes of the reference that are rated beside the systems, Hz; for mushra. BS.1534 has 3500 and 7000.
  public var anchors: [Int] = []
  /// Pairs to compare; for ab. Empty: all.
  public var pairs: [[String]] = []
  /// Names of recordings without extension. Empty: those that every system has.
  public var utterances: [String] = []
  /// How many people.
  public var listeners = 0
  /// Votes wanted for each recording.
  public var votes: Int?
  /// How trials are laid out.
  public var order = Order.latinSquare
  /// How many trials of practice, 0 or 3 to 6.
  public var training = 4
  /// Sentences kept for practice. Empty: the planner keeps some.
  public var trainingUtterances: [String] = []
  /// Trials with a known answer, to see who answers at random.
  public var gold: [Known] = []
  /// Trials that ask for an answer in so many words, to see who listens.
  public var catches: [Known] = []
  /// Trials of each listener that come twice.
  public var repeats = 0
  /// How often a trial may be played again after the first time.
  public var replays = 2
  /// Minutes after which a break is offered.
  public var breakMinutes = 15
  /// What happens to loudness.
  public var level = Level.active
  /// Rate of playback, Hz. Nil: the highest of the recordings, no lower than 44,100.
  public var rate: Int?
  /// Start of all that is drawn by lot.
  public var seed: UInt64 = 1
  /// What is assumed of the votes, to say what the panel can find out. Nil: what is usual for the scale.
  public var spread: PlanSummary.Spread?
  /// The folder of the design file; where relative paths start.
  public var folder = "."

  /// What an anchor is called in results.
  static func name(ofAnchor cutoff: Int) -> String { "anchor-\(cutoff)" }

  /// A folder or file of the design, as it can be opened.
  func resolved(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty || folder == "." ? path : "\(folder)/\(path)"
  }
}
