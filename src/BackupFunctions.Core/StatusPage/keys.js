// The function keys: kept for this tab only, and sent in a header, never in a URL.

const keyItem = 'backupfunctions.key';

function keyFor(action) {
  return sessionStorage.getItem(`${keyItem}.${action}`) ?? sessionStorage.getItem(keyItem);
}

function keepKey(key, action = null) {
  sessionStorage.setItem(action === null ? keyItem : `${keyItem}.${action}`, key);
}

function forgetKeys() {
  for (const item of Object.keys(sessionStorage).filter(item => item.startsWith(keyItem))) sessionStorage.removeItem(item);
}

function hasKey() {
  return sessionStorage.getItem(keyItem) !== null;
}

/** Whether a text is valid in a header; otherwise fetch would throw. */
function canBeKey(text) {
  return /^[\x21-\x7e]+$/.test(text);
}
