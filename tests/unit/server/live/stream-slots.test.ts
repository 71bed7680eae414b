import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { sessionCache } from '@/lib/server/account/session-cache';
import { acquireStreamSlot, signOutTriggerWithRelease } from '@/lib/server/live/stream-slots';

it('the open streams of each user are limited separately, and each slot is released once', () => {
  const acquireAll = (userId: string) => {
    const releases: Array<() => void> = [];
    for (;;) {
      try {
        releases.push(acquireStreamSlot('answers', userId));
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).toBe('too_many_streams');
        return releases;
      }
    }
  };
  const releases = acquireAll('ada');
  expect(releases.length).toBeGreaterThanOrEqual(64);
  expect(acquireAll('bob')).toHaveLength(releases.length);
  releases[0]?.();
  releases[0]?.();
  expect(acquireAll('ada')).toHaveLength(1);
});

describe('a slot is released once with a stream', () => {
  const identity = { userId: 'eve', sessionId: 'session of eve' } as Identity;

  it.each([
    ['that its reader closes', 0, (stop: () => void) => stop()],
    ['whose session ends', 1, () => sessionCache().end([identity.sessionId])],
  ])('%s', (_, endSession, endStream) => {
    let ended = 0;
    let releasedCount = 0;
    const subscription = signOutTriggerWithRelease(identity, () => {
      releasedCount += 1;
    });
    const stop = subscription(() => {
      ended += 1;
    });
    endStream(stop);
    expect(releasedCount).toBe(1);
    expect(ended).toBe(endSession);
  });
});
