// SPDX-License-Identifier: GPL-3.0-or-later

/// What plots look like, on a page and alone.
enum PlotStyle {
  /// Colours of light and dark paper, and of print. Text has a contrast of 4.5 and more, marks of 3.
  static let colours = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --ink: #1f2328; --faint: #59626c; --rule: #d8dce0; --shade: #f3f5f7; --dot: #1b6ca8; --box: #cfe0ee;
      --good: #17663a; --bad: #a81c3f; --unsure: #7a5200; --mark: #b4530a;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15181c; --ink: #e6e9ec; --faint: #a3adb8; --rule: #3a4048; --shade: #1f242a; --dot: #6cb8f0; --box: #26445c;
        --good: #6fd69a; --bad: #ff8fa8; --unsure: #f0c060; --mark: #ffa55c;
      }
    }
    @media print {
      :root { --paper: #fff; --ink: #000; --faint: #444; --rule: #bbb; --shade: #f3f5f7; --dot: #1b6ca8; --box: #cfe0ee; --mark: #b4530a; }
    }

    """

  /// Of ``StripPlot``, ``DifferencePlot`` and ``TrendPlot``.
  static let marks = """
    svg { display: block; overflow: visible; color: var(--ink); }
    svg text { fill: currentColor; font-size: 13px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
    svg .tick, svg .figure { fill: var(--faint); font-size: 12px; }
    svg .rule { stroke: var(--rule); } svg .zero { stroke: var(--faint); }
    svg path { fill: none; vector-effect: non-scaling-stroke; }
    .dots { stroke: var(--dot); stroke-width: 4px; stroke-linecap: round; stroke-opacity: .55; }
    .trend .dots { stroke-width: 6px; stroke-opacity: 1; } .line { stroke: var(--dot); stroke-width: 1.5px; }
    .box { fill: var(--box); } .median { stroke: var(--ink); stroke-width: 1.5px; }
    .interval { stroke: var(--mark); stroke-width: 2.5px; } .trend .interval { stroke-width: 1.5px; }
    .band { fill: var(--shade); stroke: var(--rule); }
    .regressed .figure { fill: var(--bad); } .improved .figure { fill: var(--good); }

    """
}
