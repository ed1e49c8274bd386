// The last day of one connection, or of all, as a strip of quarters of an hour. Kinds differ in shape as well as in colour.

const stripHeight = 20;

// Where the bars of a kind are: pairs of top and height.
const bars = { 'renewed': [[13, 7]], 'signed-out': [[8, 4]], 'failed': [[5, 15]], 'refused': [[0, 8], [11, 9]] };

class Strip {
  constructor(place) {
    this.base = makeSvg('rect', { 'class': 'base', x: 0, y: stripHeight - 1, width: 96, height: 1 });
    this.kinds = {};
    this.picture = makeSvg(
      'svg', { role: 'img', viewBox: `0 0 96 ${stripHeight}`, preserveAspectRatio: 'none' }, this.base);
    this.element = make('span', { 'class': 'strip' }, this.picture);
    this.past = null;
    tellQuarters(this.element, quarter => outcomeInWords(outcomeOf(this.past.quarters[quarter])));
    place.replaceChildren(this.element);
  }

  set(past) {
    show(this.element, past !== null);
    if (past === null || (past === this.past && legend === this.legend)) return;
    Object.assign(this, { past, legend });
    const drawn = Object.fromEntries(Object.keys(this.kinds).map(kind => [kind, '']));
    [...past.quarters].forEach((letter, quarter) => {
      const { outcome } = outcomeOf(letter);
      for (const [top, height] of bars[outcome] ?? []) drawn[outcome] = (drawn[outcome] ?? '') + bar(quarter, top, height);
    });
    for (const [kind, path] of Object.entries(drawn)) {
      this.kinds[kind] ??= this.picture.appendChild(makeSvg('path', { 'class': kind }));
      setAttribute(this.kinds[kind], 'd', path);
    }

    setAttribute(this.picture, 'aria-label', pastInWords(past));
  }
}

function bar(quarter, top, height) {
  return `M${quarter} ${top}h.85v${height}h-.85z`;
}

/** A tooltip for the quarter under the pointer. */
function tellQuarters(element, words) {
  element.addEventListener('pointermove', event => {
    const { left, width } = element.getBoundingClientRect();
    const quarter = Math.min(95, Math.max(0, Math.floor((event.clientX - left) / width * 96)));
    setAttribute(element, 'title', `${timesOf(quarter)}: ${words(quarter)}`);
  });
  element.addEventListener('pointerleave', () => element.removeAttribute('title'));
}

// The chart of all connections.
const chart = { connections: null, counts: [] };

function makeChart() {
  tellQuarters(byId('chart'), quarter => `${number(chart.counts[quarter])} failing`);
}

/** How many connections failed in each quarter. */
function showChart(connections) {
  const told = connections.filter(fact => fact.past !== null);
  show(byId('day'), told.length > 0);
  if (told.length === 0 || connections === chart.connections) return;
  Object.assign(chart, { connections, counts: countFailing(told) });
  const most = Math.max(...chart.counts);
  const heights = chart.counts.map(count => count === 0 ? 0 : Math.max(2, stripHeight * count / most));
  setAttribute(byId('chart-bars'), 'd', heights.map((height, quarter) => height === 0 ? '' : bar(quarter, stripHeight - height, height)).join(''));
  const peak = timesOf(chart.counts.indexOf(most));
  const words = most === 0 ? 'No connection failed in the last 24 hours.'
    : `Failing in the last 24 hours: ${number(most)} at most (${peak}), ${number(chart.counts[95])} in this quarter of an hour.`;
  setText(byId('day-words'), words);
}

function countFailing(facts) {
  const counts = new Array(96).fill(0);
  const failing = new Set([...legend.outcomes.keys()].filter(isFailing));
  for (const { past } of facts) {
    for (let quarter = 0; quarter < 96; quarter++) if (failing.has(past.quarters[quarter])) counts[quarter]++;
  }

  return counts;
}
