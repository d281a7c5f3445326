/** Buttons with data-print print the page. */
export function printButtons() {
  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-print]')) print();
  });
}
