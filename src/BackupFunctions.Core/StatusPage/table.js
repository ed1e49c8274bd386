// The table: one page of the matching connections, updated in place.

const rows = new Map();

/** Shows this page's connections. Rows that stay keep their elements, and so focus, selection and scroll position. */
function showRows(found, at, kept) {
  const last = Math.max(0, Math.ceil(found.length / pageSize) - 1);
  view.page = Math.min(view.page, last);
  const page = withKept(found.slice(view.page * pageSize, (view.page + 1) * pageSize), kept);
  const wanted = new Set(page.map(fact => fact.key));
  for (const [key, row] of rows) {
    if (wanted.has(key)) continue;
    row.elements.forEach(element => element.remove());
    rows.delete(key);
  }

  const focused = document.activeElement;
  const body = byId('rows');
  let place = body.firstElementChild;
  for (const fact of page) {
    if (!rows.has(fact.key)) rows.set(fact.key, new Row(fact));
    const row = rows.get(fact.key);
    row.set(fact, at);
    for (const element of row.elements) {
      if (element === place) place = place.nextElementSibling;
      else body.insertBefore(element, place);
    }
  }

  // Moving a row loses its focus.
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  showRange(found.length, last);
}

/** Changes the table without moving the row with the focus or the one at the top of the window. */
function holdStill(change) {
  const held = [...rows.values()].find(row => row.hasFocus()) ?? (scrollY === 0 ? undefined
    : [...rows.values()].filter(row => row.element.getBoundingClientRect().top >= 0).sort((left, right) => left.element.rowIndex - right.element.rowIndex)[0]);
  const before = held?.element.getBoundingClientRect().top;
  change();
  if (held?.element.isConnected) scrollBy({ top: held.element.getBoundingClientRect().top - before, behavior: 'instant' });
}

/** Rows that are focused or expanded stay in place when new data would remove them, so that nobody presses the wrong button. */
function withKept(page, kept) {
  const shown = new Set(page.map(fact => fact.key));
  const result = [...page];
  for (const { fact, index } of kept) {
    if (!shown.has(fact.key)) result.splice(Math.min(index, result.length), 0, fact);
  }

  return result;
}

function keptRows(facts) {
  const newest = new Map(facts.map(fact => [fact.key, fact]));
  return [...rows.values()]
    .sort((left, right) => left.element.rowIndex - right.element.rowIndex)
    .map((row, index) => ({ row, index, fact: newest.get(row.fact.key) }))
    .filter(({ row, fact }) => fact !== undefined && (row.isOpen || row.hasFocus() || underWay.has(fact.key)));
}

function showRange(count, last) {
  const first = view.page * pageSize;
  const range = `${number(Math.min(first + 1, count))}–${number(Math.min(first + pageSize, count))} of ${number(count)}`;
  setText(byId('range'), range);
  setText(byId('caption'), `Connections ${range}`);
  show(byId('pager'), last > 0);
  allow(byId('previous'), view.page > 0);
  allow(byId('next'), view.page < last);
}

function makeHeads() {
  for (const column of columns) {
    const button = make('button', { type: 'button', 'class': 'sort' }, make('span', {}, column.word), make('span', { 'class': 'arrow', 'aria-hidden': 'true' }));
    button.addEventListener('click', () => sortBy(column.id));
    byId('heads').append(make('th', { role: 'columnheader', scope: 'col', 'class': `c-${column.id}`, 'data-column': column.id }, button));
    byId('sort').append(make('option', { value: column.id }, `Sort by ${column.word.toLowerCase()}`));
  }

  byId('heads').append(make('th', { role: 'columnheader', scope: 'col', 'class': 'c-action' }, make('span', { 'class': 'unseen' }, 'Action')));
}

function showSort() {
  for (const head of byId('heads').querySelectorAll('[data-column]')) {
    const isSorted = head.dataset.column === view.sort;
    if (isSorted) setAttribute(head, 'aria-sort', view.descending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
    setText(head.querySelector('.arrow'), isSorted ? (view.descending ? '▼' : '▲') : '');
  }

  byId('sort').value = view.sort;
}

/** The up and down arrows move between the rows' buttons of the same kind. */
function moveBetweenRows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const part = event.target.dataset?.part;
  if (step === undefined || !['expand', 'primary'].includes(part)) return;
  const buttons = [...byId('rows').querySelectorAll(`.row [data-part="${part}"]`)];
  const next = buttons[buttons.indexOf(event.target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
