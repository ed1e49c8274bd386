// What happened in the last day, as GET /api/status?history=true tells it.

// How a history is read: when its first quarter of an hour began and how long one lasts (ms), and what its letters mean.
let legend = null;
const vendorNames = new Map();

function vendorName(name) {
  return vendorNames.get(name) ?? name;
}

/** A reply without a history leaves everything as it was. */
function readLegend({ history: told }) {
  if (!told) return;
  const outcomes = told.outcomes.map(({ letter, outcome, problem }) => [letter, { outcome, problem: shortType(problem) }]);
  legend = { from: instant(told.from), quarter: told.quarter_seconds * 1000, outcomes: new Map(outcomes) };
  for (const { vendor, display_name: name } of told.vendors) vendorNames.set(vendor, name);
}

function readPast(told) {
  return told ? { brokenSince: instant(told.broken_since), quarters: told.quarters, events: told.events } : null;
}

/** What an earlier reply told stays until the next one tells more. */
function keepPast(before, after) {
  const known = new Map(before.map(fact => [fact.key, fact.past]));
  for (const fact of after) fact.past ??= known.get(fact.key) ?? null;
}

/** When the connection began to fail; null if it does not. */
function brokenSince(fact) {
  return needsAction(fact) && fact.failure !== null ? fact.past?.brokenSince ?? fact.failure.at : null;
}

function outcomeOf(letter) {
  return legend.outcomes.get(letter) ?? { outcome: 'failed', problem: '' };
}

function isFailing(letter) {
  return ['failed', 'refused'].includes(outcomeOf(letter).outcome);
}

const outcomeWords = { 'nothing': 'nothing due', 'renewed': 'renewed', 'signed-out': 'signed out', 'failed': 'failed', 'refused': 'refused' };

function outcomeInWords({ outcome, problem }) {
  const word = Object.hasOwn(outcomeWords, outcome) ? outcomeWords[outcome] : outcome;
  return problem ? `${word} (${problem})` : word;
}

/** "14:15–14:30 UTC", for so many quarters from one on. */
function timesOf(quarter, count = 1) {
  const [from, to] = [quarter, quarter + count].map(index => new Date(legend.from + index * legend.quarter).toISOString().slice(11, 16));
  return `${from}–${to} UTC`;
}

function pastInWords(past) {
  const letters = [...past.quarters];
  const spent = letters.filter(isFailing).length;
  const out = letters.filter(letter => outcomeOf(letter).outcome === 'signed-out').length;
  const renewed = letters.filter(letter => outcomeOf(letter).outcome === 'renewed').length;
  const words = [spent > 0 && `failing for ${lengthOf(spent)}`, out > 0 && `signed out for ${lengthOf(out)}`, renewed > 0 && `renewed in ${counted(renewed, 'quarter', 'quarters')} of an hour`];
  return `Last 24 hours: ${words.filter(Boolean).join(', ') || 'nothing due'}`;
}

function lengthOf(quarters) {
  return lasting(quarters * legend.quarter / 1000);
}

/** Quarters in a row that were the same, without those in which nothing was due. */
function runsOf(past) {
  const runs = [];
  [...past.quarters].forEach((letter, index) => {
    const last = runs.at(-1);
    if (last?.letter === letter) last.count++;
    else runs.push({ letter, index, count: 1 });
  });
  return runs.filter(run => outcomeOf(run.letter).outcome !== 'nothing');
}

const causes = {
  'timer': 'the timer', 'caller': 'a caller', 'refresh': 'an operator’s refresh', 'enrolment': 'an operator’s enrolment',
  'sign-out': 'an operator’s sign-out', 'unknown': 'not known',
};

function causeInWords({ cause, name }) {
  const words = Object.hasOwn(causes, cause) ? causes[cause] : cause;
  return name ? `${words}: ${name}` : words;
}
