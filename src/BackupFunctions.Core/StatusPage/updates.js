// Polling: every 15 s while the tab is visible, less often if replies take long.

const betweenUpdates = 15_000;
// A history is many times as large as a status: it is asked for at most so often, unless the user has done something.
const betweenPasts = 60_000;

let latest = null;
let isStale = false;
// How far the service's clock is ahead of this machine's, in ms: the page uses the service's time.
let ahead = 0;
let asking = null;
let isDueAgain = false;
let waiting = 0;
// Of when the history is, whether anything has happened since, and whether the user is waiting to see it.
let pastAt = null;
let isPastOld = false;
let isPastDue = false;
// Counts the forgotten keys: replies to calls with an older key are discarded.
let epoch = 0;

function now() {
  return Date.now() + ahead;
}

/** Updates now; if an update is under way, once more after it, because its reply may be too old. */
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
  const reply = await askStatus(needsPast(now()));
  if (mine !== epoch) return;
  if (refusesKey(reply)) return wantKey();
  take(reply);
  const pause = isDueAgain ? 0 : Math.max(betweenUpdates, 10 * (performance.now() - since));
  isDueAgain = false;
  waitFor(pause);
}

/** If there is none, if a new quarter of an hour has begun, or if something has happened. */
function needsPast(at) {
  if (pastAt === null || isPastDue) return true;
  const hasNew = Math.floor(at / legend.quarter) !== Math.floor(pastAt / legend.quarter);
  return hasNew || (isPastOld && at - pastAt >= betweenPasts);
}

/** Whether anything has happened that an earlier reply's history does not have. */
function hasHappened(before, after) {
  const known = new Map(before.map(fact => [fact.key, fact]));
  return after.some(fact => ['state', 'lastSuccess', 'signedOut'].some(name => fact[name] !== known.get(fact.key)?.[name])
    || fact.failure?.at !== known.get(fact.key)?.failure?.at);
}

function waitFor(pause) {
  clearTimeout(waiting);
  if (document.visibilityState === 'visible') waiting = setTimeout(updateNow, pause);
}

function take(reply) {
  const wasRefused = refusesPerson(reply);
  if (wasRefused) forgetFacts();
  if (reply.trouble === null) {
    const facts = readFacts(reply.body);
    if (latest !== null) {
      announce(newsInWords(latest.connections, facts.connections));
      isPastOld ||= hasHappened(latest.connections, facts.connections);
      keepPast(latest.connections, facts.connections);
    }

    if (reply.body.history) [pastAt, isPastOld, isPastDue] = [facts.generatedAt, false, false];
    latest = facts;
    ahead = facts.generatedAt - Date.now();
  }

  showTrouble(wasRefused ? null : reply.trouble);
  // A problem comes from the service itself, so the key was accepted.
  if (reply.trouble === null || reply.trouble.type !== '') closeKeyForm();
  if (wasRefused) return openSignIn(reply.trouble);
  show(byId('sign-in'), false);
  if (latest === null) setText(byId('summary'), 'No status yet');
  render('news');
}

/** The host requires a key or another one: hides everything and asks for it. */
function wantKey() {
  clearTimeout(waiting);
  epoch++;
  asking = null;
  isDueAgain = false;
  forgetFacts();
  showTrouble(null);
  openKeyForm(hasKey() ? 'This key does not work for the status. It may belong to another function, or it may have been renewed.' : '');
  forgetKeys();
}

/** Whoever may not see the facts any more does not see the old ones. */
function forgetFacts() {
  latest = null;
  pastAt = null;
  heads.forEach(head => head.element.remove());
  heads.clear();
  rows.forEach(row => row.elements.forEach(element => element.remove()));
  rows.clear();
  show(byId('content'), false);
  show(byId('notes'), false);
  document.title = 'BackupFunctions status';
}

function listenToVisibility() {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && byId('key-form').hidden) updateNow();
    else clearTimeout(waiting);
  });
}
