// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import AudioFiles
import Evaluation
import Foundation
import Reporting
import SpeechSignal

/// `ttseval f0 FILE`: the track itself, for other tools.
struct F0Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "f0",
    abstract: "Prints the F0 contour of a recording.",
    discussion: """
      One line a frame: its time in seconds and F0 in Hz, 0 where unvoiced. Frames are those of the \
      tracker: about every 5 ms, from 0 s for harvest, dio and pyin, from half a window on for praat and kaldi.

        ttseval f0 clip.wav
        ttseval f0 clip.wav --f0 praat --f0-range 75-600 --format json
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json }

  @Argument(help: "The recording.") var file: String
  @OptionGroup var pitch: F0Options
  @Option(help: "Rate in Hz to bring the recording down to first, 8000 to 96000 (default: its own).") var rate: Int?
  @Option(help: "Which channel of multichannel files: a number from 1, or “mix”.") var channel: ChannelOption?
  @Option(help: "What goes to stdout.") var format: Format = .csv

  func validate() throws {
    let rates = Harvest.sampleRates
    guard rates.contains(rate ?? 16_000) else {
      throw ValidationError("--rate is from \(rates.lowerBound) to \(rates.upperBound) Hz")
    }
  }

  func run() throws {
    do {
      let contour = try F0Contour(file, method: pitch.method, rate: rate, channels: channel?.policy ?? .identicalOnly)
      Console(quiet: false).warnOfBounds(contour.rangeUse)
      switch format {
      case .csv: try Console.print(F0Report.csv(contour))
      case .json: try Console.print(try F0Report.json(contour))
      }
    } catch {
      throw Console(quiet: false).stop(error)
    }
  }
}
