import {
  ActionBarPrimitive,
  AssistantRuntimeProvider,
  AttachmentPrimitive,
  BranchPickerPrimitive,
  ComposerPrimitive,
  makeAssistantToolUI,
  MessagePrimitive,
  ThreadListItemPrimitive,
  ThreadListPrimitive,
  ThreadPrimitive,
} from '@assistant-ui/react';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { LonghaulProvider } from '@longhaul/react';
import { useLonghaulRuntime, useLonghaulThread } from '@longhaul/react/assistant-ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { support } from './server.ts';

const agent = agentRef<typeof support>('support');
const headers = () => ({ authorization: localStorage.getItem('token') ?? '' });
const runner = remoteRunner({ baseURL: '/api/longhaul', headers });

function Assistant() {
  const [threadId, setThreadId] = useState(location.hash.slice(1) || undefined);
  const show = (id = '') => (location.replace(`#${id}`), setThreadId(id || undefined));
  const runtime = useLonghaulRuntime({ agent, threadId, onThreadId: show, threads: { limit: 30 } });
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <Threads />
      <Thread />
      <RefundUI />
    </AssistantRuntimeProvider>
  );
}

/** The card of a call. The person decides in it, even after a reload. */
const RefundUI = makeAssistantToolUI<{ orderId?: string }, unknown>({
  toolName: 'refund',
  render: ({ args, result, approval, respondToApproval }) => {
    const isOpen = approval && approval.approved === undefined && approval.resolution === undefined;
    return (
      <fieldset>
        Refund {args.orderId}: {isOpen ? 'may it be refunded?' : String(result ?? '…')}
        {isOpen && <button onClick={() => respondToApproval({ approved: true })}>Approve</button>}
        {isOpen && <button onClick={() => respondToApproval({ approved: false })}>Deny</button>}
      </fieldset>
    );
  },
});

const Branches = () => (
  <BranchPickerPrimitive.Root hideWhenSingleBranch>
    <BranchPickerPrimitive.Previous>Previous</BranchPickerPrimitive.Previous>
    <BranchPickerPrimitive.Number /> of <BranchPickerPrimitive.Count />
    <BranchPickerPrimitive.Next>Next</BranchPickerPrimitive.Next>
  </BranchPickerPrimitive.Root>
);

const UserMessage = () => (
  <MessagePrimitive.Root>
    <MessagePrimitive.Attachments>{() => <AttachmentPrimitive.Name />}</MessagePrimitive.Attachments>
    <MessagePrimitive.Parts />
    <ActionBarPrimitive.Edit>Edit</ActionBarPrimitive.Edit>
    <Branches />
  </MessagePrimitive.Root>
);

const UserEditComposer = () => (
  <ComposerPrimitive.Root>
    <ComposerPrimitive.Input aria-label="Ask instead" />
    <ComposerPrimitive.Send>Save</ComposerPrimitive.Send>
  </ComposerPrimitive.Root>
);

const AssistantMessage = () => (
  <MessagePrimitive.Root>
    <MessagePrimitive.Parts />
    <ActionBarPrimitive.Reload>Ask again</ActionBarPrimitive.Reload>
    <Branches />
  </MessagePrimitive.Root>
);

function Thread() {
  const { error, status } = useLonghaulThread();
  return (
    <ThreadPrimitive.Root>
      <ThreadPrimitive.Viewport>
        <ThreadPrimitive.Messages components={{ UserMessage, UserEditComposer, AssistantMessage }} />
      </ThreadPrimitive.Viewport>
      <output>{error?.message ?? status}</output>
      <ComposerPrimitive.Root>
        <ComposerPrimitive.Attachments>{() => <AttachmentPrimitive.Name />}</ComposerPrimitive.Attachments>
        <ComposerPrimitive.AddAttachment>Attach</ComposerPrimitive.AddAttachment>
        <ComposerPrimitive.Input aria-label="Message" />
        <ComposerPrimitive.Send>Send</ComposerPrimitive.Send>
        <ComposerPrimitive.Cancel>Stop</ComposerPrimitive.Cancel>
      </ComposerPrimitive.Root>
    </ThreadPrimitive.Root>
  );
}

const Threads = () => (
  <ThreadListPrimitive.Root>
    <ThreadListPrimitive.New>New chat</ThreadListPrimitive.New>
    <ThreadListPrimitive.Items>
      {() => (
        <ThreadListItemPrimitive.Root>
          <ThreadListItemPrimitive.Trigger>
            <ThreadListItemPrimitive.Title />
          </ThreadListItemPrimitive.Trigger>
          <ThreadListItemPrimitive.Delete>Delete</ThreadListItemPrimitive.Delete>
        </ThreadListItemPrimitive.Root>
      )}
    </ThreadListPrimitive.Items>
  </ThreadListPrimitive.Root>
);

createRoot(document.body).render(
  <QueryClientProvider client={new QueryClient()}>
    <LonghaulProvider runner={runner}>
      <Assistant />
    </LonghaulProvider>
  </QueryClientProvider>,
);
