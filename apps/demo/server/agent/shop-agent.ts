import { defineAgent } from '@longhaul/core';
import { askPerson } from '../../src/agent/tools/ask-person.ts';
import { drawChart } from '../../src/agent/tools/draw-chart.ts';
import type { Shop } from '../shop/open-shop.ts';
import { browserSettings, measurePage, readPage } from './page-tools.ts';
import { queryOrders } from './query-orders.ts';
import { sendOffer } from './send-offer.ts';
import { signOffer } from './sign-offer.ts';

/**
 * Creates the agent whose loop runs on the server. The page imports only its type.
 *
 * @param secret Signs offers
 */
export const shopAgent = (options: {
  readonly model: string;
  readonly shop: Shop;
  readonly secret: string;
}) => {
  const { model, shop, secret } = options;
  return defineAgent({
    name: 'shop',
    model,
    instructions: [
      'You work for a shop of bicycle parts, on its server. A page shows the person every step you take.',
      'Query the database rather than recall or estimate, calculate in SQL, and draw a chart where numbers are compared.',
      'Call tools that do not depend on each other together. If a tool fails, read its message, correct the call and continue.',
      'Answer in short Markdown: the finding first, then what supports it, with numbers and units.',
    ].join('\n'),
    tools: [
      queryOrders(shop),
      drawChart,
      signOffer(shop, secret),
      sendOffer(shop, secret),
      askPerson,
      browserSettings,
      readPage,
      measurePage,
    ],
  });
};

/** The type of the agent, from which the page takes the types of its calls. */
export type ShopAgent = ReturnType<typeof shopAgent>;
