// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import Testing

@Suite struct HostTests {
  private func id(machineID: String?, networkName: String = "box", hostName: String? = nil) throws -> String {
    let machine = try FakeMachine()
    if let machineID { try machine.file("/etc/machine-id", machineID) }
    var surroundings = machine.surroundings()
    surroundings.networkName = networkName
    return Host.current(hostName: hostName, from: surroundings).id
  }

  @Test func theIdIsStableAndGivesNothingAway() throws {
    let secret = "0123456789abcdef0123456789abcdef\n"
    let id = try id(machineID: secret)
    #expect(id == "1f1d846bad63c206" && !secret.contains(id))
    #expect(try self.id(machineID: secret, networkName: "other") == id)
    #expect(try self.id(machineID: "1123456789abcdef0123456789abcdef\n") != id)
  }

  @Test(arguments: [nil, "", "\n", "uninitialized\n"]) func withoutAMachineIdTheNameIsHashed(_ machineID: String?)
    throws
  {
    let id = try id(machineID: machineID)
    #expect(id.count == 16 && !id.contains("box"))
    #expect(try self.id(machineID: machineID, networkName: "other") != id)
  }

  @Test func aGivenNameIsTheId() throws { #expect(try id(machineID: "0123\n", hostName: "a100") == "a100") }
}
