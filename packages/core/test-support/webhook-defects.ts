import type { Defect } from './store-defects.ts';

/** Defects of a store's methods for webhooks. */
export const webhookDefects: Record<string, Defect> = {
  'its findByResponse finds the runs of earlier responses': {
    found: ['webhooks: findByResponse reads the last commit of a run'],
    breakIt: ({ commit, findByResponse }) => {
      const runs = new Map<string, string>();
      return {
        commit: async (change) => {
          await commit(change);
          const { phase } = change.head;
          if (phase?.type === 'waiting') runs.set(phase.pending.responseId, change.runId);
        },
        findByResponse: async (id) => (await findByResponse(id)) ?? runs.get(id),
      };
    },
  },
  'its findByResponse ignores runs that cancel': {
    found: ['webhooks: findByResponse returns the run that waits for the response, or cancels it'],
    breakIt: ({ findByResponse, load }) => ({
      findByResponse: async (id) => {
        const runId = await findByResponse(id);
        const run = await load(runId ?? '');
        return run?.head.phase.type === 'cancelling' ? undefined : runId;
      },
    }),
  },
  'its ids of responses ignore the case': {
    found: ['webhooks: ids of responses may contain any characters'],
    breakIt: ({ rememberWebhook, takeWebhook }) => ({
      rememberWebhook: (id) => rememberWebhook(id.toLowerCase()),
      takeWebhook: (id) => takeWebhook(id.toLowerCase()),
    }),
  },
  'its takeWebhook forgets nothing': {
    found: [
      'webhooks: a remembered webhook is taken once, and remembering it again changes nothing',
      'webhooks: a webhook is remembered for 72 hours',
    ],
    breakIt: () => {
      const remembered = new Set<string>();
      return {
        rememberWebhook: async (id) => void remembered.add(id),
        takeWebhook: async (id) => remembered.has(id),
      };
    },
  },
  'its takeWebhook awaits between the check and the delete': {
    found: ['webhooks: a remembered webhook is taken once, and remembering it again changes nothing'],
    breakIt: () => {
      const remembered = new Set<string>();
      return {
        rememberWebhook: async (id) => void remembered.add(id),
        takeWebhook: async (id) => {
          const isRemembered = remembered.has(id);
          await Promise.resolve();
          remembered.delete(id);
          return isRemembered;
        },
      };
    },
  },
  'it forgets a webhook when its response is saved': {
    found: ['webhooks: a delete or a commit forgets no webhook'],
    breakIt: ({ commit, takeWebhook }) => ({
      commit: async (change) => {
        await commit(change);
        const { phase } = change.head;
        if (phase?.type === 'waiting') await takeWebhook(phase.pending.responseId);
      },
    }),
  },
  'it forgets webhooks after a day': {
    found: ['webhooks: a webhook is remembered for 72 hours'],
    breakIt: ({ rememberWebhook, takeWebhook }, clock) => {
      const times = new Map<string, number>();
      return {
        rememberWebhook: (id) => {
          times.set(id, clock.now());
          return rememberWebhook(id);
        },
        takeWebhook: async (id) => (await takeWebhook(id)) && clock.now() - (times.get(id) ?? 0) < 86_400_000,
      };
    },
  },
};
