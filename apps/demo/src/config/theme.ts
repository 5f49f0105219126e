import * as z from 'zod';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** `public/theme.js` reads this before the first paint. */
const key = 'longhaul-demo.theme';

export function readTheme(): Theme {
  const parsed = z.enum(themes).safeParse(localStorage.getItem(key));
  return parsed.success ? parsed.data : 'system';
}

export function chooseTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') {
    localStorage.removeItem(key);
    delete dataset['theme'];
  } else {
    localStorage.setItem(key, theme);
    dataset['theme'] = theme;
  }
}
