// SPDX-License-Identifier: GPL-3.0-or-later
import Synthesis
import Testing

@Suite struct CommandTemplateTests {
  let values: CommandTemplate.Values = [
    .text: "a 'b' \"c\" $(d) {out}", .textfile: "/t/x.txt", .out: "/o/x.wav", .id: "x", .seed: "7",
  ]

  func arguments(_ line: String) throws -> [String] { try CommandTemplate(line).arguments(values) }

  @Test func textIsOneArgumentWhateverItHolds() throws {
    #expect(try arguments("tts {text} -o {out}") == ["tts", "a 'b' \"c\" $(d) {out}", "-o", "/o/x.wav"])
    #expect(try arguments("tts '{text}' --out=\"{out}\"") == ["tts", "a 'b' \"c\" $(d) {out}", "--out=/o/x.wav"])
    #expect(try arguments("tts {textfile} {id}-{seed}.{out}") == ["tts", "/t/x.txt", "x-7./o/x.wav"])
  }

  @Test func quotesAndBackslashes() throws {
    let end = ["/t/x.txt", "/o/x.wav"]
    #expect(try arguments(#"tts 'a b' "c d" e\ f {textfile} {out}"#) == ["tts", "a b", "c d", "e f"] + end)
    #expect(try arguments(#"tts '' "" a'b'"c" {textfile} {out}"#) == ["tts", "", "", "abc"] + end)
    #expect(try arguments(#"tts "a\"b\\c\d" 'e\f' \\ {textfile} {out}"#) == ["tts", #"a"b\c\d"#, #"e\f"#, #"\"#] + end)
    #expect(
      try arguments(#"tts '$HOME' $HOME * ~ '|' \> {textfile} {out}"#) == ["tts", "$HOME", "$HOME", "*", "~", "|", ">"]
        + end)
    #expect(try arguments("tts\t{textfile}\n{out}\n") == ["tts"] + end)
  }

  @Test func bracesWrittenTwiceAreLiteral() throws {
    #expect(
      try arguments(#"tts '{{"text": "{textfile}"}}' {{text}} } {out}"#)
        == ["tts", #"{"text": "/t/x.txt"}"#, "{text}", "}", "/o/x.wav"])
  }

  @Test(arguments: [
    ("", CommandTemplateError.nothing), ("  ", .nothing), ("tts 'a", .openQuote("'")), ("tts \"a", .openQuote("\"")),
    ("tts \\", .trailingBackslash), ("tts {text} {out} | sox", .operatorWithoutShell("|")),
    ("tts {text} > {out}", .operatorWithoutShell(">")), ("tts {txt} {out}", .unknown("txt")),
    ("tts {text} {out} {", .strayBrace("{")), ("tts {text}", .noOutput), ("tts {out}", .noText),
    ("{text} {out}", .placeholderAsProgram), ("sh -c 'say {text} {out}'", .placeholderInScript),
    ("env A=1 /bin/bash -ec 'say {text}' {out}", .placeholderInScript),
    ("nice sh -c 'say {text}' {out}", .placeholderInScript),
    ("timeout 5 bash -o pipefail -c 'say {text}' {out}", .placeholderInScript),
    ("bash --rcfile f -c 'say {text}' {out}", .placeholderInScript),
    ("bash -c -x 'say {text}' {out}", .placeholderInScript), ("sh -c -- 'say {text}' {out}", .placeholderInScript),
    ("env -S \"sh -c 'say {text}'\" {out}", .placeholderInScript),
    ("bash -oc pipefail 'say {text}' {out}", .placeholderInScript),
    ("fish -c 'say {text}' {out}", .placeholderInScript), ("tts {text} {out} {}", .unknown("")),
    ("tts\0 {text} {out}", .nul),
  ])
  func whatCannotBeMeantIsRefused(_ line: String, _ error: CommandTemplateError) {
    #expect(throws: error) { try CommandTemplate(line) }
  }

  /// An option of the shell's script is none of the shell.
  @Test func aScriptInAFileTakesPlaceholders() throws {
    let template = try CommandTemplate("bash ./speak.sh -c {text} {out}")
    #expect(template.arguments([.text: "$(x)", .out: "o.wav"]) == ["bash", "./speak.sh", "-c", "$(x)", "o.wav"])
  }

  @Test func aMisspeltPlaceholderIsNamed() {
    #expect(CommandTemplateError.unknown("txt").description.contains("did you mean {text}?"))
    #expect(CommandTemplateError.unknown("Output").description.contains("there are {text}"))
    #expect(CommandTemplateError.unknown("outt").description.contains("did you mean {out}?"))
  }

  @Test func aWorkerHasNoPlaceholders() throws {
    #expect(try CommandTemplate("tts --serve", worker: true).arguments([:]) == ["tts", "--serve"])
    #expect(throws: CommandTemplateError.placeholderInWorker("out")) {
      try CommandTemplate("tts {out}", worker: true)
    }
  }

  @Test func aShellGetsValuesByVariables() throws {
    let template = try CommandTemplate("tts {text} \"{text}\" '{text}' | sox - {out}", shell: true)
    #expect(
      template.arguments(values) == [
        "/bin/sh", "-c", #"tts "${TTSEVAL_TEXT}" "${TTSEVAL_TEXT}" ''"${TTSEVAL_TEXT}"'' | sox - "${TTSEVAL_OUT}""#,
        "ttseval",
      ])
    #expect(template.variables(values) == ["TTSEVAL_TEXT": "a 'b' \"c\" $(d) {out}", "TTSEVAL_OUT": "/o/x.wav"])
  }

  @Test func aShellKeepsItsOwnBraces() throws {
    let line = #"x={text}; { echo ${x} "${HOME}" '{print $1}' a{b,c} {{text}} \"; } >{out}"#
    let script = try CommandTemplate(line, shell: true).arguments(values)[2]
    #expect(
      script
        == #"x="${TTSEVAL_TEXT}"; { echo ${x} "${HOME}" '{print $1}' a{b,c} {text} \"; } >"${TTSEVAL_OUT}""#)
    #expect(throws: CommandTemplateError.unknown("txt")) { try CommandTemplate("tts {txt} >{out}", shell: true) }
    #expect(throws: CommandTemplateError.noOutput) { try CommandTemplate("tts {text} >${out}", shell: true) }
  }
}
