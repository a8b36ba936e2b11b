// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import Testing

@Suite struct MachineFactsTests {
  private static let processor = """
    processor\t: 0
    vendor_id\t: GenuineIntel
    model name\t: Intel(R) Core(TM) i7-8565U CPU @ 1.80GHz
    flags\t\t: fpu sse2 sse4_2 avx FLAGS

    """

  private func cpu(_ cpuinfo: String) throws -> [String: String] {
    let machine = try FakeMachine()
    try machine.file("/proc/cpuinfo", cpuinfo)
    return FactSheet.gather(.init(), from: machine.surroundings()).facts.named("cpu")
  }

  @Test func processor() throws {
    let two = Self.processor + "\n" + Self.processor.replacing("processor\t: 0", with: "processor\t: 1")
    #expect(
      try cpu(two.replacing("FLAGS", with: "fma avx2")) == [
        "model": "Intel(R) Core(TM) i7-8565U CPU @ 1.80GHz", "architecture": "x86_64", "cores": "2", "usable": "4",
        "simd": "avx2",
      ])
  }

  @Test(arguments: [
    ("", "avx"), ("avx2", "avx"), ("avx2 fma", "avx2"), ("avx2 fma avx512f", "avx2"),
    ("avx2 fma avx512f avx512dq avx512bw avx512vl", "avx512"),
  ])
  func vectorInstructions(_ flags: String, _ level: String) throws {
    #expect(try cpu(Self.processor.replacing("FLAGS", with: flags))["simd"] == level)
  }

  @Test func arm() throws {
    let facts = try cpu(
      "processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n")
    #expect(facts["model"] == "ARM implementer 0x41 part 0xd40")
    #expect(facts["simd"] == "sve")
  }

  @Test func memoryAndSystem() throws {
    let machine = try FakeMachine()
    try machine.file("/proc/meminfo", "MemTotal:       24684096 kB\nMemFree: 1 kB\n")
    try machine.file("/usr/lib/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
    try machine.file("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n")
    let sheet = FactSheet.gather(
      .init(tool: "0.1", libraries: ["fftw": "fftw-3.3.10", "none": ""]), from: machine.surroundings())
    #expect(sheet["memory", "bytes"] == "25276514304")
    #expect(sheet["os", "name"] == "Debian GNU/Linux 12 (bookworm)")
    #expect(sheet["os", "kernel"] == "Linux 6.1.0-18-amd64")
    #expect(sheet.facts.named("library") == ["libc": "glibc 2.36", "fftw": "fftw-3.3.10"])
    #expect(sheet["tool", "version"] == "0.1")
  }

  @Test func whatCannotBeFoundOutIsMissing() throws {
    let machine = try FakeMachine()
    try machine.file("/proc/meminfo", "MemTotal: lots kB\n")
    try machine.file("/proc/cpuinfo", "\u{0}\u{0}model name\n::::\n")
    let sheet = FactSheet.gather(.init(), from: machine.surroundings())
    #expect(
      Set(sheet.facts) == [
        Fact("cpu", "architecture", "x86_64"), Fact("cpu", "usable", "4"), Fact("library", "libc", "glibc 2.36"),
      ])
    let host = Host.current(from: machine.surroundings())
    #expect(host.cpu == "unknown" && host.os == "unknown" && host.memoryBytes == 0 && host.gpu == nil)
  }

  @Test func theRealMachineAnswers() {
    let sheet = FactSheet.gather(.init())
    #expect(sheet["cpu", "architecture"]?.isEmpty == false)
    #expect(sheet["memory", "bytes"].flatMap { Int($0) } ?? 0 > 1 << 20)
    #expect(sheet["os", "kernel"]?.hasPrefix("Linux ") == true)
  }

  @Test func eachFactOnce() {
    let sheet = FactSheet([Fact("a", "b", "1"), Fact("a", "b", "2"), Fact("a", "c", "3")])
    #expect(sheet.facts == [Fact("a", "b", "1"), Fact("a", "c", "3")])
    #expect(sheet["a", "b"] == "1" && sheet["b", "a"] == nil)
  }

  @Test func differences() {
    let a = FactSheet([Fact("os", "name", "Debian"), Fact("cpu", "cores", "2"), Fact("gpu", "driver", "1")])
    let b = FactSheet([Fact("os", "name", "Debian"), Fact("cpu", "cores", "4"), Fact("memory", "bytes", "8")])
    #expect(
      a.differences(from: b) == [
        .init(topic: "cpu", name: "cores", value: "2", other: "4"),
        .init(topic: "gpu", name: "driver", value: "1", other: nil),
        .init(topic: "memory", name: "bytes", value: nil, other: "8"),
      ])
    #expect(a.differences(from: a) == [])
  }
}
