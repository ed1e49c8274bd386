// Groups of connections: by vendor, or by customer, who gives a connection its name. Each can be closed.

const groupings = [
  { id: '', word: 'No groups' },
  { id: 'vendor', word: 'Group by vendor', idOf: fact => fact.vendor, nameOf: fact => vendorName(fact.vendor) },
  { id: 'customer', word: 'Group by customer', idOf: fact => fact.connection, nameOf: fact => fact.connection },
];
const heads = new Map();

/** What the table shows in order: the connections, each group after its head. The group with the first connection comes first. */
function arrange(found) {
  const grouping = groupings.find(({ id }) => id === view.group);
  if (!grouping.idOf) return found.map(fact => ({ key: fact.key, fact }));
  const groups = new Map();
  for (const fact of found) {
    const id = grouping.idOf(fact);
    if (!groups.has(id)) groups.set(id, { id, name: grouping.nameOf(fact), facts: [] });
    groups.get(id).facts.push(fact);
  }

  return [...groups.values()].flatMap(group => [
    { key: `group:${group.id}`, group },
    ...(view.closed.has(group.id) ? [] : group.facts.map(fact => ({ key: fact.key, fact }))),
  ]);
}

/** The row above a group. */
class GroupHead {
  constructor({ id }) {
    this.id = id;
    this.name = make('span');
    this.count = make('span', { 'class': 'quiet' });
    this.button = make('button', { type: 'button', 'class': 'expand' }, icon('chevron'), make('span', {}, this.name, ' ', this.count));
    this.button.firstElementChild.classList.add('chevron');
    this.button.addEventListener('click', () => toggleGroup(this.id));
    this.element = make('tr', { role: 'row', 'class': 'group' }, make('th', { role: 'rowheader', scope: 'rowgroup', colspan: 8 }, this.button));
  }

  get elements() {
    return [this.element];
  }

  set({ id, name, facts }) {
    const broken = facts.filter(needsAction).length;
    setText(this.name, name);
    setText(this.count, `${counted(facts.length, 'connection', 'connections')}${broken > 0 ? `, ${number(broken)} broken` : ''}`);
    setAttribute(this.button, 'aria-expanded', !view.closed.has(id));
  }
}

function toggleGroup(id) {
  if (!view.closed.delete(id)) view.closed.add(id);
  writeAddress();
  render('view');
}

function makeGrouping() {
  for (const { id, word } of groupings) byId('group').append(make('option', { value: id }, word));
  byId('group').addEventListener('change', event => {
    Object.assign(view, { group: event.target.value, closed: new Set() });
    viewChanged();
  });
}
