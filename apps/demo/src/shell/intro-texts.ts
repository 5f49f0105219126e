import type { LucideIcon } from 'lucide-react';
import type { Task } from '../tasks/task.ts';

interface Trial {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

/** The texts and the tasks of the start page, for one place of the loop. */
export interface IntroTexts {
  readonly tasks: readonly Task[];
  readonly lead: string;
  readonly trials: readonly Trial[];
  readonly caption: string;
  readonly example: string;
}
