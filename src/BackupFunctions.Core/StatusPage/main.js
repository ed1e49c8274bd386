// Puts the page together. Every other file only declares.

/** Draws what is known. After news, rows that somebody is in stay; after a change of the view they do not. */
function render(cause) {
  if (latest === null) return;
  const at = now();
  const { found, counts } = look(latest.connections, at);
  const isEmpty = latest.connections.length === 0;
  show(byId('content'), true);
  showSummary(latest, at);
  show(byId('tools'), !isEmpty);
  showTools(counts);
  showSort();
  if (cause === 'news') holdStill(() => showRows(found, at, keptRows(latest.connections)));
  else showRows(found, at, []);
  show(byId('table'), rows.size > 0);
  show(byId('nothing'), rows.size === 0);
  const nothing = parts(byId('nothing'));
  setText(nothing.words, isEmpty
    ? 'There is no connection yet. Settings that begin with Connections__ describe one, or a secret of the vault defines it: the README tells how. It appears here by itself.'
    : 'No connection matches.');
  show(nothing.clear, !isEmpty);
  showUpdated(at);
  return found.length;
}

/** Somebody changed what is looked at. */
function viewChanged() {
  view.page = 0;
  writeAddress();
  const count = render('view');
  announce(isFiltered() ? `${counted(count, 'connection', 'connections')} of ${number(latest.connections.length)}` : `All ${counted(count, 'connection', 'connections')}`);
}

function sortBy(column) {
  view.descending = view.sort === column && !view.descending;
  view.sort = column;
  viewChanged();
}

function turnPage(button, step) {
  if (!isAllowed(button)) return;
  view.page += step;
  render('view');
  byId('table').scrollIntoView({ block: 'start' });
  announce(byId('caption').textContent);
}

function pressKey(event) {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, select, textarea, dialog') || byId('content').hidden) return;
  event.preventDefault();
  byId('search').focus();
  byId('search').select();
}

function tick() {
  if (document.visibilityState !== 'visible' || latest === null) return;
  const at = now();
  for (const row of rows.values()) row.tick(at);
  showUpdated(at);
}

function start() {
  readAddress();
  makeHeads();
  makeChips();
  makeQuestions();
  listenToTools();
  listenToKeyForm();
  listenToVisibility();
  byId('rows').addEventListener('keydown', moveBetweenRows);
  byId('update-now').addEventListener('click', () => updateNow());
  byId('skip').addEventListener('click', event => {
    event.preventDefault();
    (byId('key-form').hidden ? byId('table') : byId('key')).focus();
  });
  addEventListener('keydown', pressKey);
  addEventListener('hashchange', () => { readAddress(); render('view'); });
  setInterval(tick, 1000);
  updateNow();
}

start();
