// All details of a connection, and its actions.

class Details {
  constructor(fact) {
    this.element = clone('details-template');
    this.element.id = `details-${fact.vendor}-${fact.connection}`;
    this.part = parts(this.element);
    this.fact = fact;
    this.life = new Lifeline(this.part.life);
    this.moments = Object.fromEntries(['issued', 'renewFrom', 'expires', 'failureAt'].map(name => [name, new Moment(this.part[name])]));
    this.lines = new Map();
    for (const [name, action] of [['refresh', 'Refresh'], ['enrol', 'Enroll'], ['signOut', 'Revoke']]) {
      this.part[name].addEventListener('click', () => startAction(action, this.fact));
    }
  }

  set(fact, at) {
    this.fact = fact;
    setText(this.part.summary, fact.summary);
    this.life.set(fact, at);
    show(this.part.lifeBox, fact.expires !== null);
    for (const name of ['issued', 'expires']) this.moments[name].set(fact[name], at);
    this.moments.renewFrom.set(fact.renewFrom, at, renewalInWords);
    this.setFailure(fact, at);
    this.setPast(fact.past, at);
    this.lineAt('Broken since', brokenSince(fact), at);
    this.line('Request', `${api}GetToken/${fact.key}`, true);
    this.line('Vendor’s API', fact.baseUrl, true);
    this.line('Token’s fingerprint', fact.fingerprint, true);
    this.lineAt('Last success', fact.lastSuccess, at);
    this.line('Failures in a row', fact.failuresInRow > 0 ? number(fact.failuresInRow) : '');
    this.lineAt('Next attempt', fact.nextAttempt, at, dueInWords);
    this.lineAt('Credential expires', fact.credentialEnds, at, credentialInWords);
    this.lineAt('Signed out', fact.signedOut, at);
    show(this.part.enrol, fact.canEnrol);
    show(this.part.signOut, !['signed-out', 'misconfigured'].includes(fact.state));
    for (const button of [this.part.refresh, this.part.enrol, this.part.signOut]) allow(button, !underWay.has(fact.key));
  }

  /** The row has the failure's title already, and the summary may be all there is to say. */
  setFailure({ failure, summary }, at) {
    show(this.part.failure, failure !== null);
    if (failure === null) return;
    this.moments.failureAt.set(failure.at, at);
    setText(this.part.failureDetail, failure.detail ?? '');
    show(this.part.failureDetail, ![failure.title, summary].includes(failure.detail));
    setText(this.part.failureType, failure.type ?? '');
    const codes = [failure.http_status && `HTTP ${failure.http_status}`, failure.oauth_error && `OAuth error ${failure.oauth_error}`];
    setText(this.part.failureCodes, codes.filter(Boolean).map(code => ` · ${code}`).join(''));
  }

  /** The events for everybody, and the strip's quarters for who cannot see it. */
  setPast(past, at) {
    show(this.part.past, past !== null);
    if (past === null || past === this.past) return this.eventTimes?.forEach(([moment, instant]) => moment.set(instant, at));
    this.past = past;
    this.part.quarters.replaceChildren(...runsOf(past).map(({ letter, index, count }) => tableRow(timesOf(index, count), outcomeInWords(outcomeOf(letter)))));
    show(this.part.eventTable, past.events.length > 0);
    this.eventTimes = [];
    this.part.events.replaceChildren(...past.events.toReversed().map(event => {
      const line = tableRow('', outcomeInWords({ outcome: event.outcome, problem: shortType(event.problem) }), causeInWords(event));
      const moment = new Moment(line.firstElementChild);
      moment.set(instant(event.at), at);
      this.eventTimes.push([moment, moment.instant]);
      return line;
    }));
  }

  line(word, text, isCode = false) {
    const value = this.valueOf(word, text !== '', () => make(isCode ? 'code' : 'span'));
    setText(value.element, text);
  }

  lineAt(word, instant, at, words = relative) {
    this.valueOf(word, instant !== null, place => new Moment(place)).set(instant, at, words);
  }

  /** The place for a value; an absent value has none. */
  valueOf(word, isPresent, create) {
    if (!this.lines.has(word)) {
      const place = make('dd');
      const value = create(place);
      if (value instanceof Element) place.append(value);
      const line = make('div', {}, make('dt', {}, word), place);
      this.part.facts.append(line);
      this.lines.set(word, { line, value: value instanceof Element ? { element: value } : value });
    }

    const { line, value } = this.lines.get(word);
    show(line, isPresent);
    return value;
  }
}

function tableRow(...texts) {
  return make('tr', {}, ...texts.map(text => make('td', {}, text)));
}
