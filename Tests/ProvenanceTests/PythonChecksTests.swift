// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import Testing

/// Each fault is planted as folders of metadata, as an installer would leave them.
@Suite struct PythonChecksTests {
  private let cpu = "https://download.pytorch.org/whl/cpu"

  private func stack(
    torch: String? = nil, torchaudio: String? = nil, others: [(String, String)] = [("soundfile", "0.13.1")],
    python: (FakeMachine) throws -> String = { try $0.python() }, more: (FakeMachine) throws -> Void = { _ in }
  ) throws -> PythonStack {
    let machine = try FakeMachine()
    var stack: PythonStack
    let path = try python(machine)
    if let torch { try machine.install("torch", torch) }
    if let torchaudio { try machine.install("torchaudio", torchaudio) }
    for (name, version) in others { try machine.install(name, version) }
    try more(machine)
    stack = try machine.stack(path)
    stack.path = "python3"
    return stack
  }

  @Test(arguments: [
    ("2.6.0", "2.6.0"), ("2.6.0+cpu", "2.6.0+cpu"), ("2.5.1", "2.5.0"), ("1.13.1+cu117", "0.13.1+cu117"),
    ("2.0.1", "2.0.2"), ("1.7.1", "0.7.2"),
  ])
  func aMatchingPairIsFit(_ torch: String, _ torchaudio: String) throws {
    let stack = try stack(torch: torch, torchaudio: torchaudio)
    let checks = stack.checks(machine: "x86_64")
    #expect(checks.filter { $0.outcome != .passed } == [])
    #expect(
      checks.map(\.name) == [
        "torch-installed", "torch-release", "torch-build", "torch-backend", "torch-origin", "torch-architecture",
      ])
  }

  @Test(arguments: [
    ("2.6.0+cpu", "2.5.1+cpu", "torch==2.6.0 torchaudio==2.6.0 --index-url https://download.pytorch.org/whl/cpu"),
    ("2.10.0", "2.1.0", "torch==2.10.0 torchaudio==2.10.0"), ("1.13.1", "2.0.2", "torch==1.13.1 torchaudio==0.13.1"),
    ("2.0.1", "2.1.0", "torch==2.0.1 torchaudio==2.0.2"), ("2.8.0", "2.11.0", "torch==2.8.0 torchaudio==2.8.0"),
    ("2.12.0", "2.9.1", "torch==2.12.0 torchaudio==2.11.0"),
  ])
  func releasesThatDoNotMatch(_ torch: String, _ torchaudio: String, _ line: String) throws {
    let check = try #require(try stack(torch: torch, torchaudio: torchaudio).check("torch-release"))
    #expect(check.outcome == .failed)
    #expect(check.found.contains("torch \(torch), torchaudio \(torchaudio)"))
    #expect(check.advice == "python3 -m pip install \(line)")
  }

  @Test func torchaudioFromTwoElevenOnServesLaterTorches() throws {
    for torch in ["2.11.0", "2.12.1", "2.20.0"] {
      #expect(try stack(torch: torch, torchaudio: "2.11.0").check("torch-release")?.outcome == .passed)
    }
    #expect(try stack(torch: "2.10.0", torchaudio: "2.11.0").check("torch-release")?.outcome == .failed)
    #expect(try stack(torch: "2.11.0", torchaudio: "2.10.0").check("torch-release")?.outcome == .failed)
  }

  @Test func buildsThatDoNotMatch() throws {
    let check = try #require(try stack(torch: "2.6.0+cpu", torchaudio: "2.6.0+cu118").check("torch-build"))
    #expect(check.outcome == .failed && check.found == "torch +cpu, torchaudio +cu118")
    #expect(
      check.advice == "python3 -m pip install --force-reinstall torch==2.6.0 torchaudio==2.6.0 --index-url \(cpu)")
    #expect(try stack(torch: "2.6.0", torchaudio: "2.6.0+cu118").failed == ["torch-build"])
  }

  @Test func buildsThatTheMetadataHide() throws {
    // PyPI's torch is 2.6.0 to pip and 2.6.0+cu124 to itself; torchaudio came from PyTorch's index.
    func check(_ torchaudio: String) throws -> HealthCheck? {
      try stack(more: { machine in
        try machine.install("torch", "2.6.0", built: "2.6.0+cu124", cuda: "12.4")
        try machine.install("torchaudio", torchaudio, built: torchaudio)
      }).check("torch-build")
    }
    #expect(try check("2.6.0+cu124")?.outcome == .passed)
    let other = try #require(try check("2.6.0+cpu"))
    #expect(other.outcome == .failed && other.found == "torch +cu124, torchaudio +cpu")
    #expect(other.advice?.hasSuffix("--index-url https://download.pytorch.org/whl/cu124") == true)
  }

  @Test func aPackageThatIsMissing() throws {
    let noAudio = try #require(try stack(torch: "2.6.0+cpu").check("torch-installed"))
    #expect(noAudio.outcome == .failed && noAudio.found == "torch 2.6.0+cpu, torchaudio missing")
    #expect(noAudio.advice == "python3 -m pip install torch==2.6.0 torchaudio==2.6.0 --index-url \(cpu)")
    #expect(
      try stack(torchaudio: "0.13.1").check("torch-installed")?.advice
        == "python3 -m pip install torch==1.13.1 torchaudio==0.13.1")
    let neither = try stack()
    #expect(neither.failed == ["torch-installed"])
    #expect(neither.check("torch-installed")?.advice == "python3 -m pip install torch==2.8.0 torchaudio==2.8.0")
    #expect(neither.check("torch-release")?.outcome == .skipped)
    let onnx = try stack(others: [("onnxruntime", "1.20.1")])
    #expect(onnx.check("torch-installed")?.outcome == .skipped && onnx.failed == [])
  }

  @Test func twoVersionsOfOnePackage() throws {
    let check = try stack(torch: "2.6.0", torchaudio: "2.6.0", more: { try $0.install("torch", "2.5.1") })
      .check("torch-installed")
    #expect(check?.outcome == .failed && check?.found.contains("2 versions of torch") == true)
  }

  @Test func fromTwoNineOnTorchcodecLoads() throws {
    func check(_ codec: String?, libraries: [String] = ["libavutil.so.58"]) throws -> HealthCheck? {
      try stack(
        torch: "2.9.1", torchaudio: "2.9.1", others: codec.map { [("torchcodec", $0)] } ?? [("soundfile", "0.13.1")],
        more: { machine in for name in libraries { try machine.file("/usr/lib/x86_64-linux-gnu/\(name)", "") } }
      ).check("torch-backend")
    }
    let missing = try #require(try check(nil))
    #expect(missing.outcome == .failed && missing.advice == "python3 -m pip install torchcodec==0.9.1")
    let wrong = try #require(try check("0.7.0"))
    #expect(wrong.outcome == .failed && wrong.found == "torchcodec 0.7.0 was not made for torch 2.9")
    #expect(try check("0.8.1") == HealthCheck("torch-backend", .passed, found: "torchcodec 0.8.1, FFmpeg 6"))
    #expect(try check("0.9.0", libraries: [])?.outcome == .skipped)
  }

  @Test func beforeTwoNineOneOfThreeLoads() throws {
    func check(_ version: String, _ libraries: [String]) throws -> HealthCheck? {
      try stack(
        torch: version, torchaudio: version, others: [],
        more: { machine in for name in libraries { try machine.file("/usr/lib/\(name)", "") } }
      ).check("torch-backend")
    }
    let none = try #require(try check("2.8.0", ["libavutil.so.59", "libavutil.so"]))
    #expect(none.outcome == .failed && none.advice == "python3 -m pip install soundfile==0.13.1")
    #expect(try check("2.8.0", ["libavutil.so.56.70.100"])?.found == "FFmpeg 4")
    #expect(try check("2.1.0", ["libsox.so.3"])?.found == "SoX")
    #expect(try check("2.0.1", [])?.outcome == .passed)
  }

  @Test func condaMixedWithPip() throws {
    let mixed = try stack(more: { machine in
      try machine.install("torch", "2.5.1", installer: "conda")
      try machine.conda("pytorch", "2.5.1")
      try machine.install("torchaudio", "2.5.1")
    })
    let check = try #require(mixed.check("torch-origin"))
    #expect(check.outcome == .failed && check.found == "torch by conda, torchaudio by pip")
    #expect(
      check.advice
        == "conda remove --force pytorch && python3 -m pip install --force-reinstall torch==2.5.1 torchaudio==2.5.1")
    #expect(mixed.failed == ["torch-origin"])
    // Without a signature conda's own record tells.
    let unsigned = try stack(more: { machine in
      try machine.install("torch", "2.5.1", installer: nil)
      try machine.conda("pytorch", "2.5.1")
      try machine.install("torchaudio", "2.5.1")
    })
    #expect(unsigned.failed == ["torch-origin"])
    let over = try stack(torch: "2.6.0", torchaudio: "2.6.0", more: { try $0.conda("pytorch", "2.5.1") })
    #expect(over.check("torch-origin")?.found.hasSuffix("over conda's pytorch") == true)
    #expect(over.failed == ["torch-origin"])
  }

  @Test func allOfOneHand() throws {
    let conda = try stack(more: { machine in
      for name in ["torch", "torchaudio"] { try machine.install(name, "2.5.1", installer: "conda", tag: nil) }
      for name in ["pytorch", "torchaudio"] { try machine.conda(name, "2.5.1") }
    })
    #expect(conda.failed == [])
    // pip's torch within conda's Python is common and whole.
    let pip = try stack(torch: "2.5.1", torchaudio: "2.5.1", more: { try $0.conda("numpy", "2.0") })
    #expect(pip.isConda && pip.failed == [])
  }

  @Test func architecturesThatDoNotMatch() throws {
    let wheel = "cp311-cp311-macosx_11_0_arm64"
    let mixed = try stack(
      python: { try $0.python(machine: "x86_64", platform: "macosx-11.0-x86_64") },
      more: { machine in
        try machine.install("torch", "2.5.1", tag: wheel)
        try machine.install("torchaudio", "2.5.1", tag: "cp311-cp311-macosx_10_13_x86_64")
      })
    let check = try #require(mixed.check("torch-architecture", machine: "arm64"))
    #expect(check.outcome == .failed)
    #expect(
      check.found
        == "machine arm64, Python x86-64, torch arm64, torchaudio x86-64, soundfile x86-64".replacing(
          ", soundfile x86-64", with: ""))
    #expect(check.advice?.hasPrefix("install a Python for arm64") == true)
    let package = try stack(
      torchaudio: "2.5.1", more: { try $0.install("torch", "2.5.1", tag: "cp311-cp311-linux_aarch64") })
    #expect(package.check("torch-architecture")?.found.contains("torch arm64") == true)
    #expect(package.check("torch-architecture")?.advice?.contains("--force-reinstall torch==2.5.1") == true)
  }

  @Test func architecturesUnderOtherNames() throws {
    let same = try stack(
      torchaudio: nil, others: [], python: { try $0.python(machine: "arm64", platform: "macosx-10.9-universal2") },
      more: { machine in
        try machine.install("torch", "2.5.1", tag: "cp311-none-macosx_11_0_arm64")
        try machine.install("torchaudio", "2.5.1", tag: "cp311-cp311-macosx_10_9_universal2")
        try machine.install("numpy", "2.0", tag: "py3-none-any")
      })
    #expect(same.check("torch-architecture", machine: "aarch64")?.found == "all arm64")
    #expect(same.check("torch-architecture", machine: "x86_64")?.outcome == .failed)
    let conda = try stack(more: { machine in
      try machine.install("torch", "2.5.1", installer: "conda", tag: nil)
      try machine.conda("pytorch", "2.5.1", platform: "osx-arm64")
    })
    #expect(conda.check("torch-architecture")?.outcome == .failed)
  }

  @Test func thePathIsQuoted() throws {
    var stack = try stack()
    stack.path = "/my envs/it's/python"
    #expect(stack.check("torch-installed")?.advice?.hasPrefix(#"'/my envs/it'\''s/python' -m pip install"#) == true)
  }
}
