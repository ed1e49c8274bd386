// Starts the page. All other files only declare.

/** Draws the page. New data keeps the rows that the user is in; a change of the view does not. */
function render(cause) {
  if (latest === null) return;
  const at = now();
  const { found, counts } = look(latest.connections, at);
  const isEmpty = latest.connections.length === 0;
  show(byId('content'), true);
  showSummary(latest, at);
  showChart(latest.connections);
  show(byId('tools'), !isEmpty);
  showTools(counts);
  showSort();
  byId('group').value = view.group;
  if (cause === 'news') holdStill(() => showRows(found, at, keptRows(latest.connections)));
  else showRows(found, at, []);
  show(byId('table'), rows.size + heads.size > 0);
  show(byId('nothing'), rows.size + heads.size === 0);
  const nothing = parts(byId('nothing'));
  setText(nothing.words, isEmpty
    ? 'There is no connection yet. Define one with settings that start with Connections__ or with a secret in the vault; the README explains how. It then appears here automatically.'
    : 'No connection matches.');
  show(nothing.clear, !isEmpty);
  showUpdated(at);
  return found.length;
}

/** The user changed the view. */
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
  makeGrouping();
  makeChart();
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
