const PICKED = 'diagram-pick';

/** On the page for moving a case, pressing the diagram fills the step one works at: first where it stands, then where it goes.
 * The lists say the same and are enough without it. */
export function chooseOnDiagram() {
  const diagram = document.querySelector('cogov-diagram[data-pick]');
  const steps = [ ...document.querySelectorAll('[data-step]') ];
  if (!diagram || !steps.length) return;
  let at = steps.at(-1);
  for (const step of steps) {
    step.addEventListener('focusin', () => { at = step; });
    step.addEventListener('change', () => refresh(diagram, steps));
  }
  diagram.addEventListener(PICKED, event => {
    fill(at, event.detail.id);
    refresh(diagram, steps);
  });
  diagram.addEventListener('diagram-ready', () => refresh(diagram, steps));
  refresh(diagram, steps);
}

/** Puts an element into the step: where tokens stand that may be taken, else (or when that is chosen already) where it begins. */
function fill(step, element) {
  const does = step.querySelector('[data-does]').value, token = step.querySelector('[data-token]'), to = step.querySelector('[data-to]');
  const standing = [ ...token.options ].find(one => one.dataset.element === element);
  const place = [ ...to.options ].find(one => one.value === element);
  const takes = does === 'cancel' || (does === 'move' && !token.value);
  if (takes && standing) token.value = standing.value;
  else if (does !== 'cancel' && place) to.value = place.value;
  else if (standing && does !== 'start') token.value = standing.value;
}

/** Fields that a kind of step does not have are put away, and the diagram shows what is chosen. */
function refresh(diagram, steps) {
  const from = [], to = [];
  for (const step of steps) {
    const does = step.querySelector('[data-does]').value;
    for (const field of step.querySelectorAll('[data-for]')) field.hidden = !field.dataset.for.split(' ').includes(does);
    const token = step.querySelector('[data-token]').selectedOptions[0];
    if (does !== 'start' && token?.dataset.element) from.push(token.dataset.element);
    if (does !== 'cancel') to.push(step.querySelector('[data-to]').value);
  }
  diagram.choose?.({ from, to: to.filter(Boolean) });
}
