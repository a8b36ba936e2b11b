// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import SpeechSignal
import Testing

@Suite struct LibraryVersionsTests {
  @Test func eachLibraryNamesItself() {
    #expect(FFTWVersion.current.contains(/^fftw-3\.\d+/))
    #expect(AudioLibraryVersions.libsndfile.contains(/^libsndfile-1\.\d+/))
    #expect(AudioLibraryVersions.libsoxr.contains(/^libsoxr-0\.\d+/))
  }
}
