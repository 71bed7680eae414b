import { describe, expect, it } from 'vitest';
import { isWaiting, queueOfBranch } from '@/lib/client/chat/queue/queue-view';
import type { QueuedMessage } from '@/lib/protocol/api';

const queued = (rest: Partial<QueuedMessage> = {}): QueuedMessage => ({
  id: 'queued',
  text: 'And then?',
  answerId: 'a1',
  userMessageId: 'q1',
  answerStatus: 'running',
  error: null,
  ...rest,
});
const user = (id: string) => ({ id, role: 'user' as const });
const answer = (id: string) => ({ id, role: 'assistant' as const });

describe('the queue of the displayed branch', () => {
  it('contains the messages that wait for the displayed answer, also before its first token', () => {
    const queue = [queued(), queued({ id: 'other', answerId: 'b1', userMessageId: 'r1' })];
    expect(queueOfBranch(queue, [user('q1'), answer('a1')])).toEqual([queue[0]]);
    expect(queueOfBranch(queue, [user('q1')])).toEqual([queue[0]]);
    expect(queueOfBranch(queue, [])).toEqual([]);
  });

  it('contains what was queued during a new answer that failed, not what waits for a running one', () => {
    const displayed = [user('q1'), answer('a0')];
    const failed = queued({ answerStatus: 'failed' });
    expect(queueOfBranch([failed], displayed)).toEqual([failed]);
    expect(queueOfBranch([queued()], displayed)).toEqual([]);
  });
});

describe('a queued message', () => {
  it('waits for an answer that is running or has just ended well', () => {
    expect(isWaiting(queued())).toBe(true);
    expect(isWaiting(queued({ answerStatus: 'complete' }))).toBe(true);
  });

  it('is not sent after any other end, or if sending failed', () => {
    expect(isWaiting(queued({ answerStatus: 'stopped' }))).toBe(false);
    const error = { code: 'no_model', message: 'No model.' } as const;
    expect(isWaiting(queued({ answerStatus: 'complete', error }))).toBe(false);
  });
});
