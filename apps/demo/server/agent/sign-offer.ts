import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { signOffer as sign } from '../shop/offer-token.ts';
import type { Shop } from '../shop/open-shop.ts';

/** Signs an offer with a secret of the server. The tool is private, because a token permits to send the offer. */
export const signOffer = (shop: Shop, secret: string) =>
  tool({
    name: 'sign_offer',
    description: 'Calculates the price of an offer, signs it, and returns its token for send_offer.',
    parameters: toStandardJsonSchema(
      v.object({
        customer: v.pipe(v.string(), v.maxLength(100)),
        product: v.string(),
        quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)),
        discountPercent: v.pipe(v.number(), v.minValue(0), v.maxValue(20)),
      }),
    ),
    execute: ({ customer, product, quantity, discountPercent }) => {
      const price = shop.priceOf(product);
      if (price === undefined) throw new Error(`The shop does not sell ${JSON.stringify(product)}.`);
      const total = Math.round(price * quantity * (100 - discountPercent)) / 100;
      return { total, token: sign({ customer, product, quantity, discountPercent, total }, secret) };
    },
    private: true,
    idempotent: true,
  });
