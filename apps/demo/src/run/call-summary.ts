import { formatCount } from '../ui/format.ts';
import type { DemoCall } from './demo-call.ts';

/** A completed call in a few words, for its folded card. Undefined if the title of the card says it all. */
export function callSummary(call: DemoCall): string | undefined {
  if (call.arguments === undefined || call.output === undefined) return undefined;
  switch (call.name) {
    case 'query_data':
    case 'query_orders':
      return call.arguments.purpose;
    case 'calculate':
      return `${call.arguments.expression} = ${String(call.output.result)}`;
    case 'draw_chart':
      return call.arguments.title;
    case 'simulate_weather':
      return `${call.arguments.city}: ${(call.output.probability * 100).toFixed(1)} %`;
    case 'read_page':
      return `${formatCount(call.output.characters)} characters`;
    case 'measure_page':
      return `${formatCount(call.output.elements)} elements`;
    case 'save_note':
      return call.arguments.title;
    case 'list_notes':
      return call.output.notes.length === 1 ? '1 note' : `${call.output.notes.length} notes`;
    case 'browser_settings':
      return call.output.locale;
    case 'ask_person':
      return `${call.arguments.question} ${String(call.output)}`;
    case 'sign_offer':
    case 'send_offer':
      return undefined;
  }
}
