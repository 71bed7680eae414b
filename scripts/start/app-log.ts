import { appendFileSync, rmSync, statSync } from 'node:fs';
import { warn } from '../lib/steps';

const PINO_WARN = 40;

/**
 * Where the server's output goes: all of it into a file, and into the terminal what a person should
 * know of, warnings and errors, as sentences.
 */
export function appLog(file: string): (stream: 'stdout' | 'stderr', text: string) => void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) rmSync(file);
  const rest = { stdout: '', stderr: '' };
  return (stream, text) => {
    appendFileSync(file, text);
    const lines = (rest[stream] + text).split('\n');
    rest[stream] = lines.pop() ?? '';
    for (const line of lines) {
      const words = stream === 'stderr' ? line.trimEnd() : wordsOf(line);
      if (words) warn(words);
    }
  };
}

/** The message of a log line from level `warn` up; null for all else. */
function wordsOf(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, err } = JSON.parse(line);
    if (typeof level !== 'number' || level < PINO_WARN) return null;
    return [msg, err?.message].filter(Boolean).join(': ') || null;
  } catch {
    return null;
  }
}
