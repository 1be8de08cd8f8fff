import type { Page as Browser, Locator } from '@playwright/test';
import type { Page } from '../../src-renderer/routes.ts';
import type { PreviewNode } from '../fixtures/preview-node.ts';

/** A page in a state that was designed: what the node says, and what a person does until it is seen. Controls are found in any language. */
export interface Scene {
  /** `setup`, the first start, is no page to go to. */
  readonly page: Page | 'setup';
  /** Lower case and hyphens; one of each page. */
  readonly state: string;
  /** What follows the page's name in its address, such as `?show=banned` or `/block/5`. */
  readonly query?: string;
  /** Before the page is opened. */
  readonly say?: (node: PreviewNode, nowMs: number) => void;
  readonly reach?: (browser: Browser, node: PreviewNode) => Promise<void>;
  /** What is to be in sight, where that is further down the page. */
  readonly shows?: (browser: Browser) => Locator;
}

/** What a scene is photographed as. Zoom is a window of half the width and height, at twice as many pixels for each. */
export interface Variant {
  readonly locale: 'en-GB' | 'de-DE';
  readonly pixelRatio: 1 | 2;
  readonly shots: readonly { readonly theme: 'light' | 'dark'; readonly width: number; readonly height: number }[];
}

export const variants: readonly Variant[] = [
  {
    locale: 'en-GB',
    pixelRatio: 1,
    shots: [
      { theme: 'light', width: 1_280, height: 800 },
      { theme: 'dark', width: 1_280, height: 800 },
      { theme: 'dark', width: 900, height: 600 },
      { theme: 'light', width: 900, height: 600 },
    ],
  },
  { locale: 'de-DE', pixelRatio: 1, shots: [{ theme: 'light', width: 900, height: 600 }] },
  { locale: 'en-GB', pixelRatio: 2, shots: [{ theme: 'light', width: 640, height: 400 }] },
];

/** `wallet-send-dark-900x600.png`; other languages and zoom are said at the end. */
export function pictureName(scene: Pick<Scene, 'page' | 'state'>, variant: Variant, shot: Variant['shots'][number]): string {
  const language = variant.locale === 'en-GB' ? '' : `-${variant.locale.slice(0, 2)}`;
  const zoom = variant.pixelRatio === 1 ? '' : `-zoom${variant.pixelRatio * 100}`;
  return `${scene.page}-${scene.state}-${shot.theme}-${shot.width * variant.pixelRatio}x${shot.height * variant.pixelRatio}${language}${zoom}.png`;
}

/** A call that the node never answers: its page goes on loading. */
export const never = (): Promise<never> => new Promise(() => {});
