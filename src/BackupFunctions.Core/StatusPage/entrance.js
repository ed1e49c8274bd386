// What stands in the place of the facts: the form for the key, or the way to sign in.

function openKeyForm(problem) {
  setText(byId('summary'), 'Connections');
  document.title = 'BackupFunctions status';
  for (const id of ['notes', 'update-now', 'forget-key']) show(byId(id), false);
  setText(byId('updated'), '');
  show(byId('sign-in'), false);
  show(byId('key-form'), true);
  setText(byId('key-problem'), problem);
  setAttribute(byId('key'), 'aria-invalid', problem !== '');
  byId('key').focus();
}

/** The service answered, so the key was right, or none is needed. */
function closeKeyForm() {
  const wasOpen = !byId('key-form').hidden;
  show(byId('key-form'), false);
  show(byId('update-now'), true);
  show(byId('forget-key'), hasKey());
  if (!wasOpen) return;
  byId('key').value = '';
  byId('summary').focus();
}

/** App Service authentication signs people in, and brings them back to this view. */
function openSignIn({ title, detail, type }) {
  const isKnown = shortType(type) === 'forbidden';
  const here = encodeURIComponent(location.pathname + location.hash);
  const part = parts(byId('sign-in'));
  setText(part.title, title);
  setText(part.detail, detail);
  setText(part.link, isKnown ? 'Sign out' : 'Sign in with Entra ID');
  setAttribute(part.link, 'href', isKnown ? `/.auth/logout?post_logout_redirect_uri=${here}` : `/.auth/login/aad?post_login_redirect_uri=${here}`);
  setText(byId('summary'), 'Connections');
  setText(byId('updated'), '');
  if (byId('sign-in').hidden) announce(`${title}. ${detail}`);
  show(byId('sign-in'), true);
}

function useKey(event) {
  event.preventDefault();
  const key = byId('key').value.trim();
  if (!canBeKey(key)) return openKeyForm(key === '' ? 'Enter the key.' : 'A key has only ASCII characters and no spaces.');
  keepKey(key);
  updateNow();
}

function forgetAndAsk() {
  forgetKeys();
  byId('notices').replaceChildren();
  wantKey();
}

function listenToKeyForm() {
  byId('key-form').addEventListener('submit', useKey);
  byId('forget-key').addEventListener('click', forgetAndAsk);
}
