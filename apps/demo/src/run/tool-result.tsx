import { lazy, Suspense, type ReactElement } from 'react';
import type { ChartSpec } from '../agent/tools/chart-spec.ts';
import { retryOnFailure } from '../retry-on-failure.ts';
import { formatCount } from '../ui/format.ts';
import { useWidth } from '../ui/use-width.ts';
import type { DemoCall } from './demo-call.ts';
import styles from './tool-card.module.css';

const Chart = lazy(async () => ({
  default: (await retryOnFailure(() => import('../ui/chart/chart.tsx'))).Chart,
}));

/** The number of table rows that a card shows. The JSON on the card has all rows. */
const shownRows = 6;

/** Shows the result of a call in readable form. A call that has not completed has no result. */
export function ToolResult({ call }: { readonly call: DemoCall }): ReactElement | null {
  if (call.output === undefined) return null;
  switch (call.name) {
    case 'query_data':
    case 'query_orders':
      return <Table {...call.output} />;
    case 'calculate':
      return <p className={styles['figure']}>= {String(call.output.result)}</p>;
    case 'draw_chart':
      return call.arguments === undefined ? null : <ChartResult spec={call.arguments} />;
    case 'simulate_weather': {
      const { probability, margin, samples } = call.output;
      return (
        <p className={styles['figure']}>
          {(probability * 100).toFixed(1)} %{' '}
          <small>
            ± {(margin * 100).toFixed(2)}, {formatCount(samples)} samples
          </small>
        </p>
      );
    }
    case 'read_page':
      return <p className={styles['brief']}>{formatCount(call.output.characters)} characters read</p>;
    case 'measure_page': {
      const { elements, transferredKb, firstPaintMs } = call.output;
      return (
        <p className={styles['brief']}>
          {formatCount(elements)} elements · {formatCount(transferredKb)} kB
          {firstPaintMs !== null && ` · first paint ${firstPaintMs} ms`}
        </p>
      );
    }
    case 'save_note':
      return <p className={styles['brief']}>Saved in this browser</p>;
    case 'list_notes':
      return <p className={styles['brief']}>{call.output.notes.length} notes in the notebook</p>;
    case 'browser_settings':
      return (
        <p className={styles['brief']}>
          {call.output.locale} · {call.output.timeZone}
        </p>
      );
    case 'sign_offer':
    case 'send_offer':
      // The server shows no output of private tools.
      return null;
    case 'ask_person':
      return <p className={styles['figure']}>{String(call.output)}</p>;
  }
}

/** Marks the cells of numbers, which are aligned at their end. */
function isNumber(value: unknown): '' | undefined {
  return typeof value === 'number' ? '' : undefined;
}

/**
 * Measures the space for a chart. The chart has no hooks of its own. The development server may restart before the
 * chart is loaded. A module of the new process can get another copy of React.
 */
function ChartResult({ spec }: { readonly spec: ChartSpec }): ReactElement {
  const { measure, width } = useWidth();
  return (
    <div ref={measure}>
      <Suspense fallback={<div className={styles['chartSpace']} />}>
        <Chart spec={spec} space={width} />
      </Suspense>
    </div>
  );
}

function Table(props: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly rowCount: number;
}): ReactElement {
  const { columns, rows, rowCount } = props;
  return (
    <div className={styles['tableSpace']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" data-number={isNumber(rows[0]?.[index])}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownRows).map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={columns[column]} data-number={isNumber(value)}>
                  {value ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rowCount > shownRows && <p className={styles['more']}>and {rowCount - shownRows} more rows</p>}
    </div>
  );
}
