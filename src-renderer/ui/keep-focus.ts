/** What follows a mutation in the same moment, a dialog that gives the focus back or a title that takes it, comes first. */
const settleMs = 50;
/** A button is disabled while what it asked for is under way; most of that is over by then, and it has the focus again. */
const busyMs = 400;
/** Whose names a screen reader says when they get the focus. */
const places = 'section, form, fieldset, [role="dialog"], main';
const titles = 'h1, h2, h3, legend';
/** Dialogs over dialogs over a page. */
const mostRemembered = 4;

/** From the element outwards, as it was when it got the focus: once it is gone, it has no parents any more. */
function around(element: Element): readonly Element[] {
  const chain: Element[] = [];
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) chain.push(at);
  return chain;
}

const isThere = (element: Element): boolean => element.isConnected && element.checkVisibility();
const canBeUsed = (element: Element): element is HTMLElement => element instanceof HTMLElement && isThere(element) && !element.matches(':disabled');

function focusPlace(place: Element): void {
  const target = place.matches('[tabindex]') ? place : (place.querySelector(titles) ?? place);
  if (!(target instanceof HTMLElement)) return;
  // No stop of Tab: one can only be brought there.
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/**
 * What has the focus can go away: a row that is lifted, a step that is done, a button that has nothing to do any more. The browser then gives the focus to nobody, and who works
 * by keyboard or listens to the window is nowhere. It goes to the title of the nearest part of the window that is left around it, or back to what is enabled again.
 * A click on nothing takes the focus away for good, as everywhere.
 */
export function keepFocus(): void {
  /** The latest first. */
  let remembered: (readonly Element[])[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isLost = (): boolean => {
    const active = document.activeElement;
    return active === null || active === document.body || active.matches(':disabled');
  };
  const restore = (): void => {
    timer = undefined;
    if (!isLost()) return;
    const last = remembered[0]?.[0];
    if (last !== undefined && canBeUsed(last)) {
      last.focus({ preventScroll: true });
      return;
    }
    const place = remembered.flat().find((element) => isThere(element) && element.matches(places)) ?? document.querySelector('main');
    if (place !== null) focusPlace(place);
  };
  const look = (): void => {
    const last = remembered[0]?.[0];
    // What could still have it was left on purpose. Most often nothing is lost, and that costs no look at the layout.
    if (timer !== undefined || last === undefined || !isLost() || canBeUsed(last)) return;
    timer = setTimeout(restore, last.isConnected ? busyMs : settleMs);
  };

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    const chain = around(target);
    // What was left for good is forgotten; what a dialog lies over is not.
    remembered = [chain, ...remembered.filter((one) => one.at(-1) !== chain.at(-1))].slice(0, mostRemembered);
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!document.activeElement?.contains(target as Node)) remembered = [];
  });
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled', 'hidden'] });
}
