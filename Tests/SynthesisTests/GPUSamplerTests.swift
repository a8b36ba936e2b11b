// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synthesis
import Testing

/// `nvidia-smi` is a script on the PATH.
@Suite struct GPUSamplerTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  /// Speaks beside a fake `nvidia-smi`.
  ///
  /// In its script `begun` waits until the TTS runs, and `seen` lets the TTS go on, which waits for that, unless it is hasty.
  func rows(_ smi: String, lines: [String] = ["a|x"], isHasty: Bool = false) async throws -> [SynthesisRow] {
    let wait = #"until [ -e "$here/seen" ]; do sleep 0.02; done; sleep 0.4"#
    var settings = try shop.settings(": >\"$here/begun\"; \(isHasty ? ":" : wait); cp \"$here/good.wav\" \"$2\"")
    settings.watchesGPUs = true
    settings.gpuPatience = isHasty ? 0.5 : 30
    let head = """
      echo $$ >"$here/smi"; echo "$*" >"$here/asked"
      begun() { until [ -e "$here/begun" ]; do sleep 0.02; done; }
      seen() { : >"$here/seen"; }
      """
    try shop.program("nvidia-smi", "\(head)\n\(smi)", for: &settings)
    let list = try TextList(bytes: Array(lines.joined(separator: "\n").utf8))
    let rows = try await SynthesisJob(texts: list, settings: settings).rows()
    #expect(rows.map(\.failure) == lines.map { _ in nil })
    #expect(shop.runs("smi") == false)
    return rows
  }

  /// One look before the TTS runs, one while it does, and then one each 50 ms.
  func forever(_ lines: String) -> String {
    "printf '\(lines)'; begun; printf '\(lines)'; seen; while :; do sleep 0.05; printf '\(lines)'; done"
  }

  @Test func twoGPUsAreToldApart() async throws {
    let rows = try await rows(forever(#"0, 1000, 50, 70.5\n1, 20, 0, 9.25\n"#))
    #expect(
      shop.text("asked")
        == "--query-gpu=index,memory.used,utilization.gpu,power.draw --format=csv,noheader,nounits -lms 200\n")
    let gpus = try #require(rows.first?.speed?.gpus)
    try #require(gpus.map(\.index) == [0, 1] && gpus.allSatisfy { $0.samples >= 1 })
    #expect(gpus[0].peakMemoryMiB == 1000 && gpus[0].meanUtilisation == 0.5 && gpus[0].meanPowerWatts == 70.5)
    #expect(gpus[1].peakMemoryMiB == 20 && gpus[1].meanUtilisation == 0 && gpus[1].meanPowerWatts == 9.25)
  }

  @Test(arguments: [
    ("0, 1000, [N/A], [Not Supported]", 1000), ("0, [Insufficient Permissions], ERR!, nan", nil as Double?),
    ("0, [N/A], 101, -1", nil),
  ])
  func whatIsNotKnownIsNil(_ line: String, _ memory: Double?) async throws {
    let rows = try await rows(forever(line + "\\n"))
    let gpu = try #require(rows.first?.speed?.gpus.first)
    #expect(gpu.peakMemoryMiB == memory && gpu.meanUtilisation == nil && gpu.meanPowerWatts == nil)
  }

  @Test func peakAndMeanAreOverTheLooksWithinTheTime() async throws {
    let rows = try await rows(
      #"echo 0, 50, 0, 10; begun; echo 0, 9, 100, 30; echo 0, 7, 50, 20; seen; sleep 300"#)
    let gpu = try #require(rows.first?.speed?.gpus.first)
    #expect(gpu.peakMemoryMiB == 9 && gpu.samples == 2 && gpu.meanUtilisation == 0.75 && gpu.meanPowerWatts == 25)
  }

  @Test func itsEndInMidRunDoesNotMatter() async throws {
    let rows = try await rows("echo 0, 5, 0, 10; begun; echo 0, 6, 0, 10; seen; exit 9", lines: ["a|x", "b|y"])
    #expect(rows.map { $0.speed?.gpus.first?.peakMemoryMiB } == [6, nil])
  }

  @Test(arguments: [
    "sleep 300", "exit 1", "echo NVIDIA-SMI has failed because it could not communicate with the driver; exit 9",
    "trap '' TERM; while :; do sleep 1; done", "while :; do echo garbage, 1, 2, 3; echo -1, 1, 1, 1; echo 0, 1; done",
    "head -c 100000000 /dev/zero; sleep 300", "kill -STOP $$",
  ])
  func oneThatSaysNothingOfUseDoesNotMatter(_ smi: String) async throws {
    #expect(try await rows(smi, isHasty: true).first?.speed?.gpus.isEmpty == true)
  }

  @Test func withoutItThereAreNone() async throws {
    var settings = try shop.settings(#"cp "$here/good.wav" "$2""#)
    settings.watchesGPUs = true
    settings.environment["PATH"] = "/usr/bin:/bin"
    let rows = try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
    #expect(rows[0].speed?.gpus.isEmpty == true)
  }
}
