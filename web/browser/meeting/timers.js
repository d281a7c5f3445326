/** Running times: <b data-since="seconds already gone">, counted on from the moment the part arrived; the server's clock decides. */
export function runTimers(root) {
  const arrived = new WeakMap();
  const tick = () => {
    for (const one of root.querySelectorAll('[data-since]')) {
      if (!arrived.has(one)) arrived.set(one, performance.now());
      const gone = Number(one.dataset.since) + (performance.now() - arrived.get(one)) / 1000;
      const text = written(Math.max(Math.floor(gone), 0));
      if (one.textContent !== text) one.textContent = text;
      one.classList.toggle('over', Boolean(one.dataset.planned) && gone > Number(one.dataset.planned));
    }
  };
  tick();
  setInterval(() => { if (!document.hidden) tick(); }, 1000);
}

/** 04:12, 1:04:12. */
export function written(seconds) {
  const two = n => String(n).padStart(2, '0');
  const [ hours, minutes, rest ] = [ Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60 ];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}
