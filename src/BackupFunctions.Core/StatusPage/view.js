// The view: search, filters, order and page. It is in the URL after '#', so that it survives a reload and can be shared; a key
// never is.

const pageSize = 50;

const columns = [
  { id: 'state', word: 'State', compare: by(fact => stateOf(fact.state).rank) },
  { id: 'connection', word: 'Connection', compare: by(fact => fact.connection) },
  { id: 'vendor', word: 'Vendor', compare: by(fact => fact.vendor) },
  { id: 'token', word: 'Token', compare: by(fact => fact.expires) },
  { id: 'failure', word: 'Last failure', compare: by(fact => fact.failure?.at ?? null, true) },
  { id: 'next', word: 'Next attempt', compare: by(fact => fact.nextAttempt) },
  { id: 'credential', word: 'Credential expires', compare: by(fact => fact.credentialEnds) },
];

const view = { search: '', states: new Set(), vendor: '', endsSoon: false, sort: 'state', descending: false, group: '', closed: new Set(), page: 0 };

/** Absent values come last in either direction; equal ones keep the service's order: vendor, then connection. */
function by(valueOf, newestFirst = false) {
  return (left, right, descending) => {
    const [a, b] = [valueOf(left), valueOf(right)];
    if (a === b) return left.order - right.order;
    if (a === null || b === null) return a === null ? 1 : -1;
    return (a < b) === (descending === newestFirst) ? -1 : 1;
  };
}

/** The connections to show, in order, and how many each filter would show with the other filters unchanged. */
function look(facts, now) {
  const terms = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const counts = { all: 0, states: {}, vendors: {}, endsSoon: 0 };
  const found = [];
  for (const fact of facts) {
    if (!terms.every(term => fact.text.includes(term))) continue;
    const state = view.states.size === 0 || view.states.has(fact.state);
    const vendor = view.vendor === '' || view.vendor === fact.vendor;
    const ends = endsSoon(fact, now);
    const soon = !view.endsSoon || ends;
    if (vendor && soon) {
      counts.all++;
      counts.states[fact.state] = (counts.states[fact.state] ?? 0) + 1;
    }

    if (state && soon) counts.vendors[fact.vendor] = (counts.vendors[fact.vendor] ?? 0) + 1;
    if (state && vendor && ends) counts.endsSoon++;
    if (state && vendor && soon) found.push(fact);
  }

  const { compare } = columns.find(column => column.id === view.sort);
  return { found: found.sort((left, right) => compare(left, right, view.descending)), counts };
}

function isFiltered() {
  return view.search.trim() !== '' || view.states.size > 0 || view.vendor !== '' || view.endsSoon;
}

function clearFilters() {
  Object.assign(view, { search: '', states: new Set(), vendor: '', endsSoon: false, page: 0 });
}

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  clearFilters();
  view.search = said.get('q') ?? '';
  view.states = new Set((said.get('state') ?? '').split(',').filter(Boolean));
  view.vendor = said.get('vendor') ?? '';
  view.endsSoon = said.has('ends-soon');
  const [sort, direction] = (said.get('sort') ?? '').split('-');
  view.sort = columns.some(column => column.id === sort) ? sort : 'state';
  view.descending = direction === 'down';
  view.group = groupings.some(({ id }) => id === said.get('group')) ? said.get('group') : '';
  view.closed = new Set((said.get('closed') ?? '').split(',').filter(Boolean));
}

function writeAddress() {
  const said = new URLSearchParams();
  if (view.search.trim() !== '') said.set('q', view.search.trim());
  if (view.states.size > 0) said.set('state', [...view.states].join(','));
  if (view.vendor !== '') said.set('vendor', view.vendor);
  if (view.endsSoon) said.set('ends-soon', '');
  if (view.sort !== 'state' || view.descending) said.set('sort', view.descending ? `${view.sort}-down` : view.sort);
  if (view.group !== '') said.set('group', view.group);
  if (view.closed.size > 0) said.set('closed', [...view.closed].join(','));
  const text = said.toString();
  history.replaceState(null, '', text === '' ? location.pathname + location.search : `#${text}`);
}
