// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether listeners could hear anything here: a sound server, or a device that plays.
///
/// Nothing is played and no library is loaded; that a device is there does not say that a loudspeaker is on.
public enum SoundCheck {
  /// `sound`. That there is none is a failure only where it is needed: scores do not need it.
  public static func run(from surroundings: Surroundings = .here(), isNeeded: Bool = false) -> [HealthCheck] {
    let found = servers(surroundings) + devices(surroundings)
    if !found.isEmpty { return [HealthCheck("sound", .passed, found: found.joined(separator: ", "))] }
    let cards = surroundings.text("/proc/asound/cards")?.trimmed
    let reason = cards == nil ? "" : " (the kernel knows sound, and no card that plays)"
    return [
      HealthCheck(
        "sound", isNeeded ? .failed : .skipped, found: "no sound device\(reason)",
        advice: "connect one; in a container pass it on: --device /dev/snd, or PULSE_SERVER and its socket")
    ]
  }

  /// Sound servers that run, or are elsewhere.
  private static func servers(_ surroundings: Surroundings) -> [String] {
    var found: [String] = []
    let environment = surroundings.environment
    if let server = environment["PULSE_SERVER"], !server.isEmpty {
      // A list is possible; each is a host or a socket, perhaps behind {the name of a machine}.
      let socket = server.firstMatch(of: /unix:(\S+)/).map { String($0.1) } ?? (server.hasPrefix("/") ? server : nil)
      if socket.map(surroundings.exists) ?? true { found.append("PulseAudio at \(server.oneLine())") }
    }
    if let folder = environment["XDG_RUNTIME_DIR"], !folder.isEmpty {
      if surroundings.exists("\(folder)/pipewire-0") { found.append("PipeWire") }
      if surroundings.exists("\(folder)/pulse/native") { found.append("PulseAudio") }
    }
    return found
  }

  /// ALSA's devices that play: `pcmC0D0p` is the first of the first card.
  private static func devices(_ surroundings: Surroundings) -> [String] {
    let playing = surroundings.names(in: "/dev/snd").filter { $0.wholeMatch(of: /pcmC\d+D\d+p/) != nil }
    guard !playing.isEmpty else { return [] }
    let cards = (surroundings.text("/proc/asound/cards") ?? "").lines.compactMap { line in
      line.firstMatch(of: /^\s*\d+ \[.*?\]: (.+)$/).map { String($0.1).oneLine(limit: 60) }
    }
    return ["ALSA " + (cards.isEmpty ? playing.joined(separator: " ") : cards.joined(separator: "; "))]
  }
}
