// Asking again and again: every 15 s while somebody looks, less often where the answer takes long.

const betweenUpdates = 15_000;

let latest = null;
let isStale = false;
// How far the service's clock is ahead of this machine's, in ms: all words are relative to the service's.
let ahead = 0;
let asking = null;
let isDueAgain = false;
let waiting = 0;
// Counts the keys forgotten: an answer to an older one is not shown any more.
let epoch = 0;

function now() {
  return Date.now() + ahead;
}

/** Asks now; while a question is under way, once more after it, since its answer may be from before what just happened. */
function updateNow() {
  clearTimeout(waiting);
  if (asking !== null) {
    isDueAgain = true;
    return asking;
  }

  const mine = epoch;
  asking = update(mine).finally(() => { if (mine === epoch) asking = null; });
  return asking;
}

async function update(mine) {
  const since = performance.now();
  const reply = await askStatus();
  if (mine !== epoch) return;
  if (refusesKey(reply)) return wantKey();
  take(reply);
  const pause = isDueAgain ? 0 : Math.max(betweenUpdates, 10 * (performance.now() - since));
  isDueAgain = false;
  waitFor(pause);
}

function waitFor(pause) {
  clearTimeout(waiting);
  if (document.visibilityState === 'visible') waiting = setTimeout(updateNow, pause);
}

function take(reply) {
  if (reply.trouble === null) {
    const facts = readFacts(reply.body);
    if (latest !== null) announce(newsInWords(latest.connections, facts.connections));
    latest = facts;
    ahead = facts.generatedAt - Date.now();
  }

  showTrouble(reply.trouble);
  // A problem is the service's own: the key has let the question in.
  if (reply.trouble === null || reply.trouble.type !== '') closeKeyForm();
  if (latest === null) setText(byId('summary'), 'No status yet');
  render('news');
}

/** The host wants a key, or another: shown is nothing any more, and the key is asked for. */
function wantKey() {
  clearTimeout(waiting);
  epoch++;
  asking = null;
  latest = null;
  isDueAgain = false;
  rows.forEach(row => row.elements.forEach(element => element.remove()));
  rows.clear();
  showTrouble(null);
  show(byId('content'), false);
  openKeyForm(hasKey() ? 'This key does not open the status. It may be another function’s, or have been renewed.' : '');
  forgetKeys();
}

function listenToVisibility() {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && byId('key-form').hidden) updateNow();
    else clearTimeout(waiting);
  });
}
