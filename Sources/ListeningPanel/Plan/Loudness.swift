// SPDX-License-Identifier: GPL-3.0-or-later
internal import CEBUR128
package import SpeechSignal

/// Integrated loudness by ITU-R BS.1770, computed by libebur128: the module's only use of it.
package enum Loudness {
  /// What recordings are brought to: the target level of EBU R 128, LUFS.
  static let target = -23.0

  /// Loudness of a mono recording that is heard on both sides alike, LUFS.
  ///
  /// The sides' energies add up: 3 dB more than the same recording in one channel.
  /// - Returns: nil for less than the 0.4 s of one block, and where all is below −70 LUFS.
  package static func integrated(_ wave: Waveform) -> Double? {
    guard let state = ebur128_init(1, UInt(wave.sampleRate), Int32(EBUR128_MODE_I.rawValue)) else { return nil }
    defer {
      var state: UnsafeMutablePointer<ebur128_state>? = state
      ebur128_destroy(&state)
    }
    var loudness = 0.0
    guard ebur128_set_channel(state, 0, Int32(EBUR128_DUAL_MONO.rawValue)) == 0,
      ebur128_add_frames_double(state, wave.samples, wave.samples.count) == 0,
      ebur128_loudness_global(state, &loudness) == 0, loudness.isFinite
    else { return nil }
    return loudness
  }
}
