// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation

/// The command line: reads arguments, wires the modules, prints, and sets the exit code. No arithmetic.
@main
struct TTSEval: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ttseval",
    abstract: "Scores synthesised speech against natural recordings, and keeps every score.",
    discussion: """
      ttseval compare natural/ modelA/ modelB/     score two systems, print the table, store the run
      ttseval explain clip.wav clip_gen.wav        one pair, by every recipe there is
      ttseval f0 clip.wav                          an F0 contour, for other tools
      ttseval diff tag:main nightly                two runs, pair by pair, with a verdict
      ttseval hardware --label v2                  one system on several machines: does it sound the same?
      ttseval synthesize --command … texts out/    run a TTS, time it, score it
      ttseval merge a.sqlite b.sqlite --into all   runs of several machines in one store
      ttseval runs                                 what is stored
      ttseval panel plan panel.yaml                listeners: plan, sessions in the terminal, MOS
      ttseval correlate panel nightly              which metric predicts these listeners
      ttseval metrics stoi                         what a number means
      ttseval doctor                               is this machine fit to score?

      Exit codes: 0 done; 1 what --fail-on names happened; 2 done, but some scores failed; 3 nothing could be \
      evaluated; 64 usage; 130 interrupted.
      """,
    version: version,
    subcommands: [
      CompareCommand.self, ExplainCommand.self, F0Command.self, DiffCommand.self, HardwareCommand.self,
      SynthesizeCommand.self, ReportCommand.self, PanelCommand.self, CorrelateCommand.self,
      DoctorCommand.self,
      MergeCommand.self, RunsCommand.self, MetricsCommand.self,
    ])
}

extension TTSEval {
  static func main() async {
    // Who is started by a program that ignores the ends of its children inherits that, and is never told how a program ended.
    signal(SIGCHLD, SIG_DFL)
    await main(nil)
  }
}

extension ExitCode {
  /// What `--fail-on` names happened.
  static let gateFailed = ExitCode(1)
  /// Done, but some scores failed.
  static let someFailed = ExitCode(2)
  /// Nothing could be evaluated or compared.
  static let nothingDone = ExitCode(3)
  /// Ended by Ctrl-C, as shells have it.
  static let interrupted = ExitCode(130)
}
