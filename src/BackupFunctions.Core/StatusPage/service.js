// Calls to the service. A call never throws: it returns { status, body, trouble }, where trouble is null for a 2xx.

// Next to the page, whatever prefix the host gives its routes.
const api = location.pathname.replace(/status\/page\/?$/i, '');

async function call(path, { key = null, body = null, patience }) {
  const headers = { 'Accept': 'application/json' };
  if (key !== null) headers['x-functions-key'] = key;
  if (body !== null) headers['Content-Type'] = 'application/json';
  try {
    const response = await fetch(api + path, {
      method: body === null ? 'GET' : 'POST', headers, body: body === null ? null : JSON.stringify(body),
      cache: 'no-store', redirect: 'manual', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(patience),
    });
    const reply = await readReply(response);
    return { status: response.status, body: reply, trouble: troubleOf(response, reply) };
  } catch (error) {
    return { status: 0, body: null, trouble: silence(error, patience) };
  }
}

async function readReply(response) {
  const type = response.headers.get('Content-Type') ?? '';
  return /^application\/(problem\+)?json\b/i.test(type) ? await response.json() : null;
}

function troubleOf(response, reply) {
  if (response.ok && reply !== null) return null;
  // A problem (RFC 9457) has its own title and detail.
  if (typeof reply?.title === 'string') return { title: reply.title, detail: reply.detail ?? '', type: reply.type ?? '' };
  if (response.type === 'opaqueredirect') return { title: 'The service requires a sign-in', detail: 'Reload this page to sign in.', type: '' };
  if (response.ok) return { title: 'The reply is not valid', detail: 'Something between this page and the service may have answered instead.', type: '' };
  return { title: `The service answered with HTTP ${response.status}`, detail: '', type: '' };
}

function silence(error, patience) {
  return {
    title: 'The service does not answer',
    detail: error.name === 'TimeoutError' ? `There was no reply within ${lasting(patience / 1000)}.` : 'It cannot be reached from here.',
    type: '',
  };
}

/** Whether the host refused the key. It then sends no problem; a 401 with a problem comes from the service, so the key was right. */
function refusesKey({ status, trouble }) {
  return status === 401 && trouble.type === '';
}

/** Whether the service wants to know who is here, or does not let this person see the status. */
function refusesPerson({ trouble }) {
  return trouble !== null && ['unauthenticated', 'forbidden'].includes(shortType(trouble.type));
}

function askStatus(wantsPast) {
  return call(wantsPast ? 'status?history=true' : 'status', { key: keyFor('Status'), patience: 30_000 });
}

/** A sign-in may wait for another instance and for a slow vendor. */
function act(action, fact, body) {
  const path = [action, fact.vendor, fact.connection].map(encodeURIComponent).join('/');
  return call(path, { key: keyFor(action), body, patience: 150_000 });
}
