// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import Synchronization

// How a TTS is run and measured
// =============================
//
// A TTS is a program we know nothing about. It is started once per utterance (or once per lane, as a worker), told a
// text and a path, and watched from outside. Two promises: the run ends, whatever the program does; and every
// utterance gets a row, sound or reason.
//
// Time. `wall` runs from just before the program is started to the moment the kernel reports its end, so loading a
// model is in it; of a worker, from sending a line to its answer. Real-time factor is wall over seconds of sound:
// below 1 is faster than speaking. `latency` is the time until the file first held more than a header, where it was
// seen to grow afterwards; a file that appears at once could not have been played sooner than it was finished. It is
// the latency of a TTS that streams into its file, not that of its network interface. Reading and hashing the file is
// not timed.
//
// Processor time is the kernel's count for the program and all children that were waited for (wait4), plus what was
// seen of those left running. It exceeds wall when several cores work. Children that nobody waited for and that ended
// between two looks are missing.
//
// Memory is looked at every 1 to 20 ms over the process tree: the resident set of a lone process; of several the sum
// of proportional sets, in which shared pages count once. The kernel's own peaks of each process (VmHWM at a
// look, ru_maxrss at the end) lie beneath, so that a short peak of one process is seldom missed; one of a sum can be. Files mapped into memory (a
// model read by mmap) count as far as they are resident; GPU memory does not, and page cache does not. Growth is what
// a worker holds after its last answer less what it holds after its first: a leak shows there.
//
// GPUs are those of the whole machine, as nvidia-smi sees them, averaged over the looks (200 ms) within the
// utterance's time.
//
// The end. A program is the leader of a session. When it ends, is late, or the run is cancelled, everything of its
// tree that still runs gets TERM and, after a grace, KILL: children, background processes, daemons (see ProcessTree
// for how those are found). A program that hands its work to a daemon and leaves is therefore no TTS per line: run
// the daemon apart, or as a worker. If ttseval itself is killed by SIGKILL, workers end with their stdin; a one-line
// program goes on to its own end, and its temporary file is removed by the next run.
//
// Parallel lanes share cores, caches and the GPU. Measure speed with one lane, make a lot of speech with many.
//
// Resuming. The journal says what was made, from which text, seed and command; a sound is kept if all three are the
// same and the file's hash is still the row's. What changed inside the TTS (another model under the same name) nobody
// can see from here: start with an empty folder then.

/// Speaks a list of texts.
public struct SynthesisJob: Sendable {
  private let texts: TextList
  private let settings: SynthesisSettings

  /// A job; nothing happens yet.
  public init(texts: TextList, settings: SynthesisSettings) {
    self.texts = texts
    self.settings = settings
  }

  /// Makes every take of every utterance that is not there yet. When the task is cancelled, what runs is ended and
  /// nothing is left of it.
  /// - Parameter finished: called after each new row, one call at a time, from any thread.
  /// - Returns: all rows, kept ones too.
  /// - Throws: `SynthesisError`, before anything is started; or when the journal cannot be written, after all was
  ///   stopped.
  public func run(
    finished: @escaping @Sendable (SynthesisRow) -> Void = { _ in }
  ) async throws(SynthesisError) -> SynthesisResult {
    let plan = try SynthesisPlan(texts: texts, settings: settings)
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // A thread of its own: it waits, and threads of the concurrency pool must not.
        Thread.detachNewThread {
          let outcome = Result { () throws(SynthesisError) in try plan.carryOut(cancellation, finished) }
          continuation.resume(returning: outcome)
        }
      }
    } onCancel: {
      cancellation.cancel()
    }.get()
  }
}
