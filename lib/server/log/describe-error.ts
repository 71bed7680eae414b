/**
 * What the log says of an error: enough to find the fault, and nothing of what users wrote. Errors of
 * queries and of requests to models quote their parameters in their messages and carry them as
 * properties, so just a few properties are taken.
 */

/** Short, and named by programs. */
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
 * The error with its causes: their messages one after the other, and their stacks. What is no error is
 * described by its type alone.
 */
export function describeError(error: unknown): ErrorDescription {
  const chain = causeChain(error);
  const description: ErrorDescription = {
    type: errorType(chain[0]),
    message: chain.map(errorMessage).filter(Boolean).join(': '),
    stack: chain
      .map((one) => [errorType(one), ...stackFrames(one)].join('\n'))
      .join('\ncaused by: '),
  };
  for (const one of chain) {
    for (const field of FIELDS) {
      const value = (one as Record<string, unknown> | null)?.[field];
      if (typeof value === 'string' || typeof value === 'number') description[field] ??= value;
    }
  }
  return description;
}

function causeChain(error: unknown): unknown[] {
  const chain = [error];
  for (let one = error; one instanceof Error && chain.length < MAX_CAUSES; ) {
    // Of several that happened at once the first stands for all.
    const next = one.cause ?? (one instanceof AggregateError ? one.errors[0] : undefined);
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    one = next;
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
  // Drizzle: the query, with `$1` and so on for its parameters, and then the parameters.
  if (message.startsWith('Failed query: ')) return message.replace(/\nparams: [\s\S]*$/, '');
  // PostgreSQL, errors of data: `invalid input syntax for type uuid: "…"`.
  if (/^22/.test(String((error as { code?: unknown }).code))) {
    return message.replace(/: "[\s\S]*$/, '');
  }
  // The AI SDK: what could not be read, whole.
  return message.replace(/\b(Text|Value): [\s\S]*?(?=\.\nError message: |$)/, '$1 left out');
}

/** The lines of the stack without the message before them. */
function stackFrames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES);
}
