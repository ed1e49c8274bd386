// The reply of GET /api/status as the page uses it: instants in ms, and each connection's searchable text.

function readFacts(reply) {
  readLegend(reply);
  return {
    generatedAt: instant(reply.generated_at) ?? Date.now(),
    connections: (reply.connections ?? []).map(readConnection),
    unreadable: reply.unreadable ?? [],
  };
}

function readConnection(row, order) {
  const failure = row.last_failure && { ...row.last_failure, at: instant(row.last_failure.at), name: shortType(row.last_failure.type) };
  const fact = {
    order,
    key: `${row.vendor}/${row.connection}`,
    vendor: row.vendor,
    connection: row.connection,
    // The state says that an operator must act; that a credential is missing is no refusal.
    state: row.state === 'refused' && failure?.name === 'credential-missing' ? failure.name : row.state,
    summary: row.summary ?? '',
    issued: instant(row.issued_at),
    renewFrom: instant(row.renew_from),
    expires: instant(row.expires_at),
    fingerprint: row.fingerprint ?? '',
    baseUrl: row.base_url ?? '',
    lastSuccess: instant(row.last_success),
    failure: failure ?? null,
    failuresInRow: row.failures_in_row ?? 0,
    nextAttempt: instant(row.next_attempt),
    credentialEnds: instant(row.credential_expires_at),
    signedOut: instant(row.signed_out_at),
    canEnrol: row.can_enrol === true,
    past: readPast(row.history),
  };
  fact.text = [
    fact.key, vendorName(fact.vendor), stateOf(fact.state).word, fact.summary, fact.fingerprint, fact.baseUrl,
    failure?.name, failure?.title, failure?.detail, failure?.oauth_error,
  ].filter(Boolean).join('\n').toLowerCase();
  return fact;
}

function instant(text) {
  const at = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : at;
}

/** "vendor-throttled" of "urn:backupfunctions:problem:vendor-throttled". */
function shortType(type) {
  return String(type ?? '').split(':').at(-1);
}

function endsSoon(fact, now) {
  return fact.credentialEnds !== null && fact.credentialEnds - now < endsSoonDays * day * 1000;
}

function needsAction(fact) {
  return ['bad', 'warn'].includes(stateOf(fact.state).tone);
}
