import {
  convertCssVariables,
  defaultCssVariablesResolver,
  DEFAULT_THEME,
  mergeMantineTheme,
} from '@mantine/core';
import type { Plugin } from 'vite';
import { colours, theme } from './src/theme/theme.ts';

const NAME = 'virtual:theme-variables.css';

/**
 * Writes the theme's CSS variables into a style sheet while building. Mantine would write them into
 * the page at run time, as an inline style, which the policy of the pages forbids.
 */
export function themeVariables(): Plugin {
  return {
    name: 'theme-variables',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const defaults = defaultCssVariablesResolver(merged);
      const own = colours(merged);
      return convertCssVariables(
        {
          variables: { ...defaults.variables, ...own.variables },
          light: { ...defaults.light, ...own.light, '--mantine-color-scheme': 'light' },
          dark: { ...defaults.dark, ...own.dark, '--mantine-color-scheme': 'dark' },
        },
        ':root',
      );
    },
  };
}
