import type { ReactElement } from 'react';
import * as z from 'zod';
import { formatCount } from '../ui/format.ts';
import styles from './tool-card.module.css';

const progressSchema = z.object({ fraction: z.number(), samples: z.number(), estimate: z.number() });

/** How far a slow tool is: what it reported last. */
export function ToolProgress({ progress }: { readonly progress: unknown }): ReactElement | null {
  const known = progressSchema.safeParse(progress);
  if (!known.success) return null;
  const { fraction, samples, estimate } = known.data;
  return (
    <div className={styles['progress']}>
      <progress value={fraction} max={1} aria-label="Progress" />
      <span>
        {formatCount(samples)} samples, {(estimate * 100).toFixed(1)} % so far
      </span>
    </div>
  );
}
