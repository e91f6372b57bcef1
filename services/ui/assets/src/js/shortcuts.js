// The key `/` goes to the search box of the top bar, unless one is typing.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const box = document.querySelector('header form[role=search] input');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
