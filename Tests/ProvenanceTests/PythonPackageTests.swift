// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import Testing

@Suite struct PythonPackageTests {
  @Test func metadataAreReadNotImported() throws {
    let machine = try FakeMachine()
    let python = try machine.python()
    try machine.install("torch", "2.6.0", built: "2.6.0+cu124", cuda: "12.4")
    try machine.install("onnxruntime_gpu", "1.20.1", built: nil)
    try machine.write(
      "env/lib/python3.11/site-packages/onnxruntime/capi/build_and_package_info.py",
      "package_name = 'onnxruntime-gpu'\ncuda_version = '12.4'\n")
    try machine.install("nvidia_cudnn_cu12", "9.1.0.70")
    try machine.install("hibari-tts", "0.3", installer: "uv")
    try machine.install("requests", "2.0")
    let facts = try machine.stack(python).facts
    #expect(facts.named("torch") == ["version": "2.6.0+cu124", "build": "cu124", "cuda": "12.4", "installer": "pip"])
    #expect(facts.named("onnxruntime-gpu") == ["version": "1.20.1", "cuda": "12.4", "installer": "pip"])
    #expect(facts.named("nvidia-cudnn-cu12")["version"] == "9.1.0.70")
    #expect(facts.named("hibari-tts") == ["version": "0.3", "installer": "uv"])
    #expect(facts.named("requests") == [:])
    #expect(
      facts.named("python") == [
        "path": python, "version": "3.11.7", "implementation": "CPython", "platform": "linux-x86_64",
        "environment": "venv",
      ])
  }

  @Test func whereItCameFromWithoutTheAddress() throws {
    let machine = try FakeMachine()
    let python = try machine.python()
    try machine.install("my_tts", "0.1")
    try machine.write(
      "env/lib/python3.11/site-packages/my_tts-0.1.dist-info/direct_url.json",
      #"{"url": "https://user:secret@example.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc123"}}"#)
    try machine.install("other-tts", "0.1")
    try machine.write(
      "env/lib/python3.11/site-packages/other_tts-0.1.dist-info/direct_url.json",
      #"{"url": "file:///home/somebody/x", "dir_info": {"editable": true}}"#)
    let facts = try machine.stack(python).facts
    #expect(facts.named("my-tts")["commit"] == "abc123")
    #expect(facts.named("other-tts")["editable"] == "true")
    #expect(!facts.contains { $0.value.contains("secret") || $0.value.contains("somebody") })
  }

  @Test func conda() throws {
    let machine = try FakeMachine()
    let python = try machine.python()
    try machine.install("torch", "2.1.0", installer: "conda", tag: nil)
    try machine.conda("pytorch", "2.1.0", build: "py3.11_cuda12.1_cudnn8.9.2_0")
    try machine.conda("cuda-version", "12.1")
    try machine.conda("requests", "2.0")
    let facts = try machine.stack(python).facts
    #expect(
      facts.named("torch") == [
        "version": "2.1.0", "installer": "conda", "conda-build": "py3.11_cuda12.1_cudnn8.9.2_0",
        "conda-channel": "conda-forge",
      ])
    #expect(facts.named("cuda-version")["version"] == "12.1")
    #expect(facts.named("requests") == [:] && facts.named("pytorch") == [:])
    #expect(facts.named("python")["environment"] == "conda")
    #expect(!facts.contains { $0.value.contains("secret") })
  }

  @Test func olderMetadataAndDebris() throws {
    let machine = try FakeMachine()
    let python = try machine.python()
    let site = "env/lib/python3.11/site-packages"
    try machine.write("\(site)/torch-2.1.0-py3.11.egg-info/PKG-INFO", "Name: torch\nVersion: 2.1.0\n")
    try machine.write("\(site)/torchaudio-2.1.0-py3.11.egg-info", "Name: torchaudio\r\nVersion: 2.1.0\r\n\r\n")
    try machine.write("\(site)/~orch-2.0.0.dist-info/METADATA", "Name: torch\nVersion: 2.0.0\n")
    try machine.write("\(site)/numpy-1.0.dist-info/RECORD", "")
    try machine.write("\(site)/scipy-1.0.dist-info/METADATA", "Name: scipy\nVersion: new\n")
    try machine.install("librosa", "0.11.0")
    try machine.write("\(site)/librosa-0.11.0.dist-info/direct_url.json", "{{{")
    let stack = try machine.stack(python)
    #expect(stack.packages.map { "\($0.name) \($0.version)" } == ["librosa 0.11.0", "torch 2.1.0", "torchaudio 2.1.0"])
  }

  @Test(
    arguments: [
      ("2.6.0+cpu", "2.6.0", "cpu", "2.6"), ("2.10.1", "2.10.1", nil, "2.10"), ("0.5", "0.5", nil, "0.5"),
      ("2.4.0a0+07cecf4168.nv24.05", "2.4.0", "07cecf4168.nv24.05", "2.4"), ("2.9.0.dev20250901", "2.9.0", nil, "2.9"),
      ("1!2.0rc1", "2.0", nil, "2.0"), ("7", "7", nil, "7.0"),
    ] as [(String, String, String?, String)])
  func versions(_ text: String, _ base: String, _ build: String?, _ line: String) throws {
    let version = try #require(PythonVersion(text))
    #expect(version.base == base && version.build == build && version.line.description == line)
    #expect(version.description == text)
  }

  @Test func noVersions() {
    for text in ["", "new", "+cpu", "99999999999999999999.0"] { #expect(PythonVersion(text) == nil) }
    #expect(ReleaseLine(2, 9) < ReleaseLine(2, 10))
  }
}
