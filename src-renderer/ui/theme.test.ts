import { describe, expect, test } from 'vitest';
import { palettes } from './theme.ts';

/** Relative luminance and contrast ratio (WCAG 2.2, definitions). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

test('the measure is WCAG’s', () => expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2));

describe.each(Object.entries(palettes))('%s', (_name, palette) => {
  const grounds = [palette.background, palette.surface];
  test.each(['text', 'muted', 'accent', 'good', 'warning', 'bad'] as const)('%s can be read', (role) => {
    for (const ground of grounds) expect(contrast(palette[role], ground)).toBeGreaterThanOrEqual(4.5);
  });
  test('what stands on the accent can be read', () => expect(contrast(palette.onAccent, palette.accent)).toBeGreaterThanOrEqual(4.5));
  test('borders of fields can be seen', () => {
    for (const ground of grounds) expect(contrast(palette.control, ground)).toBeGreaterThanOrEqual(3);
  });
});
