// SPDX-License-Identifier: GPL-3.0-or-later

/// What a page looks like and does, all of it within the page.
enum PageStyle {
  /// The policy that browsers hold the page to: nothing from anywhere but itself, and of scripts the one below alone. Sound beside the
  /// page may be played.
  static let policy = """
    default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; media-src data: 'self' file:; \
    style-src 'unsafe-inline'; script-src '\(scriptHash)'
    """

  /// Of ``script``, as a policy names it. A test holds it against the script.
  static let scriptHash = "sha256-F2uDRtiY7AVT+fDPdNHKI0RZ+85n05ehKqCn7G3vgQ8="

  /// Sorts a table by its headings, and unfolds what is folded for print.
  package static let script = """
    'use strict';
    for (const button of document.querySelectorAll('th > button')) {
      button.addEventListener('click', () => {
        const head = button.parentElement;
        const column = [...head.parentElement.children].indexOf(head);
        const body = head.closest('table').tBodies[0];
        const isDown = head.getAttribute('aria-sort') === 'ascending';
        for (const other of head.parentElement.querySelectorAll('[aria-sort]')) other.setAttribute('aria-sort', 'none');
        head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
        const key = row => {
          const cell = row.children[column];
          return cell.dataset.text ?? (cell.dataset.mean === undefined ? null : Number(cell.dataset.mean));
        };
        const rows = [...body.rows].map(row => [key(row), row]);
        rows.sort(([a], [b]) => {
          if (a === null || b === null) return (a === null) - (b === null);
          const order = typeof a === 'string' ? a.localeCompare(b) : a - b;
          return isDown ? -order : order;
        });
        body.append(...rows.map(([, row]) => row));
      });
    }
    let folded = [];
    addEventListener('beforeprint', () => {
      folded = [...document.querySelectorAll('details:not([open])')];
      for (const part of folded) part.open = true;
    });
    addEventListener('afterprint', () => { for (const part of folded) part.open = false; });

    """

  static let style =
    PlotStyle.colours + PlotStyle.marks + """
      * { box-sizing: border-box; }
      body {
        margin: 0 auto; padding: 1rem clamp(.75rem, 3vw, 2rem) 3rem; max-width: 90rem;
        font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere;
      }
      h1 { font-size: 1.4rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
      h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; } p { margin: .4rem 0; }
      nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; margin: .5rem 0; list-style: none; }
      a { color: var(--dot); } nav a { display: inline-block; padding: .25rem 0; }
      .faint, figcaption { color: var(--faint); font-size: .875rem; }
      .verdict { border-left: .4rem solid var(--rule); background: var(--shade); padding: .6rem 1rem; margin: .8rem 0; }
      .verdict strong { font-size: 1.5rem; display: block; }
      .verdict.regressed, .verdict.not-comparable, .verdict.failed { border-color: var(--bad); }
      .verdict.improved, .verdict.equivalent, .verdict.identical { border-color: var(--good); }
      .verdict.inconclusive { border-color: var(--unsure); }
      .scroll { overflow-x: auto; }
      .scroll:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .875rem; }
      caption { text-align: left; color: var(--faint); padding-bottom: .3rem; }
      th, td { padding: .35rem .4rem; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; white-space: nowrap; }
      th:first-child, th.text { text-align: left; } tbody th { font-weight: 600; white-space: normal; min-width: 7rem; max-width: 16rem; }
      .systems tbody th, .systems thead th:first-child { position: sticky; left: 0; background: var(--paper); }
      td small { display: block; color: var(--faint); } td.best { font-weight: 700; } td.warped { color: var(--faint); }
      td.wrap { white-space: normal; min-width: 12rem; overflow-wrap: anywhere; text-align: left; }
      th button { font: inherit; color: inherit; background: none; border: 0; padding: .2rem; margin: -.2rem; cursor: pointer; min-height: 1.6rem; }
      th[aria-sort] button::after { content: " ↕"; color: var(--faint); }
      th[aria-sort=ascending] button::after { content: " ▲"; } th[aria-sort=descending] button::after { content: " ▼"; }
      .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 2rem; }
      figure { margin: 0; break-inside: avoid; } .wide { max-width: 46rem; margin-bottom: .6rem; }
      .clip { border-top: 1px solid var(--rule); padding: .6rem 0; }
      .players { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; } .players label { display: grid; gap: .2rem; }
      audio { width: min(20rem, 82vw); } .clip .scroll img { display: block; width: 100%; min-width: 40rem; height: auto; }
      .spectrograms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: .8rem; }
      .spectrograms img { display: block; width: 100%; height: 11rem; background: #000; image-rendering: pixelated; }
      dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .1rem 1rem; margin: .3rem 0; }
      dt { color: var(--faint); } dd { margin: 0; } code { font-size: .85em; } summary { cursor: pointer; padding: .25rem 0; }
      @media print {
        body { max-width: none; font-size: 9pt; padding: 0; } nav, audio { display: none; } .scroll { overflow: visible; }
        table { font-size: 7pt; } th, td { padding: .15rem .3rem; white-space: normal; } tr, .clip { break-inside: avoid; }
        th[aria-sort] button::after { content: ""; } .systems tbody th, .systems thead th:first-child { position: static; }
      }

      """
}
