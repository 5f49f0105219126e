import type { IterationView } from '@longhaul/core';
import { Radio, Wrench } from 'lucide-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { DemoView } from '../../run/demo-call.ts';
import type { LoopPlace } from '../../runner/loop-place.ts';
import type { Trace } from '../../trace/trace-entry.ts';
import { useTrace } from '../../trace/use-trace.ts';
import { useNow } from '../../ui/use-now.ts';
import { RouteLine } from '../../run/route-line.tsx';
import { RunFacts } from '../../run/run-facts.tsx';
import { callAnchor, iterationAnchor, showAnchor } from '../../thread/anchors.ts';
import { axisTicks } from './axis-ticks.ts';
import { barJson, currentBar } from './bar-json.ts';
import { BarDetails } from './bar-details.tsx';
import { gatherPolls } from './gather-polls.ts';
import { Legend } from './legend.tsx';
import { withMissedRequests, type KnownRequests } from './missed-requests.ts';
import { serverRequests } from './server-requests.ts';
import { timelineOf } from './timeline-of.ts';
import type { TimelineBar, TimelineRow } from './timeline-row.ts';
import styles from './timeline-panel.module.css';

const mostTicks = 5;

/** Polls that are closer than this share of the axis are combined. */
const close = 1 / 90;

/** The events of a run on the server, and its requests, which the page cannot observe. */
function serverTrace(
  runId: string,
  iterations: readonly IterationView[],
  { events }: Trace,
): Trace & Pick<KnownRequests, 'isIncomplete'> {
  return { events, ...withMissedRequests(runId, iterations, events, serverRequests(runId, events)) };
}

/** Shows the timeline of a run, to scale and live, with the details of one bar: under the pointer, selected, or current. */
export function TimelinePanel({
  view,
  place,
}: {
  readonly view: DemoView;
  readonly place: LoopPlace;
}): ReactElement {
  const observed = useTrace(view, place);
  const { runId, iterations } = view;
  const { events, spans, isIncomplete } = useMemo(
    () =>
      place === 'server' ? serverTrace(runId, iterations, observed) : { ...observed, isIncomplete: false },
    [observed, place, runId, iterations],
  );
  const timeline = useMemo(() => timelineOf(view, { events, spans }), [view, events, spans]);
  const now = useNow(timeline.to === undefined, 200);
  // The bar with the focus stays selected while the pointer is over another one.
  const [chosen, choose] = useState<string>();
  const [pointed, point] = useState<string>();
  const plot = useRef<HTMLDivElement>(null);
  const detailsId = useId();

  const end = timeline.to ?? Math.max(now, timeline.nextPollAt ?? 0);
  const length = Math.max(1_000, (end - timeline.from) * 1.02);
  const share = (at: number): number => Math.min(100, Math.max(0, ((at - timeline.from) / length) * 100));
  const position = (from: number, to: number): { left: string; width: string } => ({
    left: `${share(from)}%`,
    width: `${share(to) - share(from)}%`,
  });
  const rows = timeline.rows.map(
    (row): TimelineRow => ({ ...row, bars: gatherPolls(row.bars, length * close) }),
  );
  const bars = [...timeline.marks, ...rows.flatMap((row) => row.bars)];
  const rowOf = new Map(rows.flatMap((row) => row.bars.map((bar) => [bar.key, row] as const)));
  const barOf = (key: string | undefined): TimelineBar | undefined => bars.find((bar) => bar.key === key);
  const current = barOf(pointed) ?? barOf(chosen) ?? currentBar(rows);
  // The bars are one tab stop, with arrow keys inside, because a long run has hundreds of polls.
  const stop = (barOf(chosen) ?? currentBar(rows) ?? bars.at(-1))?.key;
  const shownRow = rowOf.get(current?.key ?? '');
  /** Common properties of the bars: roving focus, and details on focus or hover. */
  const stopProps = (bar: TimelineBar) => ({
    type: 'button' as const,
    'data-bar': '',
    'data-tone': bar.tone,
    'data-shown': bar.key === current?.key ? '' : undefined,
    tabIndex: bar.key === stop ? 0 : -1,
    'aria-describedby': bar.key === current?.key ? detailsId : undefined,
    onMouseEnter: () => point(bar.key),
    onMouseLeave: () => point(undefined),
    onFocus: () => choose(bar.key),
    onClick: () => {
      const shows = rowOf.get(bar.key)?.target;
      if (shows === undefined) return;
      const { iteration, callId } = shows;
      const anchor = iterationAnchor(view.runId, iteration);
      if (callId === undefined) showAnchor(anchor);
      else showAnchor(callAnchor(callId), anchor);
    },
  });

  const moveFocus = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') choose(undefined);
    const elements = [...(plot.current?.querySelectorAll<HTMLElement>('[data-bar]') ?? [])];
    const at = elements.findIndex((element) => element === document.activeElement);
    const next = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: elements.length - 1,
    }[event.key];
    if (next === undefined || at === -1) return;
    event.preventDefault();
    elements[Math.min(elements.length - 1, Math.max(0, next))]?.focus();
  };

  return (
    <div className={styles['panel']}>
      <RunFacts view={view} />
      <RouteLine view={view} />
      <div
        ref={plot}
        className={styles['plot']}
        role="group"
        aria-label="Timeline. Use the arrow keys to move between bars."
        onKeyDown={moveFocus}
      >
        <div className={styles['axis']}>
          {axisTicks(length, mostTicks).map(({ at, label }) => (
            <span
              key={at}
              className={styles['tick']}
              style={{ left: `${(at / length) * 100}%` }}
              aria-hidden="true"
            >
              {label}
            </span>
          ))}
          {timeline.marks.map((mark) => (
            <button
              key={mark.key}
              {...stopProps(mark)}
              className={styles['mark']}
              title={mark.title}
              aria-label={mark.title}
              style={{ left: `${share(mark.from)}%` }}
            />
          ))}
        </div>
        {rows.map((row) => (
          <div key={row.key} className={styles['row']} data-inner={row.isInner ? '' : undefined}>
            <span className={styles['label']} title={row.label}>
              {row.isInner &&
                (row.label === 'Requests' ? (
                  <Radio size={12} aria-hidden="true" />
                ) : (
                  <Wrench size={12} aria-hidden="true" />
                ))}
              <span className={styles['labelText']}>{row.label}</span>
            </span>
            <div className={styles['lane']}>
              {row.bars.map((bar) => (
                <button
                  key={bar.key}
                  {...stopProps(bar)}
                  className={styles['bar']}
                  data-kind={bar.kind}
                  data-open={bar.to === undefined && timeline.to === undefined ? '' : undefined}
                  data-broken={bar.isBroken ? '' : undefined}
                  style={position(bar.from, bar.to ?? timeline.to ?? now)}
                  aria-label={`${row.label}: ${bar.title}`}
                />
              ))}
              {!row.isInner &&
                timeline.nextPollAt !== undefined &&
                row.key === `iteration-${view.iteration}` && (
                  <span
                    className={styles['next']}
                    style={{ left: `${share(timeline.nextPollAt)}%` }}
                    title="Next poll"
                  />
                )}
            </div>
          </div>
        ))}
      </div>
      <Legend bars={bars} />
      {isIncomplete && (
        <p className={styles['missed']}>
          Some requests are missing: the workers send the events of a run only while a page watches it.
        </p>
      )}
      <BarDetails
        id={detailsId}
        bar={current}
        row={shownRow?.label ?? ''}
        json={current && shownRow && barJson(current, shownRow.target, view, observed.events)}
        from={timeline.from}
        now={now}
      />
    </div>
  );
}
