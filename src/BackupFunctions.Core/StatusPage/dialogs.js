// Questions before an action: a code, a confirmation, another key.

/** A dialog that stays open and shows the problem until its action succeeds or the user closes it. */
class Question {
  constructor(id) {
    this.dialog = byId(id);
    this.part = parts(this.dialog);
    this.isBusy = false;
    this.dialog.querySelector('form').addEventListener('submit', event => { event.preventDefault(); this.submit(); });
    this.part.cancel.addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('close', () => { if (this.part.input) this.part.input.value = ''; });
  }

  /** Opens the dialog. `answer` gets what was typed and returns what is wrong, or null on success. */
  open(who, answer) {
    this.answer = answer;
    // An action of a dialog that was closed may still be under way; its connection's buttons wait, but this dialog does not.
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

// The functions' names in the portal.
const functionNames = { Refresh: 'RefreshNow', Enroll: 'EnrollVeeam', Revoke: 'Revoke' };

/** Asks for a key of one function; null if the user enters none. */
function askForKey(action) {
  return new Promise(resolve => {
    const question = questions['other-key'];
    let given = null;
    question.open(functionNames[action], async text => {
      if (!canBeKey(text)) return 'A key is not empty and has no spaces.';
      given = text;
      return null;
    });
    question.dialog.addEventListener('close', () => resolve(given), { once: true });
  });
}
