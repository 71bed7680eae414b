/**
 * Serializes errors for the log, without anything users wrote. Errors of queries and of model
 * requests quote their parameters in messages and carry them as properties, so only a few
 * properties are logged.
 */

/** Short fields whose values come from programs, not users. */
const FIELDS = [
  ...['code', 'syscall', 'address', 'port', 'path', 'statusCode'],
  ...['table_name', 'column_name', 'constraint_name'],
] as const;
const MAX_MESSAGE_CHARS = 500;
const MAX_FRAMES = 15;
const MAX_CAUSES = 5;

export type ErrorDescription = { type: string; message: string; stack: string } & {
  [field in (typeof FIELDS)[number]]?: string | number;
};

/**
 * Describes an error with its causes: their messages joined, and their stacks. A value that is not
 * an Error is described by its type only.
 */
export function describeError(error: unknown): ErrorDescription {
  const chain = causeChain(error);
  const description: ErrorDescription = {
    type: errorType(chain[0]),
    message: chain.map(errorMessage).filter(Boolean).join(': '),
    stack: chain
      .map((link) => [errorType(link), ...stackFrames(link)].join('\n'))
      .join('\ncaused by: '),
  };
  for (const link of chain) {
    for (const field of FIELDS) {
      const value = (link as Record<string, unknown> | null)?.[field];
      if (typeof value === 'string' || typeof value === 'number') description[field] ??= value;
    }
  }
  return description;
}

function causeChain(error: unknown): unknown[] {
  const chain = [error];
  for (let link = error; link instanceof Error && chain.length < MAX_CAUSES; ) {
    // Of aggregated errors only the first is described.
    const next = link.cause ?? (link instanceof AggregateError ? link.errors[0] : undefined);
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    link = next;
  }
  return chain;
}

function errorType(error: unknown): string {
  if (error instanceof Error) return error.constructor?.name || error.name;
  return `not an error: ${error === null ? 'null' : typeof error}`;
}

function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return errorType(error);
  const message = stripValues(error);
  return message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message;
}

function stripValues(error: Error): string {
  const { message } = error;
  // Drizzle: the query with placeholders (`$1`), followed by the parameters.
  if (message.startsWith('Failed query: ')) return message.replace(/\nparams: [\s\S]*$/, '');
  // PostgreSQL data errors: `invalid input syntax for type uuid: "…"`.
  if (/^22/.test(String((error as { code?: unknown }).code))) {
    return message.replace(/: "[\s\S]*$/, '');
  }
  // The AI SDK quotes the whole text that it could not parse.
  return message.replace(/\b(Text|Value): [\s\S]*?(?=\.\nError message: |$)/, '$1 left out');
}

/** Returns the stack's frames without the message. */
function stackFrames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES);
}
