// A token's lifetime as a line from issue to expiry, with the refresh window and a mark for now.

const lineLength = 1000;

class Lifeline {
  constructor(place) {
    this.track = makeSvg('rect', { 'class': 'track', y: 0, height: 10 });
    this.window = makeSvg('rect', { 'class': 'window', y: 0, height: 10 });
    this.spent = makeSvg('rect', { 'class': 'spent', x: 0, y: 0, height: 10 });
    this.mark = makeSvg('line', { 'class': 'mark', y1: -4, y2: 14 });
    this.element = makeSvg(
      'svg', { 'class': 'lifeline', role: 'img', viewBox: `0 -4 ${lineLength} 18`, preserveAspectRatio: 'none' },
      this.track, this.window, this.spent, this.mark);
    place.replaceChildren(this.element);
  }

  /** Draws nothing unless both ends are known. */
  set(fact, now) {
    const isKnown = fact.expires !== null && fact.issued !== null && fact.expires > fact.issued;
    show(this.element, isKnown);
    if (!isKnown) return;
    // An expired token's line ends before now, but not so early that nothing is left of it.
    const life = fact.expires - fact.issued;
    const shown = Math.min(Math.max(life, now - fact.issued), life * 1.25);
    const at = instant => Math.round(Math.min(Math.max((instant - fact.issued) / shown, 0), 1) * lineLength);
    const [end, current, renewal] = [at(fact.expires), at(now), at(fact.renewFrom ?? fact.expires)];
    setAttribute(this.track, 'width', end);
    setAttribute(this.window, 'x', renewal);
    setAttribute(this.window, 'width', end - renewal);
    setAttribute(this.spent, 'width', Math.min(current, end));
    setAttribute(this.mark, 'x1', current);
    setAttribute(this.mark, 'x2', current);
    setAttribute(this.element, 'class', `lifeline ${phase(fact, now)}`);
    setAttribute(this.element, 'aria-label', lifeInWords(fact, now));
  }
}

function phase(fact, now) {
  if (now >= fact.expires) return 'dead';
  return fact.renewFrom !== null && now >= fact.renewFrom ? 'late' : 'early';
}

function lifeInWords(fact, now) {
  const words = [`issued ${relative(fact.issued, now)}`];
  if (fact.renewFrom !== null) words.push(`renews ${renewalInWords(fact.renewFrom, now)}`);
  words.push(`${now < fact.expires ? 'expires' : 'expired'} ${relative(fact.expires, now)}`);
  return `Token: ${words.join(', ')}`;
}

function renewalInWords(instant, at) {
  return instant <= at ? 'now' : relative(instant, at);
}
