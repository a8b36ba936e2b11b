// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Provenance

extension FakeMachine {
  /// Folder of the fake Python's packages.
  var site: String { "\(folder)/env/lib/python3.11/site-packages" }

  /// A shell script that answers as a Python whose environment is in this folder, and hangs when asked to do more.
  func python(version: String = "3.11.7", machine: String = "x86_64", platform: String = "linux-x86_64") throws
    -> String
  {
    try FileManager.default.createDirectory(atPath: site, withIntermediateDirectories: true)
    let answer = """
      {"version": "\(version)", "implementation": "CPython", "machine": "\(machine)", "platform": "\(platform)", \
      "prefix": "\(folder)/env", "basePrefix": "/usr", "path": ["/nowhere", "\(site)"]}
      """
    let file = try write("answer", "a warning\nttseval-answer \(answer)\n")
    return try program("python3", "/bin/cat \(file)")
  }

  /// Installs the metadata of a package into the fake Python.
  func install(
    _ name: String, _ version: String, installer: String? = "pip",
    tag: String? = "cp311-cp311-manylinux_2_28_x86_64", built: String? = nil, cuda: String? = nil
  ) throws {
    let info = "env/lib/python3.11/site-packages/\(name.replacing("-", with: "_"))-\(version).dist-info"
    try write("\(info)/METADATA", "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n\nVersion: 0 is text\n")
    if let installer { try write("\(info)/INSTALLER", "\(installer)\n") }
    if let tag { try write("\(info)/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: \(tag)\n") }
    if let built {
      let cuda = cuda.map { "'\($0)'" } ?? "None"
      try write(
        "env/lib/python3.11/site-packages/\(name)/version.py",
        "from typing import Optional\n__version__ = '\(built)'\ndebug = False\ncuda: Optional[str] = \(cuda)\n")
    }
  }

  /// Installs a conda record into the fake environment.
  func conda(_ name: String, _ version: String, build: String = "0", platform: String = "linux-64") throws {
    try write(
      "env/conda-meta/\(name)-\(version)-\(build).json",
      """
      {"name": "\(name)", "version": "\(version)", "build": "\(build)", "files": ["a"], "subdir": "\(platform)",
       "channel": "https://conda.anaconda.org/t/secret/conda-forge/\(platform)"}
      """)
  }

  /// The stack of the fake Python.
  func stack(_ python: String, environment: [String: String] = [:]) throws -> PythonStack {
    try PythonStack.read(python, from: surroundings(environment))
  }
}

extension PythonStack {
  /// One check by name, on an x86-64 machine.
  func check(_ name: String, machine: String = "x86_64") -> HealthCheck? {
    checks(machine: machine).first { $0.name == name }
  }

  /// Names of the checks that failed.
  var failed: [String] { checks(machine: "x86_64").filter { $0.outcome == .failed }.map(\.name) }
}
