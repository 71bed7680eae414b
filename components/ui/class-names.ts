import { type ClassValue, clsx } from 'clsx';

/**
 * Class names joined. Nothing is merged: two classes that set the same thing must not both be given.
 * What a primitive in components/ui lets its user set anew, it sets itself with the `base:` variant
 * (app/globals.css), which any plain class beats. A merging library would be 9 kB of the first load.
 */
export function cn(...inputs: ClassValue[]): string {
  return clsx(inputs);
}
