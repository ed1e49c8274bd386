// Search and filters.

const chips = new Map();

function makeChips() {
  addChip('all', 'All', null, () => { view.states.clear(); view.endsSoon = false; });
  for (const name of Object.keys(states)) addStateChip(name);
  addChip('ends-soon', 'Credential expires soon', 'warning', () => { view.endsSoon = !view.endsSoon; });
}

function addStateChip(name) {
  addChip(`state:${name}`, stateOf(name).word, Object.hasOwn(states, name) ? name : 'warning', () => {
    if (!view.states.delete(name)) view.states.add(name);
  });
}

function addChip(id, word, iconName, toggle) {
  const count = make('span', { 'class': 'count' });
  const element = make('button', { type: 'button', 'class': 'chip', 'aria-pressed': 'false' }, ...(iconName ? [icon(iconName)] : []), word, ' ', count);
  if (id.startsWith('state:')) element.classList.add(stateOf(id.slice(6)).tone);
  element.addEventListener('click', () => { toggle(); viewChanged(); });
  byId('chips').insertBefore(element, chips.get('ends-soon')?.element ?? null);
  chips.set(id, { element, count });
}

/** A filter without matches is hidden unless it is on or has the focus. */
function showTools(counts) {
  for (const name of [...Object.keys(counts.states), ...view.states]) if (!chips.has(`state:${name}`)) addStateChip(name);
  setChip('all', counts.all, view.states.size === 0 && !view.endsSoon, true);
  for (const id of chips.keys()) {
    if (id.startsWith('state:')) setChip(id, counts.states[id.slice(6)] ?? 0, view.states.has(id.slice(6)));
  }

  setChip('ends-soon', counts.endsSoon, view.endsSoon);
  if (document.activeElement !== byId('search')) byId('search').value = view.search;
  showVendors(counts.vendors);
}

function setChip(id, count, isOn, always = false) {
  const chip = chips.get(id);
  setText(chip.count, number(count));
  setAttribute(chip.element, 'aria-pressed', isOn);
  show(chip.element, always || count > 0 || isOn || document.activeElement === chip.element);
}

function showVendors(counts) {
  const select = byId('vendor');
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const vendors = [...new Set(latest.connections.map(fact => fact.vendor).concat(view.vendor || []))];
  const wanted = [['', `All vendors (${number(all)})`], ...vendors.map(vendor => [vendor, `${vendorName(vendor)} (${number(counts[vendor] ?? 0)})`])];
  while (select.options.length > wanted.length) select.lastElementChild.remove();
  wanted.forEach(([value, text], index) => {
    const option = select.options[index] ?? select.appendChild(make('option'));
    setAttribute(option, 'value', value);
    setText(option, text);
  });
  if (select.value !== view.vendor) select.value = view.vendor;
}

function listenToTools() {
  byId('search').addEventListener('input', event => { view.search = event.target.value; viewChanged(); });
  byId('search').addEventListener('keydown', event => {
    if (event.key !== 'Escape' || view.search === '') return;
    event.preventDefault();
    event.target.value = view.search = '';
    viewChanged();
  });
  byId('vendor').addEventListener('change', event => { view.vendor = event.target.value; viewChanged(); });
  byId('sort').addEventListener('change', event => sortBy(event.target.value));
  byId('previous').addEventListener('click', event => turnPage(event.currentTarget, -1));
  byId('next').addEventListener('click', event => turnPage(event.currentTarget, 1));
  parts(byId('nothing')).clear.addEventListener('click', () => { clearFilters(); byId('search').value = ''; viewChanged(); byId('search').focus(); });
}
