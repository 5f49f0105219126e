import { QueryClient } from '@tanstack/react-query';
import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { places } from '../../test-support/places.ts';
import { renderThread } from '../../test-support/render-thread.tsx';
import { guideIn, looked, shown, threadPages } from '../../test-support/thread-page.ts';

beforeEach(() => {
  localStorage.clear();
  looked.length = 0;
});
afterEach(() => cleanup());

describe.each(places)('a conversation, with the loop $name', (place) => {
  const page = threadPages(place);
  const agent = guideIn(place);

  test('has its turns in order, and survives a reload', async () => {
    const p = await page();
    expect(p.thread()).toMatchObject({ status: 'idle', turns: [], isLoading: false });
    await p.say('One.');
    await p.say('Look two.');
    await p.say('Three.');
    const turns = [
      'One. → One.',
      'Look two. → [tool]One. Look two. (looked)',
      'Three. → One. Look two. Three.',
    ];
    expect(shown(p.thread())).toEqual(turns);
    const { threadId } = p.thread();
    expect(p.opened).toEqual([threadId]);
    p.unmount();
    await p.runner.close({ graceMs: 0 });
    const again = await page({ site: p.site, threadId });
    expect(again.thread().isLoading).toBe(true);
    await p.site.until(() => expect(shown(again.thread())).toEqual(turns));
    expect(again.thread()).toMatchObject({ status: 'completed', hasEarlier: false, isLoading: false });
    await again.say('Four.');
    expect(shown(again.thread()).at(-1)).toBe('Four. → One. Look two. Three. Four.');
    expect(looked).toEqual(['Look two.']);
  });

  test('shows a turn immediately, with its status, and keeps unchanged turns as the same objects', async () => {
    const p = await page();
    await p.say('One.');
    const [first] = p.thread().turns;
    act(() => void p.thread().send('Two.'));
    await p.site.until(() => expect(p.thread().turns).toHaveLength(2));
    expect(p.thread()).toMatchObject({ isActive: true });
    expect(p.thread().turns[0]).toBe(first);
    await p.site.until(() => expect(p.thread().isActive).toBe(false));
    expect(p.thread().turns[0]).toBe(first);
  });

  test('edits a question, asks again, and shows the other versions', async () => {
    const p = await page();
    await p.say('One.');
    await p.say('Two.');
    const [first, second] = p.thread().turns.map(({ runId }) => runId);
    await p.during(() => p.thread().edit(second ?? '', 'Zwei.'));
    await p.site.until(() => expect(shown(p.thread())[1]).toBe('Zwei. → One. Zwei. (2/2)'));
    await p.during(() => p.thread().regenerate(second ?? ''));
    await p.site.until(() => expect(shown(p.thread())[1]).toBe('Two. → One. Two. (3/3)'));
    act(() => p.thread().show(p.thread().turns[1]?.siblings[1] ?? ''));
    await p.site.until(() => expect(shown(p.thread())[1]).toBe('Zwei. → One. Zwei. (2/3)'));
    await p.say('Three.');
    expect(shown(p.thread())).toEqual([
      'One. → One.',
      'Zwei. → One. Zwei. (2/3)',
      'Three. → One. Zwei. Three.',
    ]);
    await p.during(() => p.thread().edit(first ?? '', 'Eins.'));
    await p.site.until(() => expect(shown(p.thread())).toEqual(['Eins. → Eins. (2/2)']));
    // After a reload, the branch with the newest leaf is shown.
    const again = await page({ site: p.site, threadId: p.thread().threadId ?? '' });
    await p.site.until(() => expect(shown(again.thread())).toEqual(['Eins. → Eins. (2/2)']));
    act(() => again.thread().show(first ?? ''));
    await p.site.until(() => expect(shown(again.thread()).at(-1)).toBe('Three. → One. Zwei. Three.'));
  });

  test('an edit with a text keeps the files of the question, and an edit with a list replaces them', async () => {
    const p = await page();
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
    const question = [
      { role: 'user', content: [image] },
      { role: 'user', content: 'What is it?' },
    ];
    await p.during(() => p.thread().send(question));
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    const [turn] = p.thread().turns;
    await p.during(() => p.thread().edit(turn?.runId ?? '', 'Who made it?'));
    await p.site.until(() => expect(p.thread().turns[0]?.index).toBe(1));
    const kept = [question[0], { role: 'user', content: 'Who made it?' }];
    expect(p.thread().turns[0]?.run.input).toEqual(kept);
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    // A retried turn has its question in its first run.
    await p.during(() => p.thread().retry(p.thread().turns[0]?.runId ?? ''));
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    const retried = p.thread().turns[0]?.runId ?? '';
    await p.during(() => p.thread().edit(retried, 'And when?'));
    await p.site.until(() => expect(p.thread().turns[0]?.index).toBe(2));
    expect(p.thread().turns[0]?.run.input).toEqual([question[0], { role: 'user', content: 'And when?' }]);
    const other = [{ role: 'user', content: 'No image.' }];
    await p.during(() => p.thread().edit(p.thread().turns[0]?.runId ?? '', other));
    await p.site.until(() => expect(p.thread().turns[0]?.index).toBe(3));
    expect(p.thread().turns[0]?.run.input).toEqual(other);
  });

  test('asking again runs the tools again, and a retry runs none', async () => {
    const p = await page();
    await p.say('Look at A.');
    const [turn] = p.thread().turns;
    await p.during(() => p.thread().regenerate(turn?.runId ?? ''));
    await p.site.until(() => expect(p.thread().turns[0]?.siblings).toHaveLength(2));
    await p.site.until(() => expect(p.thread().isActive).toBe(false));
    expect(looked).toEqual(['Look at A.', 'Look at A.']);
    await p.during(() => p.thread().retry(p.thread().turns[0]?.runId ?? ''));
    await p.site.until(() => expect(p.thread().turns[0]?.parts.length).toBeGreaterThan(2));
    await p.site.until(() => expect(p.thread().isActive).toBe(false));
    expect(p.thread().turns).toHaveLength(1);
    expect(looked).toHaveLength(2);
    const keys = p.thread().turns[0]?.parts.map(({ key }) => key) ?? [];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a retried turn stays one turn, without the output and the error of the response that has failed', async () => {
    const p = await page();
    await p.say('Fail.');
    expect(p.thread()).toMatchObject({ status: 'failed', error: { message: expect.any(String) } });
    expect(shown(p.thread())).toEqual(['Fail. → So far.[error]']);
    const [failed] = p.thread().turns;
    await p.during(() => p.thread().retry(failed?.runId ?? ''));
    await p.site.until(() => expect(p.thread().turns[0]?.runId).not.toBe(failed?.runId));
    await p.site.until(() => expect(p.thread().isActive).toBe(false));
    expect(shown(p.thread())).toEqual(['Fail. → So far.[error]']);
  });

  test('input that is sent while it answers becomes the next turn', async () => {
    const p = await page();
    await p.say('One.');
    // At the same time, as by a person who types fast.
    const send = (input: string) => p.thread().send(input);
    await p.during(() => Promise.all(['Two.', 'Three.', 'Four.'].map(send)));
    await p.site.until(() => expect(shown(p.thread()).at(-1)).toBe('Four. → One. Two. Three. Four.'));
    expect(p.thread().queue).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  test('the queue is kept over a reload, and two tabs send each input once', async () => {
    const p = await page();
    await p.say('One.');
    await p.during(() => p.thread().send('Two.'));
    await p.during(() => p.thread().send('Three.'));
    expect(p.thread().queue.map(({ input }) => input)).toEqual(['Three.']);
    p.unmount();
    const tabs = [
      await page({ site: p.site, threadId: p.thread().threadId ?? '' }),
      await page({ site: p.site, threadId: p.thread().threadId ?? '' }),
    ];
    for (const tab of tabs)
      await p.site.until(() => expect(shown(tab.thread()).at(-1)).toBe('Three. → One. Two. Three.'));
    for (const tab of tabs) await p.site.until(() => expect(tab.thread().isActive).toBe(false));
    expect(p.site.creates).toBe(3);
    for (const tab of tabs) expect(tab.thread().queue).toEqual([]);
  });

  test('an input can be removed from the queue, and `refuse` rejects with `busy`', async () => {
    const p = await page();
    await p.say('One.');
    await p.during(() => p.thread().send('Two.'));
    await p.during(() => p.thread().send('Three.'));
    const [entry] = p.thread().queue;
    let removed: unknown;
    act(() => void (removed = p.thread().unqueue(entry?.id ?? '')));
    expect(removed).toEqual(entry);
    await p.site.until(() => expect(p.thread().queue).toEqual([]));
    await p.during(() =>
      expect(p.thread().send('Four.', { whileActive: 'refuse' })).rejects.toMatchObject({ code: 'busy' }),
    );
    await p.site.until(() => expect(p.thread().isActive).toBe(false));
    expect(shown(p.thread())).toEqual(['One. → One.', 'Two. → One. Two.']);
  });

  test('stop holds the queue: the waiting input is sent with the next one', async () => {
    const p = await page();
    await p.say('One.');
    await p.during(() => p.thread().send('Two.'));
    await p.during(() => p.thread().send('Three.'));
    await p.during(() => p.thread().stop());
    await p.site.until(() => expect(p.thread().status).toBe('cancelled'));
    await p.during(() => p.site.until(() => expect(p.thread().queue).toHaveLength(1)));
    expect(p.site.creates).toBe(2);
    await p.during(() => p.thread().send('Four.'));
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    expect(shown(p.thread()).at(-1)).toMatch(/Three\.Four\. → One\. Two\. .*Three\. Four\./);
    expect(p.thread().queue).toEqual([]);
    expect(p.site.creates).toBe(3);
  });

  test('steers the active turn. Input that the turn does not use becomes the next one', async () => {
    const p = await page();
    await p.during(() => p.thread().send('Look at A.'));
    await p.site.until(() => expect(p.thread().status).toBe('in_progress'));
    await p.during(() => p.thread().send('In Celsius.', { whileActive: 'steer' }));
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    expect(shown(p.thread())).toEqual(['Look at A. → [tool][input]Look at A. In Celsius. (looked)']);
    await p.during(() => p.thread().send('Two.'));
    await p.site.until(() => expect(p.thread().status).toBe('in_progress'));
    await p.during(() => p.thread().send('Too late.', { whileActive: 'steer' }));
    await p.site.until(() => expect(p.thread().turns).toHaveLength(3));
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    expect(shown(p.thread()).at(-1)).toBe('Too late. → Look at A. In Celsius. Two. Too late.');
    expect(p.thread().queue).toEqual([]);
  });

  test('approvals of any loaded turn are decided through the thread', async () => {
    const p = await page();
    await p.during(() => p.thread().send('Ask me.'));
    await p.site.until(() => expect(p.thread().status).toBe('requires_action'));
    const part = p.thread().turns[0]?.parts[0];
    if (part?.type !== 'tool') throw new Error('There is no call.');
    await p.during(() => p.thread().approve(part.call.callId));
    await p.site.until(() => expect(p.thread().status).toBe('completed'));
    expect(shown(p.thread())).toEqual(['Ask me. → [tool]Ask me. (looked)']);
  });

  test('a turn that cannot be loaded does not hide the others', async () => {
    const p = await page();
    await p.say('One.');
    await p.say('Two.');
    await p.say('Three.');
    const { threadId, turns } = p.thread();
    const broken = turns[1]?.runId;
    const runner = p.site.openPage();
    const resume = runner.resume.bind(runner);
    vi.spyOn(runner, 'resume').mockImplementation((...args: Parameters<typeof resume>) =>
      args[1] === broken ? Promise.reject(new Error('The run is damaged.')) : resume(...args),
    );
    const { result } = renderThread(
      runner,
      { agent, threadId },
      new QueryClient({ defaultOptions: { queries: { retry: false } } }),
    );
    await p.site.until(() => expect(shown(result.current)).toHaveLength(2));
    expect(result.current.error?.message).toBe('The run is damaged.');
  });

  test('two tabs show the turns of each other', async () => {
    const p = await page();
    await p.say('One.');
    const other = await page({ site: p.site, threadId: p.thread().threadId ?? '' });
    await p.site.until(() => expect(shown(other.thread())).toEqual(['One. → One.']));
    await p.say('Two.');
    await p.site.until(() => expect(shown(other.thread())).toEqual(['One. → One.', 'Two. → One. Two.']));
    await other.say('Three.');
    await p.site.until(() => expect(shown(p.thread())).toHaveLength(3));
  });

  test('loads the last 20 turns, and earlier ones when they are asked for', async () => {
    const p = await page();
    for (let index = 0; index < 23; index += 1) await p.say(`T${index}.`);
    const again = await page({ site: p.site, threadId: p.thread().threadId ?? '' });
    await p.site.until(() => expect(again.thread().turns).toHaveLength(20));
    expect(again.thread().hasEarlier).toBe(true);
    act(() => again.thread().loadEarlier());
    await p.site.until(() => expect(again.thread().turns).toHaveLength(23));
    expect(again.thread().hasEarlier).toBe(false);
  });
});
