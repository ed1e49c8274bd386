// Elements. Text from the service enters the page here and only as text: textContent and attributes, never markup.

const svgNamespace = 'http://www.w3.org/2000/svg';

function byId(id) {
  return document.getElementById(id);
}

function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function makeSvg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  return makeSvg('svg', { 'class': 'icon', 'aria-hidden': 'true' }, makeSvg('use', { href: `#icon-${name}` }));
}

/** The named parts of an element; the first one of each name. */
function parts(element) {
  const found = {};
  for (const part of element.querySelectorAll('[data-part]')) found[part.dataset.part] ??= part;
  return found;
}

function clone(template) {
  return byId(template).content.firstElementChild.cloneNode(true);
}

/** Writes only changes: nothing flickers, no selection is lost and no screen reader is disturbed. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setAttribute(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

function show(element, isShown) {
  if (element.hasAttribute('hidden') === isShown) element.toggleAttribute('hidden', !isShown);
}

/** Not `disabled`: a disabled button would lose the focus. */
function allow(button, isAllowed) {
  setAttribute(button, 'aria-disabled', !isAllowed);
}

function isAllowed(button) {
  return button.getAttribute('aria-disabled') !== 'true';
}

/** An instant in relative words; to the second on hover and for screen readers. */
class Moment {
  constructor(place) {
    this.words = make('span');
    this.exactly = make('span', { 'class': 'unseen' });
    this.element = make('time', {}, this.words, this.exactly);
    this.instant = null;
    place.replaceChildren(this.element);
  }

  set(instant, now, words = relative, absent = '') {
    if (instant !== this.instant) {
      this.instant = instant;
      const exactly = instant === null ? '' : exact(instant);
      setAttribute(this.element, 'datetime', instant === null ? '' : new Date(instant).toISOString());
      setAttribute(this.element, 'title', exactly);
      setText(this.exactly, exactly && `, ${exactly}`);
    }

    setText(this.words, instant === null ? absent : words(instant, now));
  }
}
