// The form for the key.

function openKeyForm(problem) {
  setText(byId('summary'), 'Connections');
  document.title = 'BackupFunctions status';
  for (const id of ['notes', 'update-now', 'forget-key']) show(byId(id), false);
  setText(byId('updated'), '');
  show(byId('key-form'), true);
  setText(byId('key-problem'), problem);
  setAttribute(byId('key'), 'aria-invalid', problem !== '');
  byId('key').focus();
}

function closeKeyForm() {
  const wasOpen = !byId('key-form').hidden;
  show(byId('key-form'), false);
  show(byId('update-now'), true);
  show(byId('forget-key'), hasKey());
  if (!wasOpen) return;
  byId('key').value = '';
  byId('summary').focus();
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
