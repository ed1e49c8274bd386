// The function keys: kept for this tab alone, and sent in a header, never in an address.

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

/** Whether a text can stand in a header at all: otherwise fetch would throw instead of asking. */
function canBeKey(text) {
  return /^[\x21-\x7e]+$/.test(text);
}
