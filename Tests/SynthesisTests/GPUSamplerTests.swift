// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synthesis
import Testing

/// `nvidia-smi` is a script on the PATH.
@Suite struct GPUSamplerTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  func rows(_ smi: String?, lines: [String] = ["a|x"], seconds: String = "0.6") async throws -> [SynthesisRow] {
    var settings = try shop.settings("sleep \(seconds); cp \"$here/good.wav\" \"$2\"")
    settings.watchesGPUs = true
    settings.gpuPatience = 1
    if let smi {
      try shop.program(
        "nvidia-smi", "echo $$ >\"$here/smi\"; echo \"$*\" >\"$here/asked\"\n\(smi)", for: &settings)
    }
    let list = try TextList(bytes: Array(lines.joined(separator: "\n").utf8))
    let rows = try await SynthesisJob(texts: list, settings: settings).rows()
    #expect(rows.allSatisfy { $0.failure == nil })
    if smi != nil { #expect(shop.runs("smi") == false) }
    return rows
  }

  func forever(_ lines: String) -> String { "while :; do printf '\(lines)'; sleep 0.05; done" }

  @Test func twoGPUsAreToldApart() async throws {
    let rows = try await rows(forever(#"0, 1000, 50, 70.5\n1, 20, 0, 9.25\n"#))
    #expect(
      shop.text("asked")
        == "--query-gpu=index,memory.used,utilization.gpu,power.draw --format=csv,noheader,nounits -lms 200\n")
    let gpus = try #require(rows[0].speed?.gpus)
    #expect(gpus.map(\.index) == [0, 1] && gpus.allSatisfy { $0.samples >= 1 })
    #expect(gpus[0].peakMemoryMiB == 1000 && gpus[0].meanUtilisation == 0.5 && gpus[0].meanPowerWatts == 70.5)
    #expect(gpus[1].peakMemoryMiB == 20 && gpus[1].meanUtilisation == 0 && gpus[1].meanPowerWatts == 9.25)
  }

  @Test func whatIsNotKnownIsNil() async throws {
    let rows = try await rows(forever(#"0, 1000, [N/A], [Not Supported]\n"#))
    let gpu = try #require(rows[0].speed?.gpus.first)
    #expect(gpu.peakMemoryMiB == 1000 && gpu.meanUtilisation == nil && gpu.meanPowerWatts == nil)
    let none = try await Workshop().gpuRows(forever(#"0, [Insufficient Permissions], ERR!, nan\n"#))
    #expect(none[0].speed?.gpus.first?.peakMemoryMiB == nil && none[0].speed?.gpus.count == 1)
  }

  @Test func peakAndMeanAreOverTheLooks() async throws {
    let rows = try await rows("printf '0, 5, 0, 10\\n'; sleep 0.2; printf '0, 9, 100, 30\\n0, 7, 50, 20\\n'; sleep 300")
    let gpu = try #require(rows[0].speed?.gpus.first)
    #expect(gpu.peakMemoryMiB == 9 && gpu.samples == 2 && gpu.meanUtilisation == 0.75 && gpu.meanPowerWatts == 25)
  }

  @Test func itsEndInMidRunDoesNotMatter() async throws {
    let rows = try await rows(
      "printf '0, 5, 0, 10\\n'; sleep 0.1; printf '0, 6, 0, 10\\n'; exit 9", lines: ["a|x", "b|y"])
    #expect(rows[0].speed?.gpus.first?.peakMemoryMiB == 6 && rows[1].speed?.gpus.isEmpty == true)
  }

  @Test(arguments: [
    "sleep 300", "exit 1", "echo NVIDIA-SMI has failed because it could not communicate with the driver; exit 9",
    "trap '' TERM; while :; do sleep 1; done", "while :; do echo garbage, 1, 2, 3; echo -1, 1, 1, 1; echo 0, 1; done",
    "head -c 100000000 /dev/zero; sleep 300", "kill -STOP $$",
  ])
  func oneThatSaysNothingOfUseDoesNotMatter(_ smi: String) async throws {
    #expect(try await rows(smi)[0].speed?.gpus.isEmpty == true)
  }

  @Test func withoutItThereAreNone() async throws {
    var settings = try shop.settings(#"cp "$here/good.wav" "$2""#)
    settings.watchesGPUs = true
    settings.environment["PATH"] = "/usr/bin:/bin"
    let rows = try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
    #expect(rows[0].speed?.gpus.isEmpty == true)
  }
}

extension Workshop {
  /// Rows of a TTS that sleeps, beside a fake `nvidia-smi`.
  fileprivate func gpuRows(_ smi: String) async throws -> [SynthesisRow] {
    var settings = try settings("sleep 0.6; cp \"$here/good.wav\" \"$2\"")
    settings.watchesGPUs = true
    try program("nvidia-smi", smi, for: &settings)
    return try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
  }
}
