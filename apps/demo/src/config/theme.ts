import * as v from 'valibot';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The key in `localStorage`. `public/theme.js` reads the theme before the first paint. */
const key = 'longhaul-demo.theme';

export function readTheme(): Theme {
  const parsed = v.safeParse(v.picklist(themes), localStorage.getItem(key));
  return parsed.success ? parsed.output : 'system';
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
