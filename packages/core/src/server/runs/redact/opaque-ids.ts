import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Characters of a hash that are shown: 96 bits. */
const shownLength = 24;

/** The name of a response on pages. It is the same within a run, and contains no part of the response's id. */
export function opaqueId(responseId: string, runId: string): string {
  const hash = bytesToHex(sha256(utf8ToBytes(`${runId.length}:${runId}:${responseId}`)));
  return `response_${hash.slice(0, shownLength)}`;
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
