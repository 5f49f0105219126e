import { useId, useState, type ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import type { DemoCall } from './demo-call.ts';
import { sentDecisions, type Decide, type SentDecision, type VisitorDecision } from './sent-decisions.ts';
import styles from './tool-card.module.css';

/** The form to approve, deny or answer a call. It is disabled after a decision is sent, unless the decision fails. */
export function ToolDecision({
  call,
  sent,
  isDisabled,
  decide,
}: {
  readonly call: DemoCall;
  /** The decision that this tab has sent. */
  readonly sent: SentDecision | undefined;
  /** Whether a decision of this tab waits for its effect. */
  readonly isDisabled: boolean;
  readonly decide: Decide;
}): ReactElement {
  const send = (decision: VisitorDecision): void => void sentDecisions.send(decision, decide);
  return (
    <fieldset className={styles['decision']} disabled={isDisabled}>
      <legend className="visually-hidden">Your decision</legend>
      {call.status === 'awaiting_approval' ? (
        <Approval callId={call.callId} send={send} />
      ) : (
        <Answer call={call} send={send} />
      )}
      {sent?.problem !== undefined && (
        <p className={styles['error']} role="alert">
          {sent.problem}
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
  readonly send: (decision: VisitorDecision) => void;
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
  readonly send: (decision: VisitorDecision) => void;
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
