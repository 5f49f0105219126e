import {
  ActionBarPrimitive,
  AssistantRuntimeProvider,
  AttachmentPrimitive,
  AuiIf,
  BranchPickerPrimitive,
  ComposerPrimitive,
  ErrorPrimitive,
  makeAssistantToolUI,
  MessagePartPrimitive,
  MessagePrimitive,
  QueueItemPrimitive,
  ThreadListItemPrimitive,
  ThreadListPrimitive,
  ThreadPrimitive,
  type ToolCallMessagePartProps,
} from '@assistant-ui/react';
import type { AgentRef } from '@longhaul/core';
import type { JSX } from 'react';
import {
  useLonghaulRuntime,
  type UseLonghaulRuntimeOptions,
} from '../src/assistant-ui/use-longhaul-runtime.ts';
import { useLonghaulThread } from '../src/assistant-ui/longhaul-extras.ts';

const Branches = (): JSX.Element => (
  <BranchPickerPrimitive.Root hideWhenSingleBranch data-testid="branches">
    <BranchPickerPrimitive.Previous>Previous</BranchPickerPrimitive.Previous>
    <BranchPickerPrimitive.Number />/<BranchPickerPrimitive.Count />
    <BranchPickerPrimitive.Next>Next</BranchPickerPrimitive.Next>
  </BranchPickerPrimitive.Root>
);

const UserMessage = (): JSX.Element => (
  <MessagePrimitive.Root data-testid="message" aria-label="user">
    <MessagePrimitive.Attachments>
      {() => (
        <AttachmentPrimitive.Root data-testid="attachment">
          <AttachmentPrimitive.Name />
        </AttachmentPrimitive.Root>
      )}
    </MessagePrimitive.Attachments>
    <div data-testid="content">
      <MessagePrimitive.Parts />
    </div>
    <ActionBarPrimitive.Root>
      <ActionBarPrimitive.Edit>Edit</ActionBarPrimitive.Edit>
    </ActionBarPrimitive.Root>
    <Branches />
  </MessagePrimitive.Root>
);

const EditComposer = (): JSX.Element => (
  <ComposerPrimitive.Root>
    <ComposerPrimitive.Input aria-label="Edited message" />
    <ComposerPrimitive.Send>Save</ComposerPrimitive.Send>
  </ComposerPrimitive.Root>
);

/** By default, assistant-ui shows new text some time after it has arrived. */
const Text = (): JSX.Element => <MessagePartPrimitive.Text smooth={false} />;

/** A card of a call, as people write it: a decision, an answer of the page, or the result. */
const Call = (call: ToolCallMessagePartProps): JSX.Element => {
  const { toolName, args, result, isError, approval, status, respondToApproval, addResult } = call;
  const isOpen =
    approval !== undefined && approval.approved === undefined && approval.resolution === undefined;
  const isAsked = !isOpen && status.type === 'requires-action' && result === undefined;
  return (
    <p data-testid="call">
      {toolName}({JSON.stringify(args)}) {status.type} {isError === true ? 'error ' : ''}
      {JSON.stringify(result)}
      {isOpen && <button onClick={() => respondToApproval({ approved: true })}>Approve</button>}
      {isOpen && (
        <button onClick={() => respondToApproval({ approved: false, reason: 'Too much.' })}>Deny</button>
      )}
      {isAsked && <button onClick={() => addResult({ lat: 1 })}>Answer</button>}
    </p>
  );
};

const LocateUI = makeAssistantToolUI<{ precise: boolean }, unknown>({ toolName: 'locate', render: Call });

const AssistantMessage = (): JSX.Element => (
  <MessagePrimitive.Root data-testid="message" aria-label="assistant">
    <div data-testid="content">
      <MessagePrimitive.Parts components={{ Text, tools: { Fallback: Call } }} />
    </div>
    <MessagePrimitive.Error>
      <ErrorPrimitive.Root>
        <ErrorPrimitive.Message data-testid="error" />
      </ErrorPrimitive.Root>
    </MessagePrimitive.Error>
    <ActionBarPrimitive.Root>
      <ActionBarPrimitive.Reload>Reload</ActionBarPrimitive.Reload>
    </ActionBarPrimitive.Root>
    <Branches />
  </MessagePrimitive.Root>
);

const messages = { UserMessage, AssistantMessage, UserEditComposer: EditComposer };

function State(): JSX.Element {
  return <output>{useLonghaulThread().status}</output>;
}

function Chat(): JSX.Element {
  return (
    <main>
      <ThreadListPrimitive.Root>
        <ThreadListPrimitive.New>New chat</ThreadListPrimitive.New>
        <ThreadListPrimitive.Items>
          {() => (
            <ThreadListItemPrimitive.Root data-testid="thread">
              <ThreadListItemPrimitive.Trigger>
                <ThreadListItemPrimitive.Title />
              </ThreadListItemPrimitive.Trigger>
              <ThreadListItemPrimitive.Delete>Delete</ThreadListItemPrimitive.Delete>
            </ThreadListItemPrimitive.Root>
          )}
        </ThreadListPrimitive.Items>
      </ThreadListPrimitive.Root>
      <ThreadPrimitive.Root>
        <ThreadPrimitive.Viewport>
          <ThreadPrimitive.Messages components={messages} />
        </ThreadPrimitive.Viewport>
        <State />
        <ComposerPrimitive.Root>
          <ComposerPrimitive.Queue>
            {() => (
              <div data-testid="queued">
                <QueueItemPrimitive.Text />
                <QueueItemPrimitive.Steer>Steer</QueueItemPrimitive.Steer>
                <QueueItemPrimitive.Remove>Remove</QueueItemPrimitive.Remove>
              </div>
            )}
          </ComposerPrimitive.Queue>
          <ComposerPrimitive.Attachments>
            {() => (
              <AttachmentPrimitive.Root>
                <AttachmentPrimitive.Name />
              </AttachmentPrimitive.Root>
            )}
          </ComposerPrimitive.Attachments>
          <ComposerPrimitive.AddAttachment>Attach</ComposerPrimitive.AddAttachment>
          <ComposerPrimitive.Input aria-label="Message" />
          <ComposerPrimitive.Send>Send</ComposerPrimitive.Send>
          <AuiIf condition={({ thread }) => thread.isRunning}>
            <ComposerPrimitive.Cancel>Stop</ComposerPrimitive.Cancel>
          </AuiIf>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
      <LocateUI />
    </main>
  );
}

/** A page with assistant-ui's components. */
export function AssistantPage<A extends AgentRef>(options: UseLonghaulRuntimeOptions<A>): JSX.Element {
  return (
    <AssistantRuntimeProvider runtime={useLonghaulRuntime(options)}>
      <Chat />
    </AssistantRuntimeProvider>
  );
}
