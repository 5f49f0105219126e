import * as v from 'valibot';
import type { ModelScript } from '../../script-step.ts';
import type { Turn } from '../../turn.ts';
import { numberIn, rowsOf } from '../../table.ts';
import { euros, settingsIn } from './browser.ts';

const best = `SELECT customers.name, customers.city, round(sum(amount)) AS euros
FROM orders JOIN customers ON customers.id = customer_id
WHERE ordered_on LIKE '2025-%' GROUP BY customer_id ORDER BY euros DESC LIMIT 1`;

function favourite(name: string): string {
  return `SELECT product, sum(quantity) AS pieces FROM orders JOIN customers ON customers.id = customer_id
WHERE customers.name = '${name.replaceAll("'", "''")}' GROUP BY product ORDER BY pieces DESC LIMIT 1`;
}

const signed = v.object({ token: v.string(), total: v.number() });

function signedIn(turn: Turn): v.InferOutput<typeof signed> {
  const parsed = v.safeParse(signed, turn.outputs('sign_offer').at(-1)?.json);
  return parsed.success ? parsed.output : { token: '', total: 0 };
}

/** The best customer, and the product that this customer buys most. */
function found(turn: Turn): { readonly customer: string; readonly product: string } {
  const [first] = rowsOf(turn, 0, 'query_orders');
  const [second] = rowsOf(turn, 1, 'query_orders');
  return { customer: String(first?.['name'] ?? '?'), product: String(second?.['product'] ?? 'Chain') };
}

export const sendOffer: ModelScript = [
  () => ({
    calls: [
      { name: 'query_orders', arguments: { sql: best, purpose: 'The best customer of 2025' } },
      { name: 'browser_settings', arguments: {} },
    ],
  }),
  (turn) => ({
    calls: [
      {
        name: 'query_orders',
        arguments: {
          sql: favourite(found(turn).customer),
          purpose: 'The favourite product of this customer',
        },
      },
    ],
  }),
  (turn) => ({
    summary: [
      '**The server signs the price**\n\nA signed offer cannot be changed later. The key is a secret of the server.',
    ],
    calls: [{ name: 'sign_offer', arguments: { ...found(turn), quantity: 20, discountPercent: 10 } }],
  }),
  (turn) => ({
    summary: ['**Sending needs approval**\n\nI propose the signed offer and wait until you approve it.'],
    calls: [{ name: 'send_offer', arguments: { token: signedIn(turn).token } }],
  }),
  (turn) => {
    const { customer, product } = found(turn);
    const [row] = rowsOf(turn, 0, 'query_orders');
    const sent = v.safeParse(v.object({ sentTo: v.string() }), turn.outputs('send_offer').at(-1)?.json);
    const settings = settingsIn(turn);
    return {
      text: [
        sent.success
          ? `**Sent to ${sent.output.sentTo}:** 20 × ${product} for ${euros(signedIn(turn).total, turn)}, 10 % off.`
          : `**Not sent, as you decided.** The offer was for ${customer}.`,
        '',
        `- **Why this customer:** ${euros(numberIn(row, 'euros'), turn)} of orders in 2025, the most of all.`,
        `- **Your browser:** ${settings === undefined ? 'did not answer' : `it is ${settings.localTime} there (${settings.timeZone}), and amounts are written for \`${settings.locale}\``}.`,
      ].join('\n'),
    };
  },
];
