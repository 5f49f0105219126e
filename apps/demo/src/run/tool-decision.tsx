import type { Decision } from '@longhaul/core';
import { useId, useState, type ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import type { DemoCall } from './demo-call.ts';
import styles from './tool-card.module.css';

export type Decide = (decision: Decision) => Promise<void>;

/** The form to approve, deny or answer a call. It is disabled after a decision is sent. */
export function ToolDecision({
  call,
  decide,
}: {
  readonly call: DemoCall;
  readonly decide: Decide;
}): ReactElement {
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = (decision: Decision): void => {
    setSent(true);
    setProblem(undefined);
    decide(decision).catch((error: unknown) => {
      setSent(false);
      setProblem(error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <fieldset className={styles['decision']} disabled={sent}>
      <legend className="visually-hidden">Your decision</legend>
      {call.status === 'awaiting_approval' ? (
        <Approval callId={call.callId} send={send} />
      ) : (
        <Answer call={call} send={send} />
      )}
      {problem !== undefined && (
        <p className={styles['error']} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

function Approval({
  callId,
  send,
}: {
  readonly callId: string;
  readonly send: (decision: Decision) => void;
}): ReactElement {
  const [reason, setReason] = useState('');
  const id = useId();
  return (
    <>
      <Button look="main" onClick={() => send({ type: 'approve', callId })}>
        Approve
      </Button>
      <Button
        onClick={() =>
          send({ type: 'deny', callId, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) })
        }
      >
        Deny
      </Button>
      <label htmlFor={id} className="visually-hidden">
        Reason for denying
      </label>
      <input
        id={id}
        className={styles['input']}
        placeholder="Reason (optional)"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </>
  );
}

function Answer({
  call,
  send,
}: {
  readonly call: DemoCall;
  readonly send: (decision: Decision) => void;
}): ReactElement {
  const [text, setText] = useState('');
  const id = useId();
  const options = call.name === 'ask_person' ? (call.arguments?.options ?? []) : [];
  const answer = (output: string): void => send({ type: 'output', callId: call.callId, output });
  return (
    <>
      {options.map((option) => (
        <Button key={option} look="main" onClick={() => answer(option)}>
          {option}
        </Button>
      ))}
      <label htmlFor={id} className="visually-hidden">
        Your answer
      </label>
      <span className={styles['reply']}>
        <input
          id={id}
          className={styles['input']}
          placeholder={options.length > 0 ? 'Or type another answer' : 'Your answer'}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && text.trim() !== '') answer(text.trim());
          }}
        />
        <Button disabled={text.trim() === ''} onClick={() => answer(text.trim())}>
          Send
        </Button>
      </span>
    </>
  );
}
