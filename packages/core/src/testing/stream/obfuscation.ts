import type { Random } from '../world/random.ts';
import type { EventDraft } from './event-draft.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Pads deltas of foreground streams to a multiple of 16 characters, as OpenAI does to hide their lengths from
 * eavesdroppers.
 */
export function obfuscated<Event extends EventDraft>(event: Event, random: Random): Event {
  const delta = event['delta'];
  if (typeof delta !== 'string') return event;
  let padding = '';
  while ((delta.length + padding.length) % 16 !== 0) padding += alphabet[random.bits(16) % 62] ?? '';
  return { ...event, obfuscation: padding };
}
