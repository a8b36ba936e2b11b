# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How one file of each system is made. Every function takes
#   $1 the natural clip (wav), $2 the file to write, $3 the language, $4 the transcript, $5 the clip's sample rate
# and runs in a subshell under `set -e`, in a scratch folder of its own; its standard error is shown if it fails.
# What an encoder writes of its own accord (serial numbers, dates, its options) is pinned or left out.

# Debian packages with the programs used here; the packages with the natural clips are in manifest.csv.
# shellcheck disable=SC2034 # used by prepare
tool_packages=(espeak-ng festival festvox-us-slt-hts ffmpeg flite lame opus-tools)

# The soxr resampler at 28 bits keeps its own errors below those of 16-bit samples. It works on doubles here: on
# 16-bit samples it would dither with a seed of its own, and no two runs would give the same file.
resample_to() { echo "aresample=$1:resampler=soxr:precision=28:internal_sample_fmt=dblp"; }

quiet_ffmpeg() { ffmpeg -nostdin -v error -y "$@"; }

# Samples in a wav file with the plain 44-byte header.
sample_count() { echo $((($(stat -c %s "$1") - 44) / 2)); }

# Decodes $1, at the sample rate $2, to a wav file $3 with nothing but the header of 44 bytes and the samples.
decode_natural() {
  local format=()
  case $1 in
    *.raw) format=(-f s16le -ar "$2") ;;
    *.g722) format=(-f g722) ;;
  esac
  quiet_ffmpeg "${format[@]}" -i "$1" -ac 1 -ar "$2" -c:a pcm_s16le -bitexact -f wav "$3"
}

make_espeak_ng() {
  local voice=$3
  case $3 in
    en) voice=en-us ;;
    fr) voice=fr-fr ;;
  esac
  espeak-ng -v "$voice" -w "$2" "$4"
}

make_flite() { flite -voice slt -t "$4" -o "$2"; }

make_festival() {
  printf '%s\n' "$4" >text
  # A start-up file of the user's could change the voice.
  HOME=$PWD text2wave -eval '(voice_cmu_us_slt_arctic_hts)' -o "$2" text
}

make_opus_16k() {
  opusenc --quiet --bitrate 16 --serial 1 --padding 0 --discard-comments --discard-pictures "$1" "$2"
}

make_mp3_32k() {
  # Left alone, lame lowers the sample rate to suit the bit rate.
  lame --quiet --cbr -b 32 --resample "$(printf '%d.%03d' $(($5 / 1000)) $(($5 % 1000)))" "$1" "$2"
}

# Both telephone codecs work on whole 20 ms frames; the wav file gets the natural clip's length back.
make_gsm() {
  local count
  count=$(sample_count "$1")
  quiet_ffmpeg -i "$1" -af "$(resample_to 8000)" -c:a libgsm -f gsm coded
  quiet_ffmpeg -f gsm -i coded -af "$(resample_to "$5"),apad=whole_len=$count,atrim=end_sample=$count" \
    -c:a pcm_s16le -bitexact -f wav "$2"
}

# The decoder runs one frame late: 160 samples at 8 kHz are added behind before coding and taken off in front after.
make_codec2() {
  local count on_time=atrim=start_sample=160,asetpts=PTS-STARTPTS
  count=$(sample_count "$1")
  quiet_ffmpeg -i "$1" -af "$(resample_to 8000),apad=pad_len=160" -c:a libcodec2 -mode 2400 -f codec2raw coded
  quiet_ffmpeg -f codec2raw -mode 2400 -i coded \
    -af "$on_time,$(resample_to "$5"),apad=whole_len=$count,atrim=end_sample=$count" \
    -c:a pcm_s16le -bitexact -f wav "$2"
}
