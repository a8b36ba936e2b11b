// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import SpeechSignal
import Testing

@Suite("Channels")
struct ChannelPolicyTests {
  private func decoded(_ channels: [[Double]]) throws -> DecodedAudio {
    try AudioFile.decode(AudioFile.encode(channels, sampleRate: 16000, .wav, .float64))
  }

  @Test func identicalChannelsCountAsOne() throws {
    // 0.1: the mean of three of them, rounded, would not be 0.1.
    let audio = try decoded([[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]])
    let one = Waveform(samples: [0.1, 0.7], sampleRate: 16000)
    #expect(try audio.waveform() == one)
    #expect(try audio.waveform(.mix) == one)
    #expect(try audio.waveform(.channel(3)) == one)
  }

  @Test func differentChannelsWaitForAChoice() throws {
    let audio = try decoded([[0.5, 0.25], [-0.5, 0.75]])
    #expect(throws: AudioFileError.differentChannels(count: 2)) { try audio.waveform() }
    #expect(try audio.waveform(.channel(1)).samples == [0.5, 0.25])
    #expect(try audio.waveform(.channel(2)).samples == [-0.5, 0.75])
    #expect(try audio.waveform(.mix).samples == [0, 0.5])
  }

  @Test(arguments: [0, -1, 3, Int.max])
  func noSuchChannel(number: Int) throws {
    let audio = try decoded([[0.5], [0.25]])
    #expect(throws: AudioFileError.noSuchChannel(asked: number, of: 2)) { try audio.waveform(.channel(number)) }
  }

  /// What is packed while it is decoded, from the first sample on or in between, is the same sound.
  @Test(arguments: [0, 1, 16_384, 30_000])
  func longChannelsArePacked(longestPlain: Int) throws {
    let (left, right) = (chirp(50_000), chirp(50_000).map { $0 / 2 })
    for channels in [[left], [left, left], [left, right]] {
      let bytes = try AudioFile.encode(channels, sampleRate: 16000, .wav, .pcm24)
      let (plain, packed) = (try AudioFile.decode(bytes), try AudioFile.decode(bytes, longestPlain: longestPlain))
      #expect(packed == plain && packed.channels == plain.channels && packed.audioSHA256 == plain.audioSHA256)
      for policy in [ChannelPolicy.mix, .channel(channels.count)] {
        #expect(try packed.waveform(policy) == plain.waveform(policy))
      }
      #expect(packed.channelsAreIdentical == plain.channelsAreIdentical && !packed.isSilent)
    }
  }

  @Test func oneLastSampleMakesThemDiffer() throws {
    var other = chirp(20_000)
    other[19_999] += 1e-12
    let audio = try decoded([chirp(20_000), other])
    #expect(throws: AudioFileError.differentChannels(count: 2)) { try audio.waveform() }
  }
}
