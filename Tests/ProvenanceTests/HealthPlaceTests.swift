// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Provenance
import Testing

/// Folders, terminals and sound devices that are made up.
struct HealthPlaceTests {
  private let machine: FakeMachine

  init() throws { machine = try FakeMachine() }

  // MARK: store

  private func store(_ path: String) -> HealthCheck {
    StoreFolderCheck.run(store: path, from: machine.surroundings())[0]
  }

  @Test func aFolderThatTakesFiles() throws {
    let check = store("\(machine.folder)/runs/deep/ttseval.sqlite")
    #expect(check.name == "store-folder" && check.outcome == .passed, "\(check)")
    #expect(check.found.hasPrefix("\(machine.folder): takes files, "), "\(check)")
    // Nothing is left behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: machine.folder).sorted() == ["bin", "root"])
  }

  /// The kernel's own folder takes no files, from root neither.
  @Test func foldersThatTakeNone() throws {
    let kernel = store("/proc/ttseval.sqlite")
    #expect(
      kernel.outcome == .failed && kernel.found.hasPrefix("/proc: cannot be written to (") && kernel.advice != nil)
    let file = try machine.write("file", "")
    #expect(store("\(file)/ttseval.sqlite").outcome == .failed)
  }

  @Test func roomAndNetwork() {
    func check(_ folder: StoreFolderCheck.Folder) -> HealthCheck { StoreFolderCheck.run(store: "x", folder: folder)[0] }
    let good = StoreFolderCheck.Folder(path: "/data", fault: nil, freeBytes: 100_000_000, network: nil)
    #expect(check(good).outcome == .passed)
    var full = good
    full.freeBytes = 99_999_999
    #expect(check(full).outcome == .failed && check(full).found == "/data: 99 MB free")
    var unknown = good
    unknown.freeBytes = nil
    #expect(check(unknown).outcome == .passed)
    var far = good
    far.network = "nfs4"
    #expect(check(far).outcome == .failed && check(far).found.contains("on a network (nfs4)"))
  }

  @Test func theMountThatHoldsAFolderDecides() throws {
    func network(_ mounts: String) throws -> String? {
      try machine.file("/proc/self/mountinfo", mounts)
      return StoreFolderCheck.Folder(ofStore: "\(machine.folder)/x.sqlite", from: machine.surroundings()).network
    }
    let place = URL(filePath: machine.folder).resolvingSymlinksInPath().path
    let root = "22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    #expect(try network(root) == nil)
    #expect(try network(root + "30 22 0:40 / \(place) rw - nfs4 server:/home rw\n") == "nfs4")
    #expect(try network(root + "30 22 0:40 / \(place)-other rw - nfs4 server:/home rw\n") == nil)
    #expect(
      try network("30 22 0:40 / / rw shared:2 - cifs //server rw\n31 30 0:41 / \(place) rw - tmpfs tmpfs rw\n") == nil)
    #expect(try network("garbage\n\n - \n") == nil)
  }

  // MARK: terminal

  private func terminal(
    _ columns: Int = 80, _ rows: Int = 24, _ environment: [String: String] = ["TERM": "xterm", "LANG": "de_DE.UTF-8"],
    isNeeded: Bool = true
  ) -> HealthCheck {
    TerminalCheck.run(
      .init(isTerminal: true, size: .init(columns: columns, rows: rows)), from: machine.surroundings(environment),
      isNeeded: isNeeded)[0]
  }

  @Test func terminals() {
    #expect(terminal().outcome == .passed && terminal().found == "xterm, 80 × 24, UTF-8")
    #expect(terminal(79).outcome == .failed && terminal(80, 23).outcome == .failed)
    #expect(terminal(79, isNeeded: false).outcome == .skipped)
    #expect(terminal(80, 24, ["LANG": "C.UTF-8"]).found == "TERM is not set")
    #expect(terminal(80, 24, ["LANG": "C.UTF-8", "TERM": "dumb"]).found == "TERM is dumb")
    #expect(terminal(80, 24, ["TERM": "xterm"]).outcome == .failed)
    #expect(terminal(80, 24, ["TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "C"]).outcome == .failed)
    #expect(
      terminal(80, 24, ["TERM": "xterm", "LANG": "C", "LC_ALL": "", "LC_CTYPE": "en_US.utf8"]).outcome == .passed)
    let pipe = TerminalCheck.Terminal(isTerminal: false, size: nil)
    let check = TerminalCheck.run(pipe, from: machine.surroundings())[0]
    #expect(check.outcome == .skipped && check.found == "stdout is no terminal")
    #expect(TerminalCheck.run(pipe, from: machine.surroundings(), isNeeded: true)[0].outcome == .failed)
    #expect(
      TerminalCheck.run(.init(isTerminal: true, size: nil), from: machine.surroundings(["TERM": "vt100"]))[0].advice
        != nil)
  }

  // MARK: sound

  private func sound(_ environment: [String: String] = [:], isNeeded: Bool = true) -> HealthCheck {
    SoundCheck.run(from: machine.surroundings(environment), isNeeded: isNeeded)[0]
  }

  @Test func noDevice() throws {
    #expect(sound().outcome == .failed && sound().found == "no sound device" && sound().advice != nil)
    #expect(sound(isNeeded: false).outcome == .skipped)
    // A card that records only, and a timer.
    try machine.file("/dev/snd/pcmC0D0c", "")
    try machine.file("/dev/snd/timer", "")
    try machine.file("/proc/asound/cards", "--- no soundcards ---\n")
    #expect(sound().outcome == .failed && sound().found.contains("the kernel knows sound"))
    #expect(sound(["PULSE_SERVER": "unix:/run/gone/native", "XDG_RUNTIME_DIR": "/run/user/1"]).outcome == .failed)
  }

  @Test func devicesAndServers() throws {
    #expect(sound(["PULSE_SERVER": "tcp:host:4713"]).found == "PulseAudio at tcp:host:4713")
    try machine.file("/run/user/1/pulse/native", "")
    #expect(sound(["XDG_RUNTIME_DIR": "/run/user/1"]).found == "PulseAudio")
    #expect(sound(["PULSE_SERVER": "unix:/run/user/1/pulse/native"]).outcome == .passed)
    try machine.file("/run/user/1/pipewire-0", "")
    #expect(sound(["XDG_RUNTIME_DIR": "/run/user/1"]).found == "PipeWire, PulseAudio")
    try machine.file("/dev/snd/pcmC0D0p", "")
    #expect(sound().found == "ALSA pcmC0D0p")
    try machine.file(
      "/proc/asound/cards",
      " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      HDA Intel PCH at 0xf7\n")
    #expect(sound().outcome == .passed && sound().found == "ALSA HDA-Intel - HDA Intel PCH")
  }
}
