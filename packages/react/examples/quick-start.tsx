import { createRunner, defineAgent, fetchClient, tool, viewParts } from '@longhaul/core';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { JSX } from 'react';
import * as z from 'zod';

const getWeather = tool({
  name: 'get_weather',
  description: 'Current weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `Sunny in ${city}.`,
});
const weather = defineAgent({ name: 'weather', model: 'gpt-6-astra', tools: [getWeather] });

// Created once, outside of components. /v1 is a proxy that holds the API key: @longhaul/core/server.
const runner = createRunner({ client: fetchClient({ baseURL: '/v1' }), agents: [weather] });
const queryClient = new QueryClient();

export function App(): JSX.Element {
  return (
    <QueryClientProvider client={queryClient}>
      <LonghaulProvider runner={runner}>
        <Umbrella />
      </LonghaulProvider>
    </QueryClientProvider>
  );
}

function Umbrella(): JSX.Element {
  const run = useAgentRun({ agent: weather });
  return (
    <section aria-busy={run.isActive}>
      <button type="button" disabled={run.isActive} onClick={() => run.start('Umbrella in Paris?')}>
        Ask
      </button>
      {run.isActive && <button onClick={() => run.cancel()}>Stop</button>}
      {run.view &&
        viewParts(run.view).map((part) => {
          if (part.type === 'text') return <p key={part.key}>{part.text}</p>;
          if (part.type !== 'tool') return null;
          const { name, arguments: args, status } = part.call;
          return <p key={part.key}>{`${name}(${args?.city}) ${status}`}</p>;
        })}
      <p role="status">{run.error?.message ?? run.status}</p>
    </section>
  );
}
