// SPDX-License-Identifier: GPL-3.0-or-later
internal import Mustache

/// The page of a panel: parts of one shape, so that what a part holds is decided where it is made.
enum PanelPageTemplate {
  static let page = PageFrame.template(
    beforeLinks:
      """
      {{#hasWarnings}}<h2>To know before trusting these numbers</h2>
      <ul>{{#warnings}}<li>{{.}}</li>{{/warnings}}</ul>{{/hasWarnings}}

      """,
    sections:
      """
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
      """)
}
