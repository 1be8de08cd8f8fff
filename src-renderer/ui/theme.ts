import { type CSSVariablesResolver, createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

/**
 * The one place of colours, by role. Text roles reach WCAG AA (4.5:1) on background and surface, `control` (borders of fields) 3:1.
 * Colour never carries meaning alone: an icon or a word goes with it.
 */
interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly line: string;
  readonly control: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  /** On what is filled with the accent. */
  readonly onAccent: string;
  readonly good: string;
  readonly warning: string;
  readonly bad: string;
}

const light: Palette = {
  background: '#f6f7f9',
  surface: '#ffffff',
  line: '#e3e6ea',
  control: '#868f9c',
  text: '#14181f',
  muted: '#5b6573',
  accent: '#2f5bea',
  onAccent: '#ffffff',
  good: '#13795b',
  warning: '#8a5a00',
  bad: '#c2332b',
};
const dark: Palette = {
  background: '#0f1216',
  surface: '#171b21',
  line: '#2a3038',
  control: '#6b7480',
  text: '#e8ebef',
  muted: '#98a2b0',
  accent: '#7aa2ff',
  onAccent: '#0f1216',
  good: '#4cc38a',
  warning: '#e2a336',
  bad: '#ff7a70',
};

export const palettes = { light, dark } as const;

/** Mantine's components take the fill from shade 6 in light and 4 in dark, and tints from the others. */
const accentShades: MantineColorsTuple = ['#eef2ff', '#dde6ff', '#bccdff', '#9bb6ff', dark.accent, '#5480f5', light.accent, '#264bc4', '#1f3d9f', '#182f7a'];

/** Mantine's greys of the dark theme, from text (0) to what lies behind everything (9), in the hue of the palette. */
const darkShades: MantineColorsTuple = [
  dark.text,
  '#c3cad3',
  dark.muted,
  dark.control,
  '#3a424c',
  dark.line,
  '#1c2128',
  dark.surface,
  '#12161b',
  dark.background,
];

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  defaultRadius: 6,
  colors: { accent: accentShades, dark: darkShades },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  // By the theme that is shown: Mantine's own contrast looks at the light one's shade alone.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === 'filled' ? { ...colors, color: 'var(--time-onAccent)' } : colors;
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    // A dialog's head is no head of the page, though it is the same element.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    // In a window too low for it above and below its button, it lies over the button rather than outside of the window.
    Popover: { defaultProps: { middlewares: { flip: true, shift: { crossAxis: true, padding: 8 } } } },
  },
});

/** The palette as `--time-<role>`, and the variables of Mantine that stand for the same roles. */
const variablesOf = (palette: Palette): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(palette).map(([role, value]) => [`--time-${role}`, value])),
  '--mantine-color-body': palette.surface,
  '--mantine-color-text': palette.text,
  '--mantine-color-dimmed': palette.muted,
  '--mantine-color-placeholder': palette.muted,
  '--mantine-color-error': palette.bad,
  '--mantine-color-default': palette.surface,
  '--mantine-color-default-hover': palette.background,
  '--mantine-color-default-color': palette.text,
  '--mantine-color-default-border': palette.control,
});

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: variablesOf(light), dark: variablesOf(dark) });
