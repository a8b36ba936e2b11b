// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Finds something that listeners can hear.
public enum SoundOutput {
  /// PortAudio in this process; where it finds no device, a program, if a sound server can be reached.
  /// - Parameters:
  ///   - rate: of the plan, Hz.
  ///   - environment: `PULSE_SERVER`, `XDG_RUNTIME_DIR`, `SSH_CONNECTION` and `PATH` are looked at.
  ///   - device: part of a device's name; nil for the system's choice.
  ///   - program: `pw-play`, `paplay`, `aplay` or `play`, to play with instead; nil for PortAudio.
  /// - Throws: `PanelError.sound`, which says what can be done.
  public static func open(
    rate: Int, environment: [String: String], device: String? = nil, program: String? = nil
  ) throws(PanelError) -> any ClipPlayer {
    if let program { return try SpawnedPlayer(rate: rate, environment: environment, name: program) }
    let failure: PanelError
    do throws(PanelError) {
      return try PortAudioPlayer(rate: rate, name: device)
    } catch {
      failure = error
    }
    if device == nil, hasServer(environment) {
      do throws(PanelError) {
        return try SpawnedPlayer(rate: rate, environment: environment)
      } catch {}
    }
    throw .sound("\(failure); \(advice(environment))")
  }

  /// What helps where there is no sound.
  package static func advice(_ environment: [String: String]) -> String {
    guard !(environment["SSH_CONNECTION"] ?? "").isEmpty else {
      return "connect headphones, or in a container hand on /dev/snd or PULSE_SERVER and its socket"
    }
    return
      "a terminal over ssh carries no sound: hold the session on the listener's own machine, with a copy of the plan and "
      + "its recordings, and merge the stores afterwards; or forward the sound server's socket and set PULSE_SERVER"
  }

  /// Whether PulseAudio or PipeWire answer here, as far as their sockets tell.
  private static func hasServer(_ environment: [String: String]) -> Bool {
    if let server = environment["PULSE_SERVER"], !server.isEmpty {
      let path = server.hasPrefix("unix:") ? String(server.dropFirst(5)) : server
      return path.hasPrefix("/") ? FileManager.default.fileExists(atPath: path) : true
    }
    guard let folder = environment["XDG_RUNTIME_DIR"], !folder.isEmpty else { return false }
    return ["pulse/native", "pipewire-0"].contains { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
  }
}
