// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// 10^(dB/20): the amplitude factor of a level difference.
public func decibelsToAmplitude(_ decibels: Double) -> Double { pow(10, decibels / 20) }
