import { expect, it } from 'vitest';
import { takeStreamPlace } from '@/lib/chat/open-streams';
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
