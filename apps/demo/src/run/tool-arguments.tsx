import type { ReactElement } from 'react';
import type { DemoCall } from './demo-call.ts';
import { OfferView } from './offer-view.tsx';
import styles from './tool-card.module.css';

/** Shows the arguments of a call in readable form. The card also has the JSON. */
export function ToolArguments({ call }: { readonly call: DemoCall }): ReactElement | null {
  if (call.name === 'send_offer') return <OfferView shown={call.approvalView} />;
  if (call.arguments === undefined) {
    // While the arguments stream, or if they are not valid JSON.
    return call.rawArguments === '' ? null : <pre className={styles['code']}>{call.rawArguments}</pre>;
  }
  switch (call.name) {
    case 'query_data':
    case 'query_orders':
      return (
        <>
          <p className={styles['purpose']}>{call.arguments.purpose}</p>
          <Query sql={call.arguments.sql} isFolded={call.status === 'completed'} />
        </>
      );
    case 'calculate':
      return <pre className={styles['code']}>{call.arguments.expression}</pre>;
    case 'draw_chart':
      return null;
    case 'simulate_weather': {
      const { city, month, days, minDryDays } = call.arguments;
      const name = new Date(2000, month - 1).toLocaleDateString('en', { month: 'long' });
      return (
        <p className={styles['purpose']}>
          {city}, {name}: at least {minDryDays} of {days} days dry
        </p>
      );
    }
    case 'read_page':
      return <p className={styles['purpose']}>Its {call.arguments.part}</p>;
    case 'save_note':
      return (
        <blockquote className={styles['note']}>
          <strong>{call.arguments.title}</strong>
          <span>{call.arguments.body}</span>
        </blockquote>
      );
    case 'ask_person':
      return <p className={styles['question']}>{call.arguments.question}</p>;
    case 'measure_page':
    case 'list_notes':
    case 'browser_settings':
    case 'sign_offer':
      return null;
  }
}

/** Shows a query. After it has succeeded, its result is more important. */
function Query({ sql, isFolded }: { readonly sql: string; readonly isFolded: boolean }): ReactElement {
  const code = <pre className={styles['code']}>{sql}</pre>;
  if (!isFolded) return code;
  return (
    <details className={styles['query']}>
      <summary>SQL</summary>
      {code}
    </details>
  );
}
