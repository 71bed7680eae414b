import { describe, expect, it } from 'vitest';
import type { Identity } from '@/lib/auth/identity';
import { sessionCache } from '@/lib/auth/session-cache';
import { takeStreamPlace, untilSignedOutFrom } from '@/lib/chat/open-streams';
import { AppError } from '@/lib/errors';

it('one user may have so many streams open, others count by themselves, and each place comes back once', () => {
  const takeAll = (userId: string) => {
    const places: Array<() => void> = [];
    for (;;) {
      try {
        places.push(takeStreamPlace('answers', userId));
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).toBe('too_many_windows');
        return places;
      }
    }
  };
  const places = takeAll('ada');
  expect(places.length).toBeGreaterThanOrEqual(64);
  expect(takeAll('bob')).toHaveLength(places.length);
  places[0]?.();
  places[0]?.();
  expect(takeAll('ada')).toHaveLength(1);
});

describe('a place comes back once with the stream that has it', () => {
  const identity = { userId: 'eve', sessionId: 'session of eve' } as Identity;

  it.each([
    ['that its reader leaves', 0, (stop: () => void) => stop()],
    ['that the session ends', 1, () => sessionCache().end([identity.sessionId])],
  ])('%s', (_, ends, endStream) => {
    let ended = 0;
    let given = 0;
    const until = untilSignedOutFrom(identity, () => {
      given += 1;
    });
    const stop = until(() => {
      ended += 1;
    });
    endStream(stop);
    expect(given).toBe(1);
    expect(ended).toBe(ends);
  });
});
