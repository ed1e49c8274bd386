// The table: one page of the matching connections, updated in place.

const rows = new Map();

/** Shows this page's connections. Rows that stay keep their elements, and so focus, selection and scroll position. */
function showRows(found, at, kept) {
  const entries = arrange(found);
  const last = Math.max(0, Math.ceil(entries.length / pageSize) - 1);
  view.page = Math.min(view.page, last);
  const page = withKept(entries.slice(view.page * pageSize, (view.page + 1) * pageSize), kept);
  const wanted = new Set(page.map(({ key }) => key));
  for (const shown of [rows, heads]) {
    for (const [key, row] of shown) {
      if (wanted.has(key)) continue;
      row.elements.forEach(element => element.remove());
      shown.delete(key);
    }
  }

  const focused = document.activeElement;
  const body = byId('rows');
  let place = body.firstElementChild;
  for (const { key, fact, group } of page) {
    const row = group ? headOf(key, group) : rowOf(key, fact);
    row.set(group ?? fact, at);
    for (const element of row.elements) {
      if (element === place) place = place.nextElementSibling;
      else body.insertBefore(element, place);
    }
  }

  // Moving a row loses its focus.
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  showRange(entries, found.length, last);
}

function rowOf(key, fact) {
  if (!rows.has(key)) rows.set(key, new Row(fact));
  return rows.get(key);
}

function headOf(key, group) {
  if (!heads.has(key)) heads.set(key, new GroupHead(group));
  return heads.get(key);
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
  const shown = new Set(page.map(({ key }) => key));
  const result = [...page];
  for (const { fact, index } of kept) {
    if (!shown.has(fact.key)) result.splice(Math.min(index, result.length), 0, { key: fact.key, fact });
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

/** Which connections of all that match are on this page; the heads of groups are none. */
function showRange(entries, count, last) {
  const upTo = index => entries.slice(0, index).filter(({ fact }) => fact).length;
  const [before, shown] = [upTo(view.page * pageSize), upTo((view.page + 1) * pageSize)];
  const range = `${number(Math.min(before + 1, shown))}–${number(shown)} of ${number(count)}`;
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
