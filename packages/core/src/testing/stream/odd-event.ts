import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { otherId } from '../world/other-id.ts';
import type { StoredResponse } from '../world/stored-response.ts';
import { isTerminalEvent, type EventDraft } from './event-draft.ts';

function renamed(value: JsonValue | undefined): JsonValue {
  return typeof value === 'string' ? otherId(value) : (value ?? null);
}

/** Changes the ids of an item and of its events, so that they differ from those in the terminal snapshot. */
function withOtherItemIds(event: EventDraft): EventDraft {
  const { item, item_id: id } = event;
  const changed: JsonObject = {
    ...(id === undefined ? {} : { item_id: renamed(id) }),
    ...(isJsonObject(item)
      ? {
          item: {
            ...item,
            id: renamed(item['id']),
            ...('call_id' in item ? { call_id: renamed(item['call_id']) } : {}),
          },
        }
      : {}),
  };
  return { ...event, ...changed };
}

function terminalSnapshot(snapshot: JsonObject, { oddities }: StoredResponse): JsonObject {
  const { emptyOutput, terminalStatus } = oddities;
  const empty = emptyOutput === 'terminal' || emptyOutput === 'both';
  const { status, ...others } = snapshot;
  const rest = { ...others, ...(empty ? { output: [] } : {}) };
  if (terminalStatus === null) return rest;
  return { ...rest, status: terminalStatus ?? status ?? null };
}

/** Applies the faults of a response to one of its events. */
export function oddEvent(event: EventDraft, index: number, response: StoredResponse): EventDraft {
  const { otherItemIds, secondId } = response.oddities;
  const named = otherItemIds === true ? withOtherItemIds(event) : event;
  const { response: snapshot } = named;
  if (!isJsonObject(snapshot)) return named;
  const terminal = isTerminalEvent(named);
  const hasSecondId = (secondId?.in === 'stream' && index > 0) || (secondId?.in === 'terminal' && terminal);
  const body = terminal ? terminalSnapshot(snapshot, response) : snapshot;
  return { ...named, response: hasSecondId ? { ...body, id: otherId(response.id) } : body };
}
