// Picking rows of a table: "all" and the count. Without this script every row still has its own check box.
const rows = (table) => [...table.querySelectorAll('tbody .pick input')];

function count(table) {
  const boxes = rows(table);
  const picked = boxes.filter((box) => box.checked).length;
  const all = table.querySelector('[data-pick-all]');
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
  const label = table.closest('form')?.querySelector('[data-picked]');
  if (label) label.textContent = label.dataset.picked.replace('{n}', picked);
}

function prepare() {
  for (const all of document.querySelectorAll('[data-pick-all][hidden]')) {
    all.hidden = false;
    count(all.closest('table'));
  }
}

document.addEventListener('change', (event) => {
  const table = event.target.closest('.pick')?.closest('table');
  if (!table) return;
  if (event.target.matches('[data-pick-all]')) {
    for (const box of rows(table)) box.checked = event.target.checked;
  }
  count(table);
});

document.addEventListener('htmx:load', prepare);
prepare();
