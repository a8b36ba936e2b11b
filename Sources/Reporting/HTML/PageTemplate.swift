// SPDX-License-Identifier: GPL-3.0-or-later
internal import Mustache

/// The page, with places for what a run gives. Two braces escape; three take markup of our own making.
enum PageTemplate {
  static let page = PageFrame.template(
    sections:
      """
      <section id="scores" aria-labelledby="scores-title">
      <h2 id="scores-title">Scores</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of scores">
      <table class="systems">
      <caption>Mean over the pairs, with its 95 % interval; a heading sorts.</caption>
      <thead><tr><th scope="col" aria-sort="none"><button type="button">system</button></th>\
      <th scope="col" aria-sort="none"><button type="button">pairs</button></th>\
      {{#metrics}}<th scope="col" aria-sort="none" title="{{name}}"><button type="button">{{heading}}</button></th>{{/metrics}}</tr></thead>
      <tbody>
      {{#systems}}
      <tr><th scope="row" data-text="{{name}}"><bdi>{{name}}</bdi></th><td data-mean="{{pairs}}">{{pairs}}</td>\
      {{#cells}}<td class="{{class}}" data-metric="{{metric}}"{{#exact}} data-n="{{n}}" data-mean="{{mean}}"\
      {{#limits}} data-low="{{low}}" data-high="{{high}}"{{/limits}}{{/exact}}{{#own}} data-own-mean="{{.}}"{{/own}}>{{text}}\
      {{#isBest}}<span aria-label="best"> ★</span>{{/isBest}}{{#lines}}<small>{{.}}</small>{{/lines}}</td>{{/cells}}</tr>
      {{/systems}}
      </tbody></table></div>
      <ul class="faint">{{#notes}}<li>{{.}}</li>{{/notes}}</ul>
      {{#hasWarnings}}<h3>To know before trusting these numbers</h3>
      <ul>{{#warnings}}<li>{{.}}</li>{{/warnings}}</ul>{{/hasWarnings}}
      {{#hasFailures}}<details open><summary>{{failureCount}} failures</summary><ul>{{#failures}}<li>{{.}}</li>{{/failures}}</ul></details>{{/hasFailures}}
      {{#hasUnmatched}}<details><summary>{{unmatchedCount}} files without a partner</summary><ul>{{#unmatched}}<li>{{.}}</li>{{/unmatched}}</ul></details>{{/hasUnmatched}}
      </section>
      {{#comparison}}
      <section id="differences" aria-labelledby="differences-title">
      <h2 id="differences-title">Since the baseline</h2>
      <p class="faint">{{legend}}</p>
      {{#systems}}
      <h3><bdi>{{heading}}</bdi></h3>
      <figure class="wide">{{{svg}}}</figure>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of differences, {{name}}"><table data-system="{{name}}">
      <thead><tr><th scope="col">metric</th><th scope="col">a</th><th scope="col">b</th><th scope="col">b − a</th>\
      <th scope="col">95 % interval</th><th scope="col">p</th><th scope="col">won/tied/lost</th><th scope="col" class="text">verdict</th></tr></thead>
      <tbody>{{#rows}}<tr data-metric="{{metric}}"{{#exact}} data-n="{{n}}" data-a="{{a}}" data-b="{{b}}" data-mean="{{mean}}"\
      {{#limits}} data-low="{{low}}" data-high="{{high}}"{{/limits}} data-p="{{p}}"{{/exact}}>\
      <th scope="row">{{gate}}{{name}}</th>{{#cells}}<td>{{.}}</td>{{/cells}}<td class="wrap">{{verdict}}</td></tr>
      {{/rows}}</tbody></table></div>
      {{#speed}}<p>{{.}}</p>{{/speed}}
      {{/systems}}
      {{#hasChanges}}<details><summary>Surroundings that differ</summary><ul>{{#changes}}<li>{{.}}</li>{{/changes}}</ul></details>{{/hasChanges}}
      </section>
      {{/comparison}}
      <section id="distributions" aria-labelledby="distributions-title">
      <h2 id="distributions-title">Distributions</h2>
      <p class="faint">{{dotLegend}}</p>
      <div class="grid">
      {{#plots}}<figure><figcaption>{{heading}}</figcaption>{{{svg}}}</figure>
      {{/plots}}</div>
      </section>
      {{#trend}}
      <section id="trend" aria-labelledby="trend-title">
      <h2 id="trend-title">Trend</h2>
      <p class="faint">Means over each run's own utterances, {{runs}} runs, the oldest at the left and this one at the right; bars: 95 % intervals by \
      Student's t. Each line has a scale of its own. Runs of another recipe are left out.</p>
      <div class="grid">
      {{#plots}}<figure><figcaption>{{heading}}</figcaption>{{{svg}}}</figure>
      {{/plots}}</div>
      </section>
      {{/trend}}
      {{#machines}}
      <section id="machines" aria-labelledby="machines-title">
      <h2 id="machines-title">The same label on several machines</h2>
      <p class="faint">{{legend}}</p>
      <ol>{{#hosts}}<li><bdi>{{.}}</bdi></li>{{/hosts}}</ol>
      <div class="scroll" tabindex="0" role="region" aria-label="Matrix of machines"><table>
      <thead><tr><td></td>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr></thead>
      <tbody>{{#matrix}}<tr><th scope="row">{{place}}</th>{{#cells}}<td class="{{.}}">{{.}}</td>{{/cells}}</tr>
      {{/matrix}}</tbody></table></div>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of pairs of machines"><table>
      <thead><tr><th scope="col">machines</th><th scope="col" class="text">system</th><th scope="col" class="text">answer</th>\
      <th scope="col">same sound</th>{{#metrics}}<th scope="col">{{.}}</th>{{/metrics}}</tr></thead>
      <tbody>{{#pairs}}<tr data-pair="{{machines}}" data-system="{{system}}"><th scope="row">{{machines}}</th>\
      <td class="wrap"><bdi>{{system}}</bdi></td><td class="wrap">{{answer}}{{#notes}}<small>{{.}}</small>{{/notes}}</td>\
      <td>{{same}}</td>{{#cells}}<td data-metric="{{metric}}"{{#exact}} data-greatest="{{.}}"{{/exact}}>{{text}}{{#takes}}<small>{{.}}</small>{{/takes}}</td>{{/cells}}</tr>
      {{/pairs}}</tbody></table></div>
      {{#changes}}<details><summary>What differs between {{machines}}</summary><ul>{{#lines}}<li>{{.}}</li>{{/lines}}</ul></details>{{/changes}}
      </section>
      {{/machines}}
      {{#hasClips}}
      <section id="utterances" aria-labelledby="utterances-title">
      <h2 id="utterances-title">Worst utterances</h2>
      {{#clips}}<article class="clip" data-system="{{system}}" data-id="{{id}}"><h3><bdi>{{system}}</bdi>: <bdi>{{id}}</bdi></h3>
      <p>{{reason}}</p>
      {{#missing}}<p class="faint">{{.}}</p>{{/missing}}
      <p class="faint">{{facts}}</p>
      <p class="scores">{{#scores}}<span data-metric="{{metric}}"{{#exact}} data-value="{{.}}"{{/exact}}>{{text}}</span>{{separator}}{{/scores}}</p>
      {{#hasPlayers}}<div class="players">{{#players}}<label>{{side}}<audio controls preload="none" src="{{{url}}}" aria-label="{{label}}"></audio></label>{{/players}}</div>{{/hasPlayers}}
      {{#spectrograms}}<div class="spectrograms">{{#pictures}}<figure><img src="{{{url}}}" width="{{width}}" height="{{height}}" alt="{{alt}}"><figcaption>{{caption}}</figcaption></figure>{{/pictures}}</div>{{/spectrograms}}
      {{#contour}}<div class="scroll" tabindex="0" role="region" aria-label="{{alt}}"><img src="{{{url}}}" alt="{{alt}}"></div>{{/contour}}
      </article>
      {{/clips}}</section>
      {{/hasClips}}
      {{#speed}}
      <section id="speed" aria-labelledby="speed-title">
      <h2 id="speed-title">Speed beside quality</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of speed and quality"><table>
      <thead><tr><th scope="col" aria-sort="none"><button type="button">system</button></th>{{#heads}}<th scope="col" aria-sort="none"><button type="button">{{.}}</button></th>{{/heads}}</tr></thead>
      <tbody>{{#rows}}<tr><th scope="row" data-text="{{name}}"><bdi>{{name}}</bdi></th>{{#cells}}<td{{#exact}} data-mean="{{.}}"{{/exact}}>{{text}}{{#lines}}<small>{{.}}</small>{{/lines}}</td>{{/cells}}</tr>
      {{/rows}}</tbody></table></div>
      </section>
      {{/speed}}
      <section id="provenance" aria-labelledby="provenance-title">
      <h2 id="provenance-title">Where these numbers come from</h2>
      <dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
      <details><summary>Signatures: everything that moves a score</summary>
      <dl>{{#signatures}}<dt>{{name}}</dt><dd><code>{{value}}</code></dd>{{/signatures}}</dl></details>
      {{#hasSurroundings}}<details><summary>Machine and software</summary>
      <dl>{{#surroundings}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/surroundings}}</dl></details>{{/hasSurroundings}}
      </section>
      """)
}
