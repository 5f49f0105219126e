import type { LucideIcon } from 'lucide-react';

interface Trial {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

/** The texts of the start page, for one place of the loop. */
export interface IntroTexts {
  readonly lead: string;
  readonly trials: readonly Trial[];
  readonly caption: string;
  readonly example: string;
}
