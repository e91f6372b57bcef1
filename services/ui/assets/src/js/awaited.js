// A page that waits for something from elsewhere, such as consent on a phone: it is looked at every few seconds, and shown anew
// once nothing is awaited any more. Until then nothing on it moves.
const PAUSE = 3000;

const awaited = document.querySelector('[data-awaited^="/"]');

async function look() {
  try {
    const answer = await fetch(awaited.dataset.awaited, { credentials: 'same-origin' });
    const text = await answer.text();
    // A line that broke, or a server that starts again, is no answer.
    if (answer.status < 500 && !text.includes('data-awaited=')) {
      location.reload();
      return;
    }
  } catch {
    // Asked again after the pause.
  }
  setTimeout(look, PAUSE);
}

if (awaited) setTimeout(look, PAUSE);
