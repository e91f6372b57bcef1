/*
 * Reads a card scanner that types like a keyboard, wherever the focus is in the form.
 *
 * Contract
 *   <form method="post" action="…">
 *     <textarea name="scan" data-scan></textarea>          receives the raw text, as the scanner sent it
 *     <button data-scan-submit formaction="…" formnovalidate>Đọc thẻ</button>
 *     … the other fields …
 *   </form>
 *   data-scan          The field for the raw text; the first one in the document counts.
 *   data-scan-area     The element within which keys are watched. Without it the field's form is.
 *   data-scan-submit   The button that submits the scan, looked for in the field's form. Without it the form is
 *                      submitted as by the Enter key.
 * With no focus at all keys are watched too. Without this script the officer puts the cursor into the field, scans
 * and presses the button: an ordinary POST. The server must read the field raw, before any normalising.
 *
 * How: scanners type far faster than people. Six keys within 50 ms of one another begin a scan: what they wrote is
 * taken back, the focus leaves the text field (so that input methods of the system let go), and keys are read by
 * their physical place, which no layout changes. Input methods that work on every window (Unikey) still reach the
 * text; the server mends that. Enter or Tab ends the scan; so does a pause after what looks like a card. A burst
 * that was none goes back to where it was typed: Unikey puts an abbreviation's long form in that fast, after as many
 * Backspaces as the abbreviation has letters, and those letters stood in the field before the burst began.
 */
(() => {
  'use strict';
  const GAP_MS = 50;
  const PAUSE_MS = 300;
  const KEYS_MIN = 6;
  const LENGTH_MIN = 12;
  const CARD = /^\D{0,3}\d{12}\D.*\D\d{8}\b/;
  const ROW = ')!@#$%^&*(';
  const PLACES = {
    Backquote: '`~', Backslash: '\\|', BracketLeft: '[{', BracketRight: ']}', Comma: ',<', Equal: '=+', Minus: '-_',
    Period: '.>', Quote: '\'"', Semicolon: ';:', Slash: '/?', Space: '  ',
  };

  let text = '';
  let count = 0;
  let last = 0;
  let reading = false;
  let timer = 0;
  let before = null;

  const watched = (field, at) => at === document.body
    || (field.closest('[data-scan-area]') || field.form || field).contains(at);

  /* The character of a key by its place; a key without a known place by its value. */
  const character = (event) => {
    const { code, key, shiftKey } = event;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
    if (digit) return shiftKey && code[0] === 'D' ? ROW[digit[1]] : digit[1];
    if (PLACES[code]) return PLACES[code][+shiftKey];
    if (key.length === 1) return key;
    if (!/^Key/.test(code)) return '';
    return shiftKey === event.getModifierState('CapsLock') ? code[3].toLowerCase() : code[3];
  };

  const write = (at, value) => {
    at.value = value;
    at.dispatchEvent(new Event('input', { bubbles: true }));
  };

  const start = (at) => {
    text = '';
    count = 0;
    before = at.matches('textarea, select, input:not([type=checkbox], [type=radio])')
      ? { at, value: at.value, from: at.selectionStart, to: at.selectionEnd } : null;
  };

  /* A Backspace beyond the burst takes what stood in the field before it. */
  const shorten = () => {
    if (!before || before.at.tagName === 'SELECT') return;
    const { value } = before;
    const to = before.to ?? value.length;
    const from = before.from ?? value.length;
    const head = from < to ? value.slice(0, from) : [...value.slice(0, from)].slice(0, -1).join('');
    Object.assign(before, { value: head + value.slice(to), from: head.length, to: head.length });
  };

  const stop = () => {
    clearTimeout(timer);
    reading = false;
    last = 0;
  };

  const submit = (field) => {
    stop();
    write(field, text);
    if (field.form) field.form.requestSubmit(field.form.querySelector('[data-scan-submit]'));
  };

  const giveBack = () => {
    stop();
    if (!before) return;
    const { at, value, from, to } = before;
    at.focus();
    if (at.tagName === 'SELECT') return;
    const head = value.slice(0, from ?? value.length) + text;
    write(at, head + value.slice(to ?? value.length));
    if (from !== null) at.setSelectionRange(head.length, head.length);
  };

  const finish = (ended) => {
    const field = document.querySelector('[data-scan]');
    if (field && (ended ? text.length >= LENGTH_MIN : CARD.test(text))) submit(field);
    else giveBack();
  };

  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(timer);
    timer = setTimeout(finish, PAUSE_MS, false);
  };

  document.addEventListener('keydown', (event) => {
    const field = document.querySelector('[data-scan]');
    const { key, timeStamp } = event;
    if (!field || (!reading && !watched(field, event.target))) return;
    if (/^(Shift|CapsLock|NumLock|Alt|Control)$/.test(key)) return;
    if (event.ctrlKey || event.metaKey || event.repeat) return;
    if (key === 'Enter' || key === 'Tab') {
      last = 0;
      if (!reading) return;
      swallow(event);
      finish(true);
      return;
    }
    if (!reading && timeStamp - last > GAP_MS) start(event.target);
    last = timeStamp;
    if (event.altKey) return; // Alt and a number: the character follows as a keypress
    if (key === 'Backspace') {
      if (text) text = [...text].slice(0, -1).join('');
      else shorten();
    } else {
      text += character(event);
      count += 1;
    }
    if (!reading && count >= KEYS_MIN) {
      reading = true;
      if (before) {
        before.at.blur();
        write(before.at, before.value);
      }
    }
    if (reading) swallow(event);
  }, true);

  /* Only what no key gives arrives here during a scan: the keys themselves were stopped. */
  document.addEventListener('keypress', (event) => {
    if (!reading || event.key === 'Enter') return;
    text += event.key;
    swallow(event);
  }, true);
})();
