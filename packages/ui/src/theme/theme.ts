import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { texts } from '../texts/texts.ts';

/** The one accent: links, what is chosen, the button that goes on. States have colours of their own. */
const HORN: MantineColorsTuple = [
  '#eef2ff',
  '#dfe6ff',
  '#bccaff',
  '#9db1fd',
  '#7f97f8',
  '#6480f1',
  '#4f6de6',
  '#3f5bcc',
  '#334cae',
  '#283d90',
];

export const theme = createTheme({
  colors: { horn: HORN },
  primaryColor: 'horn',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.parts.close } } },
    // It stands in a menu without being an item of it, which axe objects to.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
});

/** Where Mantine's own colours are too pale to be read (WCAG AA, 4.5 to 1 on the page). */
export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a626a',
    '--mantine-color-placeholder': '#6b737b',
    '--mantine-color-error': '#c22525',
    '--page-line': '#e3e6ea',
    '--page-quiet': '#f6f7f9',
    '--state-good': '#1d7a34',
    '--state-warn': '#a14a00',
    '--state-bad': '#c22525',
    '--state-calm': '#5a626a',
  },
  dark: {
    '--mantine-color-dimmed': '#a8adb3',
    '--mantine-color-placeholder': '#8f959b',
    '--mantine-color-error': '#ff8a8a',
    '--mantine-color-anchor': '#9db1fd',
    '--page-line': '#3a3d41',
    '--page-quiet': '#2a2c2f',
    '--state-good': '#6fd08a',
    '--state-warn': '#ffb066',
    '--state-bad': '#ff8a8a',
    '--state-calm': '#a8adb3',
  },
});
