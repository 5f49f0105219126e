import * as v from 'valibot';
import { localTexts } from '../storage/kept-texts.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The key in `localStorage`. `public/theme.js` reads the theme before the first paint. */
const key = 'longhaul-demo.theme';

export function readTheme(): Theme {
  const parsed = v.safeParse(v.picklist(themes), localTexts.read(key));
  return parsed.success ? parsed.output : 'system';
}

export function chooseTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') {
    localTexts.write(key, null);
    delete dataset['theme'];
  } else {
    localTexts.write(key, theme);
    dataset['theme'] = theme;
  }
}
