// SPDX-License-Identifier: GPL-3.0-or-later
internal import Mustache

/// The page of a panel: parts of one shape, so that what a part holds is decided where it is made.
enum PanelPageTemplate {
  static let page = EscapedText.template(
    """
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
    <div class="verdict {{verdictClass}}"><strong><bdi>{{verdict}}</bdi></strong>{{verdictText}}
    {{#hasReasons}}<ul>{{#reasons}}<li>{{.}}</li>{{/reasons}}</ul>{{/hasReasons}}</div>
    {{#hasWarnings}}<h2>To know before trusting these numbers</h2>
    <ul>{{#warnings}}<li>{{.}}</li>{{/warnings}}</ul>{{/hasWarnings}}
    <nav aria-label="Parts of this report"><ul>{{#parts}}<li><a href="#{{id}}">{{name}}</a></li>{{/parts}}</ul></nav>
    </header>
    <main>
    {{#parts}}
    <section id="{{id}}" aria-labelledby="{{id}}-title">
    <h2 id="{{id}}-title">{{name}}</h2>
    {{#plots}}<figure class="wide">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>
    {{/plots}}
    {{#tables}}<h3>{{label}}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Table: {{label}}"><table class="systems">
    <caption>A heading sorts.</caption>
    <thead><tr>{{#heads}}<th scope="col" class="{{class}}" aria-sort="none"><button type="button">{{text}}</button></th>{{/heads}}</tr></thead>
    <tbody>{{#rows}}<tr><th scope="row" data-text="{{name}}"><bdi>{{name}}</bdi></th>\
    {{#cells}}<td class="{{class}}"{{#exact}} data-mean="{{.}}"{{/exact}}>{{text}}</td>{{/cells}}</tr>
    {{/rows}}</tbody></table></div>
    {{/tables}}
    {{#hasLines}}<ul>{{#lines}}<li>{{.}}</li>{{/lines}}</ul>{{/hasLines}}
    {{#hasFacts}}<dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>{{/hasFacts}}
    </section>
    {{/parts}}
    </main>
    <script>{{{script}}}</script>
    </body>
    </html>

    """)
}
