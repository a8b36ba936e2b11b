// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Provenance
import Testing

/// A fake `nvidia-smi` on the path stands for a machine with graphics cards.
@Suite struct GPUFactsTests {
  private static let table = """
    +-----------------------------------------------------------------------------------------+
    | NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
    |-----------------------------------------+------------------------+----------------------+
    """

  /// Facts of a machine whose nvidia-smi answers the query with `query` and prints `table` without arguments.
  private func facts(query: String, table: String = table, status: Int = 0) throws -> [String: String] {
    let machine = try FakeMachine()
    let answers = [try machine.write("query", query), try machine.write("table", table)]
    return try facts(
      machine,
      """
      case "$1" in
      --query-gpu=index,name,driver_version,memory.total,compute_cap) /bin/cat \(answers[0]); exit \(status);;
      "") /bin/cat \(answers[1]); exit \(status);;
      *) echo "unexpected: $*" >&2; exit 2;;
      esac
      """)
  }

  private func facts(_ machine: FakeMachine, _ script: String, patience: Double = 60) throws -> [String: String] {
    try machine.program("nvidia-smi", script)
    return FactSheet.gather(.init(), from: machine.surroundings(patience: patience)).facts.named("gpu")
  }

  @Test func oneCard() throws {
    let facts = try facts(query: "0, NVIDIA GeForce RTX 4090, 550.54.15, 24564, 8.9\n")
    #expect(
      facts == [
        "count": "1", "0.model": "NVIDIA GeForce RTX 4090", "0.memory-bytes": "25757220864",
        "0.compute-capability": "8.9", "driver": "550.54.15", "cuda": "12.4",
      ])
  }

  @Test func twoCards() throws {
    let facts = try facts(
      query: "1, Tesla T4, 550.54.15, 15360, 7.5\r\n0, NVIDIA A100-SXM4-40GB, 550.54.15, 40960, 8.0\r\n")
    #expect(facts["count"] == "2")
    #expect(facts["0.model"] == "NVIDIA A100-SXM4-40GB")
    #expect(facts["1.model"] == "Tesla T4")
    #expect(facts["1.memory-bytes"] == "16106127360")
  }

  @Test func declinedFieldsAreMissing() throws {
    let facts = try facts(query: "0, NVIDIA GB10, 580.95.05, [N/A], 12.1\n", table: "NVIDIA-SMI CUDA Version: N/A")
    #expect(
      facts == ["count": "1", "0.model": "NVIDIA GB10", "0.compute-capability": "12.1", "driver": "580.95.05"])
  }

  @Test func slicesOfACard() throws {
    let slices =
      Self.table + """

        | MIG devices:                                                                            |
        +------------------+----------------------------------+-----------+-----------------------+
        | GPU  GI  CI  MIG |                     Memory-Usage |        Vol|        Shared         |
        |  0    1   0   0  |              12MiB / 20096MiB    | 42      0 |  3   0    2    0    0 |
        """
    let facts = try facts(
      query: "0, NVIDIA A100 MIG 3g.20gb, 550.54.15, [Insufficient Permissions], 8.0\n", table: slices)
    #expect(facts["mig"] == "enabled")
    #expect(facts["0.model"] == "NVIDIA A100 MIG 3g.20gb")
    #expect(facts["0.memory-bytes"] == nil)
    let none = slices.replacing("|  0    1   0   0  |", with: "|  No MIG devices found |")
    #expect(try self.facts(query: "0, NVIDIA A100, 550.54.15, 40960, 8.0\n", table: none)["mig"] == nil)
  }

  @Test func anOldDriverDoesNotKnowTheCapability() throws {
    let facts = try facts(
      try FakeMachine(),
      """
      case "$1" in
      *compute_cap) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;;
      --query-gpu=*) echo "0, Tesla V100-SXM2-16GB, 450.80.02, 16160";;
      *) echo "| NVIDIA-SMI 450.80.02    Driver Version: 450.80.02    CUDA Version: 11.0     |";;
      esac
      """)
    #expect(facts["0.model"] == "Tesla V100-SXM2-16GB")
    #expect(facts["cuda"] == "11.0")
    #expect(facts["0.compute-capability"] == nil)
  }

  @Test func aFailureTellsNothing() throws {
    #expect(try facts(query: "0, NVIDIA A100, 550.54.15, 40960, 8.0\n", status: 9) == [:])
    #expect(
      try facts(
        query: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", status: 9) == [:])
  }

  @Test func aHangTellsNothing() throws {
    #expect(
      try facts(
        try FakeMachine(), "echo '0, NVIDIA A100, 550.54.15, 40960, 8.0'; exec /bin/sleep 1000", patience: 0.5) == [:])
  }

  @Test(arguments: [
    "No devices were found\n", "", "\u{0}\u{1}\u{FF},,,,\n,,,,\n", "0, NVIDIA A100, 550.54.15\n",
    "zero, NVIDIA A100, 550.54.15, 40960, 8.0\n", "0, NVIDIA A100, 550.54.15, 40960 MiB, 8.0\n",
    "0, NVIDIA A100, new, 40960, 8.0\n", "0, [Unknown Error], [Unknown Error], [Unknown Error], [Unknown Error]\n",
    "-1, NVIDIA A100, 550.54.15, 40960, 8.0\n", "0, , 550.54.15, 40960, 8.0\n",
    "Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error\n",
    "0, NVIDIA A100, 550.54.15, 999999999999999999999, 8.0\n",
  ])
  func garbageTellsNothing(_ query: String) throws { #expect(try facts(query: query) == [:]) }

  @Test func aLostCardDoesNotHideTheOther() throws {
    let facts = try facts(
      query: "Unable to determine the device handle for GPU1: Unknown Error\n0, Tesla T4, 550.54.15, 15360, 7.5\n")
    #expect(facts["count"] == "1")
    #expect(facts["0.model"] == "Tesla T4")
  }

  @Test func nothingThatNamesACardIsAskedFor() throws {
    // Serial numbers, UUIDs and bus addresses stand in the plain table and in other fields; none gets through.
    let table = Self.table + "\n| 00000000:65:00.0 GPU-4f1c7d1e-0000-1111-2222-333344445555 0324518000000 |"
    let facts = try facts(query: "0, Tesla T4, 550.54.15, 15360, 7.5\n", table: table)
    #expect(!facts.values.contains { $0.contains("65:00") || $0.contains("GPU-") || $0.contains("03245") })
    #expect(facts.count == 6)
  }

  @Test func withoutTheProgramTheDriversFilesTell() throws {
    let machine = try FakeMachine()
    try machine.file(
      "/proc/driver/nvidia/gpus/0000:01:00.0/information",
      "Model: \t\t NVIDIA GeForce RTX 3060\nIRQ:   \t\t 168\nGPU UUID: \t GPU-4f1c7d1e-0000-1111-2222-333344445555\n")
    try machine.file(
      "/proc/driver/nvidia/version",
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version: 12.2\n")
    #expect(
      FactSheet.gather(.init(), from: machine.surroundings()).facts.named("gpu")
        == ["count": "1", "0.model": "NVIDIA GeForce RTX 3060", "driver": "535.183.01"])
    #expect(Host.current(from: machine.surroundings()).gpu == "NVIDIA GeForce RTX 3060")
  }
}
