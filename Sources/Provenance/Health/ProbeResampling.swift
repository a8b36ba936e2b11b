// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles

extension PythonProbe.Resampling {
  /// What the meter says of it.
  public var check: HealthCheck {
    let name = "torchaudio-resample"
    do throws(AudioFileError) {
      let (before, after) = (try AudioFile.read(input).waveform(), try AudioFile.read(output).waveform())
      guard after.sampleRate == outputRate else {
        return HealthCheck(name, .failed, found: "\(after.sampleRate) Hz, not \(outputRate)")
      }
      return ResamplerMeter.check(input: before, output: after, name: name)
    } catch {
      return HealthCheck(name, .failed, found: "what came out cannot be read: \(error)")
    }
  }
}
