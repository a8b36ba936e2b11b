// SPDX-License-Identifier: GPL-3.0-or-later
internal import CPortAudio
internal import Foundation
internal import Glibc
internal import Synchronization

/// Plays through PortAudio, in this process: the module's only user of it.
///
/// The whole sound lies in memory before the device is started. The callback, on PortAudio's own thread, copies, counts
/// frames and the times the device ran dry, and takes no lock and no memory. Not every device says that it ran dry: one that
/// asks for the last of a sound later than its beginning lets expect did so, too. It ends after the silence that follows the
/// sound, so that a device that drops its last buffer drops silence. 32-bit integers go to PortAudio, which dithers and
/// clips nothing that way: a 16-bit device hears the upper halves. Until it is closed, stderr is silent (`QuietErrors`).
public struct PortAudioPlayer: ClipPlayer {
  /// What is played on.
  public let device: PlaybackDevice
  private let index: PaDeviceIndex
  private let quiet: QuietErrors
  private var playing: Playing?

  /// A device that has not ended this many seconds after it should have hangs.
  private static let patience = 10.0

  /// A sound in the hands of the device.
  private struct Playing {
    let stream: OpaquePointer
    let state: CallbackState
    let start: PanelTime
    let frames: Int
    let seconds: Double
  }

  /// Finds a device that plays stereo.
  /// - Parameters:
  ///   - rate: wanted, Hz; where the device refuses it, its own is taken.
  ///   - name: part of a device's name; nil for the system's choice.
  /// - Throws: `PanelError.sound` where there is none.
  public init(rate: Int, name: String? = nil) throws(PanelError) {
    var found: (index: PaDeviceIndex, name: String, rate: Int)?
    var failure = "no sound device"
    let quiet = QuietErrors()
    let code = Pa_Initialize()
    guard code == paNoError.rawValue else {
      quiet.end()
      throw .sound("PortAudio does not start: \(Self.text(code))")
    }
    let all = (0..<max(0, Pa_GetDeviceCount())).filter { (Pa_GetDeviceInfo($0)?.pointee.maxOutputChannels ?? 0) >= 2 }
    let preferred = ["pulse", "pipewire", "default"].flatMap { wanted in all.filter { Self.name($0) == wanted } }
    let usual = Pa_GetDefaultOutputDevice()
    let candidates =
      name.map { wanted in all.filter { Self.name($0).localizedCaseInsensitiveContains(wanted) } }
      ?? preferred + (usual >= 0 ? [usual] : []) + all
    for index in candidates {
      let own = Int(Pa_GetDeviceInfo(index)?.pointee.defaultSampleRate ?? 0)
      for rate in [rate, own, 48_000, 44_100] where found == nil && rate > 0 {
        var parameters = Self.parameters(index)
        let code = Pa_IsFormatSupported(nil, &parameters, Double(rate))
        if code == paFormatIsSupported { found = (index, Self.name(index), rate) } else { failure = Self.text(code) }
      }
      if found != nil { break }
    }
    if let name, candidates.isEmpty { failure = "no sound device is called “\(name)”" }
    guard let found else {
      Pa_Terminate()
      quiet.end()
      throw .sound(failure)
    }
    self.quiet = quiet
    index = found.index
    device = PlaybackDevice(
      method: "portaudio", name: found.name, rate: found.rate, version: String(cString: Pa_GetVersionText()))
  }

  /// Begins.
  public mutating func start(_ sound: PreparedSound, at time: PanelTime) throws(PanelError) {
    precondition(playing == nil, "one sound at a time")
    let state = CallbackState(sound)
    var stream: UnsafeMutableRawPointer?
    var parameters = Self.parameters(index)
    var code = Pa_OpenStream(
      &stream, nil, &parameters, Double(sound.rate), UInt(paFramesPerBufferUnspecified),
      PaStreamFlags(paClipOff | paDitherOff), panelCallback, Unmanaged.passUnretained(state).toOpaque())
    if code == paNoError.rawValue, let opened = stream {
      code = Pa_StartStream(opened)
      if code != paNoError.rawValue { Pa_CloseStream(opened) }
    }
    guard code == paNoError.rawValue, let stream else { throw .sound(Self.text(code)) }
    playing = Playing(
      stream: OpaquePointer(stream), state: state, start: time, frames: sound.frames,
      seconds: sound.seconds)
  }

  /// What became of the sound, once it has ended.
  public mutating func report(at time: PanelTime) -> PlaybackReport? {
    guard let playing else { return nil }
    let stream = UnsafeMutableRawPointer(playing.stream)
    let isLate = time.monotonic - playing.start.monotonic > playing.seconds + Self.patience
    guard isLate || Pa_IsStreamActive(stream) != 1 else { return nil }
    // Waits for what the device still holds, but not for one that was asked to stop, or hangs.
    if isLate || playing.state.isStopping { Pa_AbortStream(stream) } else { Pa_StopStream(stream) }
    Pa_CloseStream(stream)
    self.playing = nil
    return PlaybackReport(
      device: device, start: playing.start, end: time, frames: min(playing.state.position, playing.frames),
      framesPlanned: playing.frames, underruns: playing.state.underruns, wasStopped: playing.state.isStopping)
  }

  /// Ends the sound soon.
  public mutating func stop() { playing?.state.stop() }

  /// Gives the device back.
  public mutating func close() {
    if let playing {
      let stream = UnsafeMutableRawPointer(playing.stream)
      Pa_AbortStream(stream)
      Pa_CloseStream(stream)
    }
    playing = nil
    Pa_Terminate()
    quiet.end()
  }

  /// Seconds of sound the device may hold. With its own 35 ms a busy machine ran dry, with 100 ms it did not; with 400 ms
  /// PulseAudio dropped more at the end than the silence after the sound, which must stay the longer of the two.
  private static let latency = 0.1

  private static func parameters(_ index: PaDeviceIndex) -> PaStreamParameters {
    PaStreamParameters(
      device: index, channelCount: 2, sampleFormat: paInt32,
      suggestedLatency: latency, hostApiSpecificStreamInfo: nil)
  }

  private static func name(_ index: PaDeviceIndex) -> String {
    Pa_GetDeviceInfo(index).map { String(cString: $0.pointee.name) } ?? ""
  }

  private static func text(_ code: PaError) -> String { String(cString: Pa_GetErrorText(code)) }
}

/// What the callback works on. The samples never change; the counters are atomic.
private final class CallbackState: Sendable {
  private let samples: [Int32]
  private let rate: Int
  private let positionInFrames = Atomic<Int>(0)
  private let underrunCount = Atomic<Int>(0)
  private let stopRequested = Atomic<Bool>(false)
  /// When the sound would have begun that asks for what it does now, nanoseconds: once the device plays, and at last. 0: not known.
  private let firstOrigin = Atomic<Int>(0)
  private let lastOrigin = Atomic<Int>(0)

  /// A device that was given so many seconds plays.
  private static let settled = 0.2
  /// Seconds that the end of a sound may be late.
  private static let tolerance = 0.1

  init(_ sound: PreparedSound) { (samples, rate) = (sound.samples, sound.rate) }

  var position: Int { positionInFrames.load(ordering: .acquiring) }
  var underruns: Int {
    let late = lastOrigin.load(ordering: .acquiring) - firstOrigin.load(ordering: .acquiring)
    return underrunCount.load(ordering: .acquiring) + (Double(late) > Self.tolerance * 1e9 ? 1 : 0)
  }
  var isStopping: Bool { stopRequested.load(ordering: .acquiring) }
  func stop() { stopRequested.store(true, ordering: .releasing) }

  private static func nanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Fills a buffer.
  /// - Returns: whether there is more.
  func fill(_ output: UnsafeMutablePointer<Int32>, frames: Int, ranDry: Bool) -> Bool {
    let position = self.position
    // Before the first buffer nothing can have been missed.
    if ranDry && position > 0 { underrunCount.add(1, ordering: .releasing) }
    if Double(position) > Self.settled * Double(rate) {
      let origin = Self.nanoseconds() - Int(Double(position) / Double(rate) * 1e9)
      if firstOrigin.load(ordering: .relaxed) == 0 { firstOrigin.store(origin, ordering: .releasing) }
      lastOrigin.store(origin, ordering: .releasing)
    }
    let left = isStopping ? 0 : samples.count / 2 - position
    let count = min(frames, left)
    samples.withUnsafeBufferPointer { source in
      if let base = source.baseAddress, count > 0 { output.update(from: base + 2 * position, count: 2 * count) }
    }
    if count < frames { (output + 2 * count).update(repeating: 0, count: 2 * (frames - count)) }
    positionInFrames.store(position + count, ordering: .releasing)
    return count == frames
  }
}

private func panelCallback(
  _: UnsafeRawPointer?, output: UnsafeMutableRawPointer?, frames: UInt, _: UnsafePointer<PaStreamCallbackTimeInfo>?,
  flags: PaStreamCallbackFlags, state: UnsafeMutableRawPointer?
) -> Int32 {
  guard let output, let state else { return Int32(paAbort.rawValue) }
  let ranDry = flags & PaStreamCallbackFlags(0x4) != 0  // paOutputUnderflow, a macro with a cast
  let isMore = Unmanaged<CallbackState>.fromOpaque(state).takeUnretainedValue()
    .fill(output.assumingMemoryBound(to: Int32.self), frames: Int(frames), ranDry: ranDry)
  return Int32(isMore ? paContinue.rawValue : paComplete.rawValue)
}
