/** Open menus (details.menu) close on Escape, and when one presses elsewhere. */
export function closeMenus() {
  const close = except => document.querySelectorAll('details.menu[open]').forEach(menu => { if (menu !== except) menu.open = false; });
  document.addEventListener('click', event => close(event.target.closest?.('details.menu')));
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const menu = document.activeElement?.closest('details.menu[open]');
    close(null);
    menu?.querySelector('summary').focus();
  });
}
