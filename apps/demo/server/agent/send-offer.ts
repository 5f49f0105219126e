import { tool, type ToolContext } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { readOffer } from '../shop/offer-token.ts';
import type { Shop } from '../shop/open-shop.ts';
import type { ShopContext } from './shop-context.ts';

/**
 * Sends a signed offer after a person has approved it. The page sees `approvalView` instead of the arguments. The
 * demo has no e-mail, so the offer is only saved.
 */
export const sendOffer = (shop: Shop, secret: string) =>
  tool({
    name: 'send_offer',
    description: 'Sends a signed offer to its customer. A person approves it first.',
    parameters: toStandardJsonSchema(v.object({ token: v.pipe(v.string(), v.maxLength(2_000)) })),
    needsApproval: true,
    approvalView: ({ token }) => readOffer(token, secret),
    execute: ({ token }, { context, idempotencyKey }: ToolContext<ShopContext>) => {
      const { customer } = readOffer(token, secret);
      const sent = shop.saveOffer({ key: idempotencyKey, visitor: context.visitor, token });
      return { sentTo: customer, offersSent: sent };
    },
    private: true,
    // The key of the call is the key of the offer, so a call that runs again does not send a second offer.
    idempotent: true,
  });
