// Questions before an action: a code, a confirmation, another key.

/** A dialog that stays open with the problem until its action succeeds, or somebody closes it. */
class Question {
  constructor(id) {
    this.dialog = byId(id);
    this.part = parts(this.dialog);
    this.isBusy = false;
    this.dialog.querySelector('form').addEventListener('submit', event => { event.preventDefault(); this.submit(); });
    this.part.cancel.addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('close', () => { if (this.part.input) this.part.input.value = ''; });
  }

  /** Asks. `answer` gets what was typed, and gives words for what is wrong, or null once all is well. */
  open(who, answer) {
    this.answer = answer;
    // An action of a dialog that was closed may still be under way; its connection's buttons wait, this dialog need not.
    this.round = {};
    this.setBusy(false);
    for (const place of this.dialog.querySelectorAll('[data-part="who"]')) setText(place, who);
    this.complain('');
    this.dialog.showModal();
  }

  async submit() {
    if (this.isBusy) return;
    const text = this.part.input?.value.trim() ?? '';
    const { round } = this;
    this.setBusy(true);
    const wrong = await this.answer(text, () => this.dialog.open && this.round === round);
    if (this.round !== round) return;
    this.setBusy(false);
    if (wrong === null) this.dialog.close();
    else this.complain(wrong);
  }

  setBusy(isBusy) {
    this.isBusy = isBusy;
    allow(this.part.submit, !isBusy);
    this.dialog.toggleAttribute('data-busy', isBusy);
  }

  complain(words) {
    setText(this.part.problem, words);
    if (!this.part.input) return;
    setAttribute(this.part.input, 'aria-invalid', words !== '');
    if (words !== '') this.part.input.select();
  }
}

const questions = {};

function makeQuestions() {
  for (const id of ['enrol', 'sign-out', 'other-key']) questions[id] = new Question(id);
}

// As the portal lists them.
const functionNames = { Refresh: 'RefreshNow', Enroll: 'EnrollVeeam', Revoke: 'Revoke' };

/** Asks for a key that opens one function; null where none is given. */
function askForKey(action) {
  return new Promise(resolve => {
    const question = questions['other-key'];
    let given = null;
    question.open(functionNames[action], async text => {
      if (!canBeKey(text)) return 'A key has no spaces, and is not empty.';
      given = text;
      return null;
    });
    question.dialog.addEventListener('close', () => resolve(given), { once: true });
  });
}
