import type { ReactElement } from 'react';
import type { DemoView } from './demo-call.ts';
import { isPageCall } from './page-call.ts';
import { IterationBlock } from './iteration-block.tsx';
import type { Decide } from './tool-decision.tsx';
import styles from './run-story.module.css';

/** Shows the iterations of a run, and its warnings. */
export function RunStory({
  view,
  decide,
}: {
  readonly view: DemoView;
  readonly decide: Decide;
}): ReactElement {
  return (
    <div className={styles['story']}>
      {view.iterations.map((iteration) => (
        <IterationBlock
          key={iteration.index}
          iteration={iteration}
          items={view.items.filter((item) => item.iteration === iteration.index)}
          calls={view.toolCalls.filter((call) => call.iteration === iteration.index)}
          isForPage={(call) => isPageCall(view, call)}
          decide={decide}
          isLast={iteration.index === view.iteration}
        />
      ))}
      {view.warnings.length > 0 && (
        <ul className={styles['warnings']} aria-label="Warnings">
          {view.warnings.map(({ code, message, at }) => (
            <li key={`${at}/${code}`}>
              <code>{code}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
