import type { ReactElement } from 'react';
import type { ChartSpec } from '../../agent/tools/chart-spec.ts';
import styles from './chart.module.css';
import { chartHeight, chartWidth, layOutChart, type ChartMark } from './lay-out-chart.ts';

const colours = [styles['first'], styles['second'], styles['third'], styles['fourth']];

/** The narrowest view box. A narrower chart is scaled down. */
const narrowest = 280;

function titleOf(mark: ChartMark, unit: string): string {
  return `${mark.name}, ${mark.label}: ${mark.value.toLocaleString('en')}${unit === '' ? '' : ` ${unit}`}`;
}

/** Shows the agent's chart as SVG, with the values in a table for screen readers. */
export function Chart({
  spec,
  space,
}: {
  readonly spec: ChartSpec;
  /** The width of the space for the chart. Undefined if it is not measured. */
  readonly space: number | undefined;
}): ReactElement {
  const width = Math.min(chartWidth, Math.max(narrowest, space ?? chartWidth));
  const { plot, ticks, labels, marks, paths } = layOutChart(spec, width);
  return (
    <figure className={styles['chart']}>
      <figcaption className={styles['caption']}>
        <span className={styles['title']}>
          {spec.title}
          {spec.unit !== '' && <span className={styles['unit']}> in {spec.unit}</span>}
        </span>
        {spec.series.length > 1 && (
          <span className={styles['legend']}>
            {spec.series.map(({ name }, index) => (
              <span key={name} className={styles['entry']}>
                <span className={`${styles['swatch']} ${colours[index % colours.length]}`} />
                {name}
              </span>
            ))}
          </span>
        )}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${chartHeight}`} aria-hidden="true" className={styles['plot']}>
        {ticks.map(({ at, label }) => (
          <g key={label}>
            <line x1={plot.left} x2={plot.right} y1={at} y2={at} className={styles['grid']} />
            <text x={plot.left - 8} y={at} dy="0.32em" textAnchor="end">
              {label}
            </text>
          </g>
        ))}
        {labels.map(({ at, label }) => (
          <text key={`${at}`} x={at} y={plot.bottom + 18} textAnchor="middle">
            {label}
          </text>
        ))}
        {paths.map(({ series, d }) => (
          <path key={series} d={d} className={`${styles['line']} ${colours[series % colours.length]}`} />
        ))}
        {marks.map((mark) => {
          const className = `${styles['mark']} ${colours[mark.series % colours.length]}`;
          const key = `${mark.series}/${mark.label}`;
          return spec.kind === 'bar' ? (
            <rect
              key={key}
              className={className}
              x={mark.x}
              y={mark.y}
              width={mark.width}
              height={mark.height}
              rx="2"
            >
              <title>{titleOf(mark, spec.unit)}</title>
            </rect>
          ) : (
            <circle key={key} className={className} cx={mark.x} cy={mark.y} r="3.5">
              <title>{titleOf(mark, spec.unit)}</title>
            </circle>
          );
        })}
      </svg>
      <table className="visually-hidden">
        <caption>{spec.title}</caption>
        <thead>
          <tr>
            <th scope="col">Label</th>
            {spec.series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {spec.labels.map((label, index) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {spec.series.map(({ name, values }) => (
                <td key={name}>{values[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
