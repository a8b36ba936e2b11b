// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Glibc
import ListeningPanel
import SpeechSignal
import Testing

@Suite struct PlaybackTests {
  private func request(_ clips: [Int], gain: Double = 0, side: PlayRequest.Side = .both) -> PlayRequest {
    PlayRequest(purpose: .trial, trial: 0, clips: clips, gain: gain, side: side, play: 1)
  }

  @Test func soundIsTheFileBetweenItsFades() throws {
    let studio = try Studio(rate: 48_000)
    let plan = try studio.plan("training: 0\nlevel: as-is\n")
    let sound = try ClipLoader(plan, folder: studio.folder).sound(request([0]), rate: 48_000)
    let file = try AudioFile.read("\(studio.folder)/\(plan.stimuli[0].path)").channels[0]
    #expect(sound.frames == file.count && sound.samples.count == 2 * (file.count + 14_400))
    for i in 240..<(file.count - 240) {
      #expect(sound.samples[2 * i] == Int32(file[i] * 32_768) << 16 && sound.samples[2 * i + 1] == sound.samples[2 * i])
    }
    #expect(abs(sound.samples[2]) < 65_536 && sound.samples[(2 * file.count)...].allSatisfy { $0 == 0 })
    #expect(sound.sha256 == [plan.stimuli[0].sha256])
  }

  @Test func gainsOfPlanAndListenerAddUp() throws {
    let studio = try Studio(rate: 48_000)
    let plan = try studio.plan("training: 0\n")
    let loader = ClipLoader(plan, folder: studio.folder)
    let (loud, soft) = (
      try loader.sound(request([0]), rate: 48_000), try loader.sound(request([0], gain: -20), rate: 48_000)
    )
    let peak = Double(loud.samples.max() ?? 0)
    #expect(abs(peak / 2_147_483_648 - pow(10, (plan.stimuli[0].peak + plan.stimuli[0].gain) / 20)) < 1e-3)
    #expect(abs(Double(soft.samples.max() ?? 0) / peak - 0.1) < 1e-6)
  }

  @Test func twoRecordingsFollowEachOther() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\nmethod: ab\n")
    let loader = ClipLoader(plan, folder: studio.folder)
    let pair = try loader.sound(request([0, 1]), rate: 48_000)
    let (one, other) = (try loader.sound(request([0]), rate: 48_000), try loader.sound(request([1]), rate: 48_000))
    let gap = 24_000
    #expect(one.frames == 24_000 && pair.frames == one.frames + gap + other.frames)
    #expect(pair.samples[..<(2 * one.frames)] == one.samples[..<(2 * one.frames)])
    #expect(pair.samples[(2 * one.frames)..<(2 * (one.frames + gap))].allSatisfy { $0 == 0 })
    #expect(Array(pair.samples[(2 * (one.frames + gap))...]) == other.samples)
  }

  @Test func oneSideIsSilent() throws {
    let studio = try Studio()
    let loader = ClipLoader(try studio.plan("training: 0\n"), folder: studio.folder)
    let left = try loader.sound(request([0], side: .left), rate: 44_100)
    let right = try loader.sound(request([0], side: .right), rate: 44_100)
    for i in stride(from: 0, to: left.samples.count, by: 2) {
      #expect(left.samples[i + 1] == 0 && right.samples[i] == 0 && left.samples[i] == right.samples[i + 1])
    }
    #expect(left.samples.contains { $0 != 0 })
  }

  /// Same name, length and time, other sound.
  @Test func aFileThatWasExchangedIsRefused() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    let path = "\(studio.folder)/\(plan.stimuli[0].path)"
    let other = "\(studio.folder)/\(plan.stimuli[1].path)"
    let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    try Data(contentsOf: URL(fileURLWithPath: other)).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.modificationDate: try #require(date)], ofItemAtPath: path)
    let loader = ClipLoader(plan, folder: studio.folder)
    #expect(
      throws: PanelError.stimulusChanged(
        path: path, reason: "not the file the plan was frozen with: its SHA-256 differs")
    ) { try loader.sound(request([0]), rate: 48_000) }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: PanelError.stimulusChanged(path: path, reason: "no such file")) {
      try loader.sound(request([0]), rate: 48_000)
    }
  }

  private var errors: (dev_t, ino_t) {
    var file = stat()
    fstat(STDERR_FILENO, &file)
    return (file.st_dev, file.st_ino)
  }

  /// Nested, as a device that is not found within a session; and given back by a player that does not come about.
  @Test func stderrIsSilentUntilItIsGivenBack() throws {
    let before = errors
    let quiet = QuietErrors()
    var nowhere = stat()
    stat("/dev/null", &nowhere)
    #expect(errors == (nowhere.st_dev, nowhere.st_ino))
    #expect(throws: PanelError.self) { try PortAudioPlayer(rate: 48_000, name: "no such device") }
    #expect(errors == (nowhere.st_dev, nowhere.st_ino))
    quiet.end()
    #expect(errors == before)
    #expect(throws: PanelError.self) { try PortAudioPlayer(rate: 48_000, name: "no such device") }
    #expect(errors == before)
  }
}
