// SPDX-License-Identifier: GPL-3.0-or-later

/// What a process tree uses while it makes one file.
///
/// Looks come after 1 ms, then at intervals that grow by half each time up to 20 ms, so that a program of a few
/// milliseconds is seen several times and a long one is left alone; and so seldom that looking takes at most a
/// twentieth of the time, however many processes there are.
struct ProcessMeter {
  private let output: String
  private let started: ContinuousClock.Instant
  private let cpuBefore: Double
  private var interval = Duration.milliseconds(1)
  /// When to look again.
  private(set) var due: ContinuousClock.Instant
  /// The most seen, bytes; 0 before the first look at a running process.
  private(set) var peakBytes = 0
  /// At the last look that saw something.
  private(set) var lastBytes = 0
  /// The most processor time seen in one look, seconds.
  private(set) var cpuSeconds = 0.0
  private var firstSound: (after: Duration, size: Int)?

  /// A WAV's usual header: a file as long as that has no sound yet.
  private static let headerBytes = 44

  init(output: String, started: ContinuousClock.Instant, cpuBefore: Double = 0) {
    self.output = output
    self.started = started
    self.cpuBefore = cpuBefore
    due = started + interval
  }

  /// Looks at the tree and at the file.
  mutating func sample(_ tree: inout ProcessTree) {
    let begin = ContinuousClock.now
    let spentBefore = Descriptor.threadTime()
    if firstSound == nil, let size = Descriptor.size(output), size > Self.headerBytes {
      firstSound = (begin - started, size)
    }
    tree.scan()
    let bytes = tree.memory()
    if bytes > 0 { lastBytes = bytes }
    peakBytes = max(peakBytes, bytes, tree.greatestPeak())
    cpuSeconds = max(cpuSeconds, tree.cpuSeconds - cpuBefore)
    let spent = Descriptor.threadTime() - spentBefore
    interval = max(min(interval * 1.5, .milliseconds(20)), min(spent * 20, .milliseconds(500)))
    due = .now + interval
  }

  /// Time until the file first held sound, where it was seen to grow after that; nil for a file that was there at
  /// once, of which nobody could have heard the beginning sooner.
  /// - Parameter size: bytes of the finished file.
  func latency(finalSize size: Int) -> Duration? {
    firstSound.flatMap { $0.size < size ? $0.after : nil }
  }
}
