import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Characters of a hash that are shown: 96 bits. */
const shownLength = 24;

function hashOf(id: string, runId: string): string {
  const hash = bytesToHex(sha256(utf8ToBytes(`${runId.length}:${runId}:${id}`)));
  return hash.slice(0, shownLength);
}

/** The name of a response on pages. It is the same within a run, and contains no part of the response's id. */
export function opaqueId(responseId: string, runId: string): string {
  return `response_${hashOf(responseId, runId)}`;
}

/**
 * The name of an item on pages. It is the same within a run. All ids of items are replaced, because many servers make
 * them from the id of the response, in forms that cannot be recognized: `msg_<id of the response>`, or the id itself.
 */
export function opaqueItemId(itemId: string, runId: string): string {
  return `item_${hashOf(itemId, runId)}`;
}

/** Texts that may be the id of a response: those of OpenAI and of gateways, UUIDs, and long random texts. */
const ids =
  /\b(?:resp|response|chatcmpl|cmpl|gen)[_-][\w-]+|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b|\b(?:[a-z]+_)?[\da-z]{20,}\b/gi;

/** A text with names in place of response ids. Ids of calls and of the run itself stay, because the page has them. */
export function withOpaqueIds(text: string, runId: string): string {
  return text.replace(ids, (id) => {
    const isWord = !/\d/.test(id) && !/^resp[_-]/i.test(id);
    const isShown = isWord || id === runId || id.startsWith('call_');
    return isShown ? id : opaqueId(id, runId);
  });
}
