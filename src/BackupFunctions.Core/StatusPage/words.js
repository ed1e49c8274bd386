// Names of states, and times in words.

// Broken ones first: the default order, and the order of the filters.
const states = {
  'refused': { word: 'Refused', rank: 0, tone: 'bad' },
  'credential-missing': { word: 'Credential missing', rank: 0, tone: 'bad' },
  'misconfigured': { word: 'Misconfigured', rank: 1, tone: 'bad' },
  'enrolment-needed': { word: 'Enrolment needed', rank: 2, tone: 'bad' },
  'backing-off': { word: 'Backing off', rank: 3, tone: 'warn' },
  'never': { word: 'Idle', rank: 4, tone: 'quiet' },
  'signed-out': { word: 'Signed out', rank: 5, tone: 'quiet' },
  'renewing': { word: 'Renewing', rank: 6, tone: 'info' },
  'healthy': { word: 'Healthy', rank: 7, tone: 'good' },
};

/** A state that only a newer service knows is shown by its own name, among the broken ones. */
function stateOf(name) {
  return Object.hasOwn(states, name) ? states[name] : { word: name, rank: 3, tone: 'warn' };
}

const endsSoonDays = 30;
const day = 86400;

function number(value) {
  return value.toLocaleString('en');
}

function counted(value, one, many) {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Seconds in words: "40 s", "14 min", "1 h 52 min", "12 days". */
function lasting(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 2 * day) return [`${Math.floor(whole / 3600)} h`, `${Math.floor(whole % 3600 / 60)} min`].filter(part => part !== '0 min').join(' ');
  return counted(Math.floor(whole / day), 'day', 'days');
}

/** An instant (ms) relative to now: "in 14 min", "3 h ago". */
function relative(instant, now) {
  const seconds = (instant - now) / 1000;
  if (Math.abs(seconds) < 1) return 'now';
  return seconds > 0 ? `in ${lasting(seconds)}` : `${lasting(-seconds)} ago`;
}

const localTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** An instant to the second in UTC, and in local time if that differs. */
function exact(instant) {
  const date = new Date(instant);
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return date.getTimezoneOffset() === 0 ? utc : `${utc} (${localTime.format(date)} here)`;
}
