// One connection in the table: its row and, when expanded, the row with its details.

class Row {
  constructor(fact) {
    this.element = clone('row-template');
    this.part = parts(this.element);
    this.life = new Lifeline(this.part.life);
    this.strip = new Strip(this.part.day);
    this.since = new Moment(this.part.since);
    this.expiry = new Moment(this.part.expiry);
    this.failedAt = new Moment(this.part.failureAt);
    this.next = new Moment(this.part.next);
    this.credential = new Moment(this.part.credential);
    this.details = null;
    this.fact = fact;
    setText(this.part.name, fact.connection);
    setAttribute(this.part.name, 'title', fact.connection);
    this.part.expand.addEventListener('click', () => this.toggle());
    this.part.primary.addEventListener('click', () => startAction(this.action, this.fact));
    this.element.addEventListener('click', event => {
      // A click anywhere expands the row, except on its buttons or while the user selects text.
      if (!event.target.closest('button') && getSelection().isCollapsed) this.toggle();
    });
  }

  get elements() {
    return this.details === null ? [this.element] : [this.element, this.details.element];
  }

  get isOpen() {
    return this.details !== null;
  }

  hasFocus() {
    return this.elements.some(element => element.contains(document.activeElement));
  }

  toggle() {
    if (this.isOpen) {
      this.details.element.remove();
      this.details = null;
    } else {
      this.details = new Details(this.fact);
      this.details.set(this.fact, now());
      this.element.after(this.details.element);
      setAttribute(this.part.expand, 'aria-controls', this.details.element.id);
    }

    setAttribute(this.part.expand, 'aria-expanded', this.isOpen);
  }

  set(fact, at) {
    this.fact = fact;
    setText(this.part.vendor, vendorName(fact.vendor));
    this.strip.set(fact.past);
    const state = stateOf(fact.state);
    setAttribute(this.part.state, 'class', `state ${state.tone}`);
    setAttribute(this.part.stateIcon, 'href', `#icon-${Object.hasOwn(states, fact.state) ? fact.state : 'warning'}`);
    setText(this.part.stateWord, state.word);
    setText(this.part.failure, fact.failure === null ? '' : fact.failure.title || fact.failure.name);
    setText(this.part.failureName, fact.failure?.name ?? '');
    show(this.part.failureLine, fact.failure !== null);
    show(this.part.failureName, Boolean(fact.failure?.title));
    // Past failures are less prominent.
    this.part.failure.classList.toggle('quiet', !needsAction(fact));
    this.action = fact.canEnrol && ['enrolment-needed', 'signed-out'].includes(fact.state) ? 'Enroll' : 'Refresh';
    const isBusy = underWay.has(fact.key);
    allow(this.part.primary, !isBusy);
    setText(this.part.primary, isBusy ? underWay.get(fact.key) : this.action === 'Enroll' ? 'Enrol…' : 'Refresh');
    setAttribute(this.part.primary, 'aria-label', `${this.part.primary.textContent} ${fact.key}`);
    this.tick(at);
  }

  /** Updates only what depends on the time. */
  tick(at) {
    const { fact } = this;
    this.life.set(fact, at);
    this.expiry.set(fact.expires, at, expiryInWords, 'no token');
    this.since.set(brokenSince(fact), at, sinceInWords);
    this.failedAt.set(fact.failure?.at ?? null, at);
    this.next.set(fact.nextAttempt, at, dueInWords);
    this.credential.set(fact.credentialEnds, at, credentialInWords);
    const isEnding = endsSoon(fact, at);
    show(this.part.credentialIcon, isEnding);
    this.part.credential.parentElement.classList.toggle('ending', isEnding);
    this.details?.set(fact, at);
  }
}

function sinceInWords(instant, at) {
  return `broken for ${lasting(Math.max(0, at - instant) / 1000)}`;
}

function expiryInWords(instant, at) {
  return `${at < instant ? 'expires' : 'expired'} ${relative(instant, at)}`;
}

function dueInWords(instant, at) {
  return instant <= at ? 'due now' : relative(instant, at);
}

function credentialInWords(instant, at) {
  return instant <= at ? `expired ${relative(instant, at)}` : relative(instant, at);
}
