import type { ReactElement } from 'react';
import * as v from 'valibot';
import { formatCount } from '../ui/format.ts';
import styles from './tool-card.module.css';

const progressSchema = v.object({ fraction: v.number(), samples: v.number(), estimate: v.number() });

/** Shows the last progress that a slow tool reported. */
export function ToolProgress({ progress }: { readonly progress: unknown }): ReactElement | null {
  const known = v.safeParse(progressSchema, progress);
  if (!known.success) return null;
  const { fraction, samples, estimate } = known.output;
  return (
    <div className={styles['progress']}>
      <progress value={fraction} max={1} aria-label="Progress" />
      <span>
        {formatCount(samples)} samples, {(estimate * 100).toFixed(1)} % so far
      </span>
    </div>
  );
}
