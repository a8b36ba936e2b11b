// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Synchronization

/// What a GPU was seen to do within a span of time. Fields are nil where `nvidia-smi` had no number (`[N/A]` and the
/// like).
public struct GPUUsage: Sendable, Equatable, Codable {
  /// As `nvidia-smi` counts.
  public let index: Int
  /// Looks within the span.
  public let samples: Int
  /// The most memory in use, by everybody, MiB.
  public let peakMemoryMiB: Double?
  /// Mean share of time in which something ran, 0 … 1.
  public let meanUtilisation: Double?
  /// Mean power, W.
  public let meanPowerWatts: Double?
}

/// `nvidia-smi` in the background, which prints a line per GPU every 200 ms until it is ended.
///
/// Nothing it does can hurt a run: what it does not say is unknown. Without it there are no GPUs; when it ends or
/// hangs, none from then on; lines that are none of its own are passed over.
final class GPUSampler: Sendable {
  struct Sample: Sendable, Equatable {
    let index: Int
    let memory: Double?
    let utilisation: Double?
    let power: Double?

    /// `0, 1234, 35, 71.03`: index, MiB, percent, W.
    init?(_ line: String) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmingBlanks }
      guard fields.count == 4, let index = Int(fields[0]), (0..<1024).contains(index) else { return nil }
      func number(_ field: String, upTo limit: Double = .greatestFiniteMagnitude) -> Double? {
        Double(field).flatMap { $0.isFinite && (0...limit).contains($0) ? $0 : nil }
      }
      self.index = index
      memory = number(fields[1])
      utilisation = number(fields[2], upTo: 100).map { $0 / 100 }
      power = number(fields[3])
    }
  }

  static let arguments = [
    "nvidia-smi", "--query-gpu=index,memory.used,utilization.gpu,power.draw", "--format=csv,noheader,nounits", "-lms",
    "200",
  ]

  private struct State {
    var samples: [(at: ContinuousClock.Instant, sample: Sample)] = []
    var hasEnded = false
  }
  private let state = Mutex(State())
  private let cancellation = Cancellation()

  /// Starts it where it is on the PATH.
  init?(environment: [String: String]) {
    guard let program = ChildProcess.find("nvidia-smi", environment: environment) else { return nil }
    let thread = Thread { [self] in
      watch(program, environment)
      state.withLock { $0.hasEnded = true }
    }
    thread.start()
  }

  /// Waits for the first look, so that the first utterance has one too.
  func waitForFirst(_ patience: Duration) {
    let limit = ContinuousClock.now + patience
    while ContinuousClock.now < limit, state.withLock({ $0.samples.isEmpty && !$0.hasEnded }) {
      Descriptor.wait(reading: [], writing: nil, milliseconds: 5)
    }
  }

  /// What was seen from one moment to another, by GPU.
  func usage(from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> [GPUUsage] {
    let samples = state.withLock { state in
      // Newest last: the span asked for is at the end.
      Array(state.samples.reversed().drop { $0.at > end }.prefix { $0.at >= begin }.map(\.sample))
    }
    return Dictionary(grouping: samples, by: \.index).sorted { $0.key < $1.key }.map { index, samples in
      func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
      return GPUUsage(
        index: index, samples: samples.count, peakMemoryMiB: samples.compactMap(\.memory).max(),
        meanUtilisation: mean(samples.compactMap(\.utilisation)), meanPowerWatts: mean(samples.compactMap(\.power)))
    }
  }

  /// Ends it, and returns when it is gone.
  func stop() {
    cancellation.cancel()
    while !state.withLock(\.hasEnded) { Descriptor.wait(reading: [], writing: nil, milliseconds: 5) }
  }

  private func watch(_ program: String, _ environment: [String: String]) {
    Descriptor.ignoreBrokenPipes()
    guard
      let process = try? SupervisedProcess(
        program: program, arguments: Self.arguments, environment: environment, lines: true, cancellation: cancellation)
    else { return }
    process.closeInput()
    loop: while true {
      switch process.next(before: .now + .seconds(3600)) {
      case .line(let line):
        guard let sample = Sample(line) else { continue }
        state.withLock { state in
          state.samples.append((.now, sample))
          // Five looks a second at 16 GPUs for an hour; spans that are asked for are shorter.
          if state.samples.count > 600_000 { state.samples.removeFirst(300_000) }
        }
      case .exited, .cancelled: break loop
      case .deadline: continue
      }
    }
    _ = process.endTree(grace: .milliseconds(500))
    _ = process.reap()
  }
}
