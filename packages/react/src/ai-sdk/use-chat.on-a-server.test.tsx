import { cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { chatSite, openChat } from '../../test-support/chat-page.tsx';
import { onAServer } from '../../test-support/places.ts';
import { serveSite } from '../../test-support/served-site.ts';

afterEach(() => cleanup());

const answer = '|One two three four five six seven.';

test('a chat that loses its connection in the middle of an answer shows the answer once', async () => {
  const site = await serveSite(chatSite);
  const { wait, shown, finished, expectLikeLoaded } = await openChat(onAServer, { site });
  await wait();
  site.goOffline();
  await site.until(() => expect(site.openStreams).toBe(0));
  site.goOnline();
  await site.until(() => expect(finished).toEqual(['stop']));
  expect(shown()).toEqual(['Wait.', answer]);
  await expectLikeLoaded();
  expect(site.creates).toBe(1);
});

test('a chat shows the answer once if the server is replaced in the middle of it', async () => {
  const site = await serveSite(chatSite);
  const { wait, shown, finished } = await openChat(onAServer, { site });
  await wait();
  await site.during(() => site.restart());
  await site.until(() => expect(finished).toEqual(['stop']));
  expect(shown()).toEqual(['Wait.', answer]);
  expect(site.creates).toBe(1);
});

test('a message that the server refuses is an error of the chat, and can be sent again', async () => {
  const site = await serveSite({ ...chatSite, limits: { inputBytes: 200 } });
  const { say, chat, during, shown } = await openChat(onAServer, { site });
  await say('A long story. '.repeat(20));
  expect(chat().status).toBe('error');
  expect(chat().messages).toHaveLength(1);
  const messageId = chat().messages[0]?.id ?? '';
  await during(() => chat().sendMessage({ text: 'A story.', messageId }));
  expect(shown()).toEqual(['A story.', '|A story.']);
});

test('a chat that was left does not keep a connection', async () => {
  const site = await serveSite(chatSite);
  const { wait, unmount } = await openChat(onAServer, { site });
  await wait();
  expect(site.openStreams).toBe(1);
  unmount();
  await site.until(() => expect(site.openStreams).toBe(0));
});
