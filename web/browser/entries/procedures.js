import '../styles/procedures.css';

// what cannot be undone is asked once more; the form itself works without this script
document.addEventListener('click', event => {
  const button = event.target.closest('button[data-confirm]');
  if (button && !confirm(button.dataset.confirm)) event.preventDefault();
});
