// Asks before typed text is lost. Forms say `data-unsaved`, or `data-unsaved="typed"` when they come back full of what
// was typed before; without this script the page simply leaves.
let changed = null;

const comesFull = () => document.querySelector('form[data-unsaved=typed]');

document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-unsaved]');
  if (form) changed = form;
});

document.addEventListener('submit', () => {
  changed = null;
});

// A page that took the place of this one (an upload's answer) brings forms of its own.
document.addEventListener('htmx:load', () => {
  changed = comesFull() ?? changed;
});

addEventListener('beforeunload', (event) => {
  // A form that left the page has nothing to lose any more.
  if (changed?.isConnected) event.preventDefault();
});

changed = comesFull();
