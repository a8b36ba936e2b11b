// SPDX-License-Identifier: GPL-3.0-or-later
// What a report's page shows, read back in a browser and held against the JSON of the same run. It runs as the body of a function of
// (document of the run, documents of all runs in the trend, document of hardware or null), and returns how many numbers were compared and
// what differed. Numbers in attributes must be equal; coordinates to within what they are rounded to, a twentieth of a unit for dots
// and half a hundredth for the rest.
const [run, history, machines] = arguments;
const problems = [];
let compared = 0;
const same = (what, shown, expected) => {
  compared++;
  if (shown !== expected) problems.push(`${what}: ${shown}, not ${expected}`);
};
const near = (what, shown, expected, within) => {
  compared++;
  if (!(Math.abs(shown - expected) <= within)) problems.push(`${what}: ${shown}, not ${expected}`);
};
const number = text => text === undefined ? undefined : Number(text);
const numbers = text => (text.match(/-?\d*\.?\d+(e[-+]?\d+)?/g) ?? []).map(Number);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
// The table lists the systems in the run's order. A name's invisible characters are spelt out on the page, and not in the JSON.
const shown = new Map(all('table.systems tbody th').map((head, place) => [head.dataset.text, run.systems[place]]));
const own = (system, metric) =>
  shown.get(system).utterances.map(u => u.scores[metric]?.value).filter(v => v !== undefined);

// What there has to be: a loop over nothing compares nothing.
const demand = (what, selector, isNeeded) => {
  compared++;
  if ((all(selector).length > 0) !== isNeeded) problems.push(`${what}: ${isNeeded ? 'missing' : 'not expected'}`);
};
demand('scores', 'table.systems td[data-mean]', true);
demand('distributions', 'svg.strips .dots', true);
demand('differences', 'g.difference .dots', run.diff !== undefined);
demand('trend', 'g.trend .line', history.length > 1);
demand('machines', '#machines tr[data-pair]', machines !== null);
demand('speed', '#speed tbody td[data-mean]', run.systems.some(s => s.utterances.some(u => u.speed)));
demand('spectrograms', '.spectrograms img', true);

// The table of scores. Its text is the number, rounded to the digits it shows.
for (const row of all('table.systems tbody tr')) {
  const name = row.querySelector('th').dataset.text;
  const system = shown.get(name);
  for (const cell of all('td[data-metric]', row)) {
    const summary = system.summary[cell.dataset.metric];
    if (cell.dataset.ownMean !== undefined) same(`${name} ${cell.dataset.metric}`, number(cell.dataset.ownMean), summary.mean);
    if (number(cell.dataset.n) === summary.n) {
      for (const key of ['mean', 'low', 'high']) {
        same(`${name} ${cell.dataset.metric} ${key}`, number(cell.dataset[key]), summary[key]);
      }
    }
    const text = cell.firstChild?.textContent ?? '';
    if (cell.dataset.mean !== undefined) {
      const digits = (text.split('.')[1] ?? '').length;
      near(`text of ${name} ${cell.dataset.metric}`, Number(text), number(cell.dataset.mean), 0.501 * 10 ** -digits);
    }
  }
}

// A path of dots: relative steps, each followed by h0.
const dots = path => {
  let x = 0;
  return path.getAttribute('d').split('m').slice(1).map(step => (x += numbers(step)[0]));
};
const quantile = (sorted, share) => {
  const place = share * (sorted.length - 1), low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(sorted.length - 1, low + 1)] - sorted[low]) * (place - low);
};
for (const plot of all('svg.strips')) {
  // A tick's label is the value at its place.
  const first = plot.querySelector('.dots');
  for (const tick of all('text.tick', plot)) {
    const value = (10 * parseFloat(tick.getAttribute('x')) - number(first.dataset.x0)) / number(first.dataset.xScale);
    near(`tick ${tick.textContent} of ${plot.dataset.metric}`, Number(tick.textContent), value, 0.006 * 10 / number(first.dataset.xScale));
  }
  for (const strip of all('g.strip', plot)) {
    const what = `${strip.dataset.system} ${plot.dataset.metric}`;
    const sorted = own(strip.dataset.system, plot.dataset.metric).sort((a, b) => a - b);
    same(`${what} n`, number(strip.dataset.n), sorted.length);
    const path = strip.querySelector('.dots');
    if (!path) { same(`${what} without dots`, sorted.length, 0); continue; }
    const [x0, scale] = [number(path.dataset.x0), number(path.dataset.xScale)];
    const values = path.dataset.values.split(' ').map(Number);
    same(`${what} drawn`, values.length, number(strip.dataset.drawn));
    if (values.length === sorted.length) values.forEach((v, i) => same(`${what} value`, v, sorted[i]));
    else values.forEach(v => same(`${what} value among`, sorted.includes(v), true));
    dots(path).forEach((x, i) => near(`${what} dot`, x, x0 + values[i] * scale, 0.0501));
    const box = strip.querySelector('.box');
    const [q1, q2, q3] = [0.25, 0.5, 0.75].map(share => quantile(sorted, share));
    near(`${what} q1`, number(box.getAttribute('x')), x0 + q1 * scale, 0.00501);
    near(`${what} box`, number(box.getAttribute('width')), (q3 - q1) * scale, 0.00501);
    near(`${what} median`, numbers(strip.querySelector('.median').getAttribute('d'))[0], x0 + q2 * scale, 0.00501);
    if (strip.dataset.mean !== undefined) {
      const [low, , high, mean] = numbers(strip.querySelector('.interval').getAttribute('d'));
      near(`${what} mean`, mean, x0 + number(strip.dataset.mean) * scale, 0.00501);
      near(`${what} low`, low, x0 + number(strip.dataset.low ?? strip.dataset.mean) * scale, 0.00501);
      near(`${what} high`, high, x0 + number(strip.dataset.high ?? strip.dataset.mean) * scale, 0.00501);
      const cell = all('table.systems tbody tr').find(r => r.querySelector('th').dataset.text === strip.dataset.system)
        .querySelector(`td[data-metric="${plot.dataset.metric}"]`);
      same(`${what} mean of plot and table`, strip.dataset.mean, cell.dataset.mean);
    }
  }
}

// Differences: the tables and the lines.
if (run.diff) {
  const judged = part => run.diff.systems.find(s => s.name === shown.get(part.closest('[data-system]').dataset.system).name).metrics;
  for (const row of all('#differences tr[data-metric]')) {
    const metric = judged(row)[row.dataset.metric];
    for (const [key, name] of [['n', 'n'], ['a', 'a'], ['b', 'b'], ['mean', 'meanDifference'], ['low', 'low'], ['high', 'high'], ['p', 'p']]) {
      if (row.dataset[key] !== undefined) same(`difference ${row.dataset.metric} ${key}`, number(row.dataset[key]), metric[name]);
    }
  }
  for (const line of all('g.difference')) {
    const what = `difference ${line.dataset.metric}`, scale = number(line.dataset.xScale);
    const metric = judged(line)[line.dataset.metric];
    same(`${what} mean`, number(line.dataset.mean), metric.meanDifference);
    same(`${what} n`, number(line.dataset.n), metric.n);
    const [low, , high, mean] = numbers(line.querySelector('.interval').getAttribute('d'));
    near(`${what} line mean`, mean, 500 + metric.meanDifference * scale, 0.00501);
    near(`${what} line low`, low, 500 + (metric.low ?? metric.meanDifference) * scale, 0.00501);
    near(`${what} line high`, high, 500 + (metric.high ?? metric.meanDifference) * scale, 0.00501);
    const band = line.querySelector('.band');
    near(`${what} band`, number(band.getAttribute('width')), 2 * Math.abs(metric.tolerance * scale), 0.00501);
    const path = line.querySelector('.dots'), values = path.dataset.values.split(' ').map(Number);
    dots(path).forEach((x, i) => near(`${what} dot`, x, 500 + values[i] * scale, 0.0501));
    if (values.length === metric.n) near(`${what} mean of dots`, values.reduce((a, b) => a + b, 0) / metric.n, metric.meanDifference, 1e-9);
  }
}

for (const plot of all('svg.trends')) {
  for (const line of all('g.trend', plot)) {
    const what = `trend ${line.dataset.system} ${plot.dataset.metric}`, path = line.querySelector('.line');
    const [y0, scale] = [number(path.dataset.y0), number(path.dataset.yScale)];
    const values = path.dataset.values.split(' ').map(Number), runs = path.dataset.runs.split(' ').map(Number);
    const points = numbers(path.getAttribute('d'));
    values.forEach((value, i) => {
      const summary = history[runs[i]].systems.find(s => s.name === shown.get(line.dataset.system).name).summary[plot.dataset.metric];
      near(`${what} run ${runs[i]}`, value, summary.mean, 1e-12 * Math.abs(summary.mean));
      near(`${what} x`, points[2 * i], 1000 * (runs[i] + 0.5) / history.length, 0.00501);
      near(`${what} y`, points[2 * i + 1], y0 - value * scale, 0.00501);
    });
  }
}

for (const clip of all('article.clip')) {
  const heard = all('span[data-value]', clip).map(score => [score.dataset.metric, number(score.dataset.value)]);
  const utterance = shown.get(clip.dataset.system).utterances.find(u => heard.every(([metric, value]) => u.scores[metric].value === value));
  same(`clip ${clip.dataset.id}`, utterance !== undefined && heard.length > 0, true);
}

if (machines) {
  for (const row of all('#machines tr[data-pair]')) {
    const [a, b] = row.dataset.pair.split(' – ').map(place => machines.machines[Number(place) - 1].host);
    const pair = machines.pairs.find(p => p.a === a && p.b === b);
    const system = pair.diff.systems.find(s => s.name === row.dataset.system);
    const cells = all('td[data-greatest]', row);
    for (const cell of cells) {
      same(`machines ${row.dataset.pair} ${cell.dataset.metric}`, number(cell.dataset.greatest), system.metrics[cell.dataset.metric].greatestDifference);
    }
    same(`cells of machines ${row.dataset.pair}`, cells.length > 0, true);
  }
}

for (const row of all('#speed tbody tr')) {
  const name = row.querySelector('th').dataset.text;
  const speeds = shown.get(name).utterances.map(u => u.speed).filter(Boolean);
  const mean = key => speeds.reduce((sum, s) => sum + s[key], 0) / speeds.length;
  near(`speed of ${name}`, number(row.children[1].dataset.mean), mean('rtf'), 1e-12 * mean('rtf'));
  near(`latency of ${name}`, number(row.children[2].dataset.mean), mean('latencySeconds'), 1e-12 * mean('latencySeconds'));
}
return { compared, problems };
