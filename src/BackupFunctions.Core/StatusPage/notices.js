// Results of actions. A notice stays until it is dismissed or the same connection has a newer one.

const mostNotices = 4;

function notice(key, tone, { title, detail = '', type = '' }) {
  const element = clone('notice-template');
  const part = parts(element);
  element.classList.add(tone);
  element.dataset.key = key;
  setAttribute(part.icon, 'href', tone === 'good' ? '#icon-healthy' : '#icon-warning');
  setText(part.title, title);
  setText(part.detail, detail);
  setText(part.type, type);
  part.close.addEventListener('click', () => dismiss(element));
  const others = [...byId('notices').children];
  others.filter(other => other.dataset.key === key).concat(others.slice(0, Math.max(0, others.length - mostNotices + 1))).forEach(other => other.remove());
  byId('notices').append(element);
}

function dismiss(element) {
  const next = element.nextElementSibling ?? element.previousElementSibling;
  element.remove();
  (next?.querySelector('button') ?? byId('summary')).focus({ preventScroll: true });
}
