import { useEffect } from 'react';
import { create } from 'zustand';
import { hrefOf, isSetup, pageOf } from '../../routes.ts';

/** How often the search was called for; the field takes the focus for each. */
export const useSearchCalls = create<{ readonly calls: number }>()(() => ({ calls: 0 }));

const isMac = navigator.platform.startsWith('Mac');
/** Of the shortcut, as the keyboard has it. */
export const shortcutKey = isMac ? '⌘' : 'Ctrl';

/**
 * Ctrl K (⌘ K) leads to the search from every page. Not a letter alone: whoever speaks to the machine, or has a cat, would set it off (WCAG 2.1.4).
 */
export function useSearchShortcut(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isShortcut = (isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
      if (!isShortcut || isSetup(location.hash)) return;
      event.preventDefault();
      // A question that waits for its answer comes first.
      if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return;
      if (pageOf(location.hash) !== 'explorer') location.hash = hrefOf('explorer');
      useSearchCalls.setState(({ calls }) => ({ calls: calls + 1 }));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
