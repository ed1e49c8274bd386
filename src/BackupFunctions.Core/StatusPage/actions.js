// Refresh, enrol, sign out.

// The connections with an action under way, and the text of their button.
const underWay = new Map();

function startAction(action, fact) {
  if (underWay.has(fact.key)) return;
  if (action === 'Refresh') return void refresh(fact);
  if (action === 'Enroll') return enrol(fact);
  signOut(fact);
}

async function refresh(fact) {
  report(fact, await run('Refresh', fact, {}, 'Refreshing…'), reply => ({
    title: `${fact.key} has a new token`, detail: Number.isFinite(reply.expires_in) ? `It is valid for ${lasting(reply.expires_in)}.` : '',
  }));
}

function enrol(fact) {
  questions.enrol.open(fact.key, async (code, isOpen) => {
    if (code === '') return 'Enter the code that the authenticator app shows now.';
    const reply = await run('Enroll', fact, { code: code.replace(/\s/g, '') }, 'Enrolling…');
    if (reply.trouble !== null && isOpen()) return inSentences(reply.trouble);
    report(fact, reply, () => ({ title: `${fact.key} is enrolled`, detail: 'It has a token and renews automatically from now on.' }));
    return null;
  });
}

function signOut(fact) {
  setText(questions['sign-out'].part.back, fact.canEnrol ? 'refreshes or enrols' : 'refreshes');
  questions['sign-out'].open(fact.key, async (_, isOpen) => {
    const reply = await run('Revoke', fact, {}, 'Signing out…');
    if (reply.trouble !== null && isOpen()) return inSentences(reply.trouble);
    report(fact, reply, body => ({ title: `${fact.key} is signed out`, detail: body.detail ?? '' }));
    return null;
  });
}

/** Runs an action. Each function has its own keys: if this tab's key does not work for it, the page asks for another. */
async function run(action, fact, body, busyWords) {
  underWay.set(fact.key, busyWords);
  render('news');
  try {
    let reply = await act(action, fact, body);
    while (refusesKey(reply)) {
      const key = await askForKey(action);
      if (key === null) return { ...reply, trouble: { title: 'The key does not work for this function', detail: `Nothing was done: ${functionNames[action]} needs its own key or a host key.`, type: '' } };
      keepKey(key, action);
      reply = await act(action, fact, body);
    }

    return reply;
  } finally {
    underWay.delete(fact.key);
    render('news');
    isPastDue = true;
    updateNow();
  }
}

function report(fact, reply, success) {
  if (reply.trouble === null) notice(fact.key, 'good', success(reply.body));
  else notice(fact.key, 'bad', { ...reply.trouble, title: `${fact.key}: ${reply.trouble.title}` });
}

function inSentences({ title, detail, type }) {
  return [`${title}.`, detail, type && `(${shortType(type)})`].filter(Boolean).join(' ');
}
