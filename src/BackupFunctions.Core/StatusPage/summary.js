// The heading, the tab's title and icon, announcements to screen readers, and the banner when the service does not answer.

let announcing = 0;

function summaryInWords(connections) {
  if (connections.length === 0) return 'No connections';
  const counts = new Map();
  for (const fact of connections) counts.set(fact.state, (counts.get(fact.state) ?? 0) + 1);
  const told = [...counts].sort(([left], [right]) => (right === 'healthy') - (left === 'healthy') || stateOf(left).rank - stateOf(right).rank)
    .map(([state, count]) => `${number(count)} ${stateOf(state).word.toLowerCase()}`);
  return `${counted(connections.length, 'connection', 'connections')}: ${told.join(', ')}`;
}

function showSummary(facts, at) {
  setText(byId('summary'), summaryInWords(facts.connections));
  const broken = facts.connections.filter(needsAction).length;
  const ending = facts.connections.filter(fact => endsSoon(fact, at)).length;
  const words = ending === 0 ? '' : `${counted(ending, 'credential expires', 'credentials expire')} within ${endsSoonDays} days.`;
  setText(byId('notes'), words);
  show(byId('notes'), words !== '');
  document.title = `${broken > 0 ? `(${broken}) ` : ''}BackupFunctions status`;
  showTabIcon(broken > 0 ? '#cf222e' : '#1a7f37', broken > 0 ? 'M5 5l6 6M11 5l-6 6' : 'M4.5 8.2l2.5 2.5L11.5 6');
  showUnreadable(facts.unreadable);
}

function showTabIcon(colour, path) {
  const image = `<svg xmlns="${svgNamespace}" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="${colour}"/><path d="${path}" fill="none" stroke="#fff" stroke-width="2"/></svg>`;
  setAttribute(byId('tab-icon'), 'href', `data:image/svg+xml,${encodeURIComponent(image)}`);
}

function showUnreadable(secrets) {
  const { count, list } = parts(byId('unreadable'));
  show(byId('unreadable'), secrets.length > 0);
  setText(count, `${counted(secrets.length, 'connection secret is invalid', 'connection secrets are invalid')}`);
  const told = secrets.map(({ secret, detail }) => `${secret}\n${detail}`).join('\n\n');
  if (list.dataset.told === told) return;
  list.dataset.told = told;
  list.replaceChildren(...secrets.flatMap(({ secret, detail }) => [make('dt', {}, make('code', {}, secret)), make('dd', {}, detail)]));
}

/** What got better or worse, in one sentence; empty if nothing did. */
function newsInWords(before, after) {
  const known = new Map(before.map(fact => [fact.key, fact.state]));
  const changed = after.filter(fact => known.has(fact.key) && known.get(fact.key) !== fact.state);
  // Renewals are routine.
  const news = changed.filter(fact => needsAction(fact) || needsAction({ state: known.get(fact.key) }));
  if (news.length === 0) return '';
  return news.length > 3 ? summaryInWords(after) : news.map(fact => `${fact.key}: ${stateOf(fact.state).word.toLowerCase()}.`).join(' ');
}

/** Politely and after a pause, so that only the last of several is read. */
function announce(words) {
  clearTimeout(announcing);
  if (words !== '') announcing = setTimeout(() => setText(byId('announcer'), words), 700);
}

function showUpdated(at) {
  if (latest === null) return;
  setText(byId('updated'), `${isStale ? 'Last updated' : 'Updated'} ${relative(latest.generatedAt, Math.max(at, latest.generatedAt))}`);
  setAttribute(byId('updated'), 'title', exact(latest.generatedAt));
}

/** Written once per outage, because an alert is read aloud whenever it changes. */
function showTrouble(trouble) {
  isStale = trouble !== null && latest !== null;
  document.body.classList.toggle('stale', isStale);
  const words = trouble === null ? [] : [make('strong', {}, `${trouble.title}.`), ` ${trouble.detail}`];
  if (isStale) words.push(` What you see is from ${exact(latest.generatedAt)} and may be out of date.`);
  if (trouble !== null) words.push(' The page retries automatically.');
  const box = words.length === 0 ? [] : [make('p', { 'class': 'banner bad' }, icon('warning'), make('span', {}, ...words))];
  if (byId('trouble').textContent !== box.map(element => element.textContent).join('')) byId('trouble').replaceChildren(...box);
}
