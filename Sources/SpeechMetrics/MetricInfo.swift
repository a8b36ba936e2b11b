// SPDX-License-Identifier: GPL-3.0-or-later

/// A metric's description of itself, from which help, tables, signatures and documentation are derived.
public struct MetricInfo: Sendable, Equatable {
  /// Command-line and storage name, e.g. `pesq-wb`.
  public let id: String
  /// Goes up whenever a score changes; runs of different revisions are not compared.
  public let revision: Int
  /// The name in the field, e.g. "Short-time objective intelligibility".
  public let name: String
  /// One sentence: what the number says, and what it is not good for.
  public let summary: String
  /// What the number is.
  public let scale: Scale
  /// The samples the metric is handed.
  public let input: Input
  /// The parameters that move the number, in signature form: `["n_fft:1024", "hop:256"]`.
  public internal(set) var recipe: [String]
  /// Papers, standards and the code whose numbers it reproduces.
  public internal(set) var citations: [String]
  /// Part of `--metrics default`.
  public let isDefault: Bool
  /// What the metric can show frame by frame.
  public let traces: [Trace.Kind]

  /// A description from its parts.
  public init(
    id: String, revision: Int, name: String, summary: String, scale: Scale, input: Input, recipe: [String],
    citations: [String], isDefault: Bool, traces: [Trace.Kind] = []
  ) {
    self.id = id
    self.revision = revision
    self.name = name
    self.summary = summary
    self.scale = scale
    self.input = input
    self.recipe = recipe
    self.citations = citations
    self.isDefault = isDefault
    self.traces = traces
  }

  /// The scale a score is read on.
  public struct Scale: Sendable, Equatable {
    /// Unit as printed, e.g. `dB`; empty for pure numbers.
    public let unit: String
    /// The values the definition allows.
    public let range: ClosedRange<Double>
    /// Which way is good.
    public let better: Direction
    /// A difference of means below this counts as the same, in the metric's unit.
    public let tolerance: Double
    /// Why that tolerance.
    public let toleranceReason: String
    /// Decimals worth printing.
    public let decimals: Int

    /// A scale from its parts.
    public init(
      unit: String, range: ClosedRange<Double>, better: Direction, tolerance: Double, toleranceReason: String,
      decimals: Int
    ) {
      self.unit = unit
      self.range = range
      self.better = better
      self.tolerance = tolerance
      self.toleranceReason = toleranceReason
      self.decimals = decimals
    }
  }

  /// Which way is good.
  public enum Direction: String, Sendable {
    /// Greater is better.
    case higher
    /// Smaller is better.
    case lower
    /// Neither.
    case none
  }

  /// The samples a metric is handed.
  public struct Input: Sendable, Equatable {
    /// The sample rate of those samples.
    public let rate: Rate
    /// What the metric leaves to the run's alignment.
    public let timing: Timing
    /// Shortest input, in seconds; below it the metric throws ``MetricError/tooShort(seconds:minimum:)``.
    public let minimumSeconds: Double

    /// An input from its parts.
    public init(rate: Rate, timing: Timing, minimumSeconds: Double) {
      self.rate = rate
      self.timing = timing
      self.minimumSeconds = minimumSeconds
    }
  }

  /// What a metric leaves to the run's alignment.
  public enum Timing: Sendable, Equatable {
    /// The two must run in step sample by sample: shifted by the pair's delay, or the synthesis warped in time.
    case samplesInStep
    /// Frames of the speech extent, paired by the run's alignment: by time, or along the warping path. No sound is changed.
    case framesInStep
    /// It follows delays itself, and is handed whole files; warped ones in a run that warps.
    case ownDelays
    /// It pairs whole files in its own way, whatever the run does.
    case own

    /// Whether the metric hears the synthesis warped in a run that warps.
    public var changesSound: Bool { self == .samplesInStep || self == .ownDelays }
  }

  /// The sample rate a metric works at.
  public enum Rate: Sendable, Equatable {
    /// The run's one analysis rate.
    case analysis
    /// The rate its definition names. Hz.
    case fixed(Int)
    /// 16 kHz where the run's analysis rate reaches it, else 8 kHz.
    case telephone

    /// The rate in a run of this analysis rate, Hz.
    public func sampleRate(analysisRate: Int) -> Int {
      switch self {
      case .analysis: analysisRate
      case .fixed(let rate): rate
      case .telephone: analysisRate >= 16_000 ? 16_000 : 8000
      }
    }
  }
}
