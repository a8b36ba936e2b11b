// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles

extension PythonProbe {
  /// All checks there are: those of `checks`, and torchaudio's resampler under the meter.
  /// - Precondition: the sound files of `resampling` are still there.
  public var measuredChecks: [HealthCheck] {
    guard case .success(let resampling) = resampling else { return checks }
    let own = checks
    // In the order in which they were tried.
    let place = own.firstIndex { $0.name == "torchaudio-mel" } ?? own.endIndex
    return own[..<place] + [resampling.check] + own[place...]
  }
}

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
