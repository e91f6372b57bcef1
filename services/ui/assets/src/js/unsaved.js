// Asks before typed text is lost. Forms say `data-unsaved`; without this script the page simply leaves.
let changed = null;

document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-unsaved]');
  if (form) changed = form;
});

document.addEventListener('submit', () => {
  changed = null;
});

addEventListener('beforeunload', (event) => {
  // A form that left the page (htmx, an upload that arrived) has nothing to lose any more.
  if (changed?.isConnected) event.preventDefault();
});
