import type { RunEvent } from '@longhaul/core';
import { useState, type ReactElement } from 'react';
import type { DemoView } from '../../run/demo-call.ts';
import type { LoopPlace } from '../../runner/loop-place.ts';
import { useTrace } from '../../trace/use-trace.ts';
import { formatCount, shortId } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { missedIterations } from '../timeline/missed-requests.ts';
import { requestChanges, type RequestField } from './request-changes.ts';
import styles from './requests-panel.module.css';

type IterationStarted = Extract<RunEvent, { readonly type: 'iteration.started' }>;
type Create = IterationStarted & Required<Pick<IterationStarted, 'request'>>;

/** Whether an event shows the request of a create. A server may hide it. */
function isCreate(event: RunEvent): event is Create {
  return event.type === 'iteration.started' && event.request !== undefined;
}

const encoder = new TextEncoder();

/** Shows the request of each create, and its changes from the previous one. Every iteration gets a new request. */
export function RequestsPanel({
  view,
  place,
}: {
  readonly view: DemoView;
  readonly place: LoopPlace;
}): ReactElement {
  const { events } = useTrace(view, place);
  const creates = events.filter(isCreate);
  const [chosen, choose] = useState<number>();
  const at = creates.findIndex((create) => create.seq === chosen);
  const index = at === -1 ? creates.length - 1 : at;
  const create = creates[index];
  const missed = place === 'server' ? missedIterations(view.iterations, events) : [];
  if (create === undefined)
    return (
      <p className={styles['empty']}>
        {place === 'server'
          ? missed.length > 0
            ? 'The page has not received the requests: the workers send the events of a run only while a page watches it.'
            : 'The server has not sent a request yet.'
          : 'This browser has not sent a request yet.'}
      </p>
    );
  return (
    <div className={styles['panel']}>
      {place === 'server' && <ShownByServer />}
      <div className={styles['iterations']} role="group" aria-label="Requests of this run">
        {creates.map((one) => (
          <button
            key={one.seq}
            type="button"
            className={styles['iteration']}
            aria-pressed={one === create}
            onClick={() => choose(one.seq)}
          >
            Iteration {one.iteration + 1}
            {one.attempt > 0 && ` · attempt ${one.attempt + 1}`}
          </button>
        ))}
      </div>
      {missed.length > 0 && (
        <p className={styles['note']}>
          The page has not received the request of{' '}
          {missed.map((iteration) => `iteration ${iteration.index + 1}`).join(', ')}: the workers send the
          events of a run only while a page watches it.
        </p>
      )}
      <Create create={create} previous={creates[index - 1]} />
    </div>
  );
}

/** Explains why a page sees requests of the server, which contain what a page must not know. */
function ShownByServer(): ReactElement {
  return (
    <p className={styles['note']}>
      The server sends its requests to this page because the demo sets <code>showRequests</code>. A real site
      leaves it off: requests contain the instructions, and the arguments and results of private tools.
      Compare the card “Sign an offer”.
    </p>
  );
}

function Create({
  create,
  previous,
}: {
  readonly create: Create;
  readonly previous: Create | undefined;
}): ReactElement {
  const fields = requestChanges(create.request, previous?.request);
  const different = fields.filter((field) => field.change !== 'same');
  const same = fields.filter((field) => field.change === 'same');
  return (
    <>
      <p className={styles['summary']}>
        <code>POST /v1/responses</code>
        <span>{create.strategy}</span>
        <span>{create.mode}</span>
        <span>{formatCount(encoder.encode(JSON.stringify(create.request)).byteLength)} bytes</span>
      </p>
      <section aria-label={previous === undefined ? 'The request' : 'Changes from the previous request'}>
        <h3 className={styles['heading']}>
          {previous === undefined ? 'The request' : 'Changes from the previous request'}
        </h3>
        <FieldList fields={different} marks={previous !== undefined} />
      </section>
      {same.length > 0 && (
        <section aria-label="Unchanged">
          <h3 className={styles['heading']}>Unchanged, sent again</h3>
          <FieldList fields={same} marks />
        </section>
      )}
    </>
  );
}

const signs = { added: '+', changed: '~', removed: '−', same: '' } as const;

function FieldList({
  fields,
  marks,
}: {
  readonly fields: readonly RequestField[];
  readonly marks: boolean;
}): ReactElement {
  return (
    <ul className={styles['fields']}>
      {fields.map((field) => (
        <li key={field.name} className={styles['field']} data-change={marks ? field.change : undefined}>
          <Field field={field} sign={marks ? signs[field.change] : ''} />
        </li>
      ))}
    </ul>
  );
}

function Field({ field, sign }: { readonly field: RequestField; readonly sign: string }): ReactElement {
  const { name, change, value, before } = field;
  const head = (
    <>
      <span className={styles['sign']} aria-hidden="true">
        {sign}
      </span>
      <code className={styles['name']}>{name}</code>
      {change !== 'same' && sign !== '' && <span className="visually-hidden">{change}</span>}
    </>
  );
  const shown = value ?? before;
  if (isShort(shown)) {
    return (
      <div className={styles['line']}>
        {head}
        <code className={styles['value']}>
          {change === 'changed' && <del title={String(before)}>{short(before)}</del>}
          <span title={String(shown)}>{short(shown)}</span>
        </code>
      </div>
    );
  }
  return (
    <details className={styles['nested']} open={name === 'input' && change !== 'same'}>
      <summary className={styles['line']}>
        {head}
        <span className={styles['value']}>{sizeOf(shown)}</span>
      </summary>
      <JsonView value={shown} label={name} />
      {change === 'changed' && (
        <details className={styles['before']}>
          <summary>In the previous request</summary>
          <JsonView value={before} label={`${name} in the previous request`} />
        </details>
      )}
    </details>
  );
}

/** Whether a value fits on one line. Ids are shortened to fit. */
function isShort(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= 60 || !/\s/.test(value);
  return typeof value !== 'object' || value === null;
}

function short(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(shortId(value)) : JSON.stringify(value);
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return `${formatCount(value.length)} characters`;
  if (!Array.isArray(value)) return `${Object.keys(value ?? {}).length} fields`;
  return value.length === 1 ? '1 item' : `${value.length} items`;
}
