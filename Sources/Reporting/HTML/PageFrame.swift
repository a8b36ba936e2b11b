// SPDX-License-Identifier: GPL-3.0-or-later
internal import Mustache

/// What all pages have about their sections: head and style, the verdict first, links to the parts, the script at the end.
enum PageFrame {
  /// A page's template.
  /// - Parameters:
  ///   - beforeLinks: what stands between the verdict and the links; whole lines.
  ///   - sections: what stands in `main`; whole lines.
  static func template(beforeLinks: String = "", sections: String) -> MustacheTemplate {
    EscapedText.template(start + beforeLinks + links + sections + end)
  }

  private static let start = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="{{{policy}}}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>{{title}}</title>
    <style>
    {{{style}}}</style>
    </head>
    <body>
    <header>
    <h1>{{title}}</h1>
    <p class="faint">{{subtitle}}</p>
    <div class="verdict {{verdictClass}}"><bdi><strong>{{verdict}}</strong></bdi>{{verdictText}}
    {{#hasReasons}}<ul>{{#reasons}}<li>{{.}}</li>{{/reasons}}</ul>{{/hasReasons}}</div>

    """

  private static let links = """
    <nav aria-label="Parts of this report"><ul>{{#parts}}<li><a href="#{{id}}">{{name}}</a></li>{{/parts}}</ul></nav>
    </header>
    <main>

    """

  private static let end = """
    </main>
    <script>{{{script}}}</script>
    </body>
    </html>

    """

  /// What ``start`` and ``end`` take of any page but its verdict: `verdict`, `verdictText`, `verdictClass`, `reasons` and `hasReasons` are the
  /// page's own, as are `parts`, which ``links`` takes.
  static func content(title: String, subtitle: String) -> [String: Any] {
    [
      "policy": PageStyle.policy, "style": PageStyle.style, "script": PageStyle.script, "title": title,
      "subtitle": subtitle,
    ]
  }
}
