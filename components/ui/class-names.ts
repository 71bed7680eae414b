import { type ClassValue, clsx } from 'clsx';

/**
 * Joins class names without merging: do not pass two classes that set the same property. A
 * component of components/ui sets overridable properties with the `base:` variant
 * (app/globals.css), which any plain class overrides. A merging library would add 9 kB to the
 * initial bundle.
 */
export function cn(...inputs: ClassValue[]): string {
  return clsx(inputs);
}
