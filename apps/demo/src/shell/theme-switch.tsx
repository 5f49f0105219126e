import { Monitor, Moon, Sun } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { chooseTheme, readTheme, themes, type Theme } from '../config/theme.ts';
import { Button } from '../ui/button.tsx';

const looks = {
  system: { icon: Monitor, label: 'system' },
  light: { icon: Sun, label: 'light' },
  dark: { icon: Moon, label: 'dark' },
} as const satisfies Record<Theme, unknown>;

/** Switches to the next theme. */
export function ThemeSwitch(): ReactElement {
  const [theme, setTheme] = useState(readTheme);
  const { icon: Icon, label } = looks[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <Button
      look="quiet"
      aria-label={`Theme: ${label}. Change to ${looks[next].label}.`}
      title={`Theme: ${label}`}
      onClick={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <Icon size={17} aria-hidden="true" />
    </Button>
  );
}
