/** Makes a program ready to be run: types stripped, its shape found out, its mistakes named. */
import { type Node, type Program, parse } from 'acorn';
import { transform } from 'sucrase';

/** Under this name the lines of the program are found in stacks. */
export const PROGRAM = 'program.js';
/** Where a module leaves what its last expression came to. */
export const VALUE = '__lastValue';

export type Compiled = {
  code: string;
  /** A program with `await` or `export` outside of any function is a module; others are scripts. */
  form: 'script' | 'module';
  /** Its last statement is an expression that is worth showing. */
  hasValue: boolean;
};

/** The program cannot be run; the line is counted from 1. */
export class CodeError extends Error {
  constructor(
    message: string,
    readonly line: number | null,
  ) {
    super(message);
  }
}

/** @throws CodeError */
export function compile(source: string, language: string): Compiled {
  const code = language === 'typescript' ? withoutTypes(source) : source;
  const script = tryParse(code, 'script');
  if (script instanceof SyntaxError) {
    const module = tryParse(code, 'module');
    if (module instanceof SyntaxError) throw codeError(module);
    return asModule(code, module);
  }
  return { code, form: 'script', hasValue: lastExpression(script) !== null };
}

function withoutTypes(code: string): string {
  try {
    // Lines stay where they are.
    return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (error) {
    throw codeError(error as SyntaxError);
  }
}

function tryParse(code: string, sourceType: 'script' | 'module'): Program | SyntaxError {
  try {
    return parse(code, { ecmaVersion: 'latest', sourceType, allowHashBang: true, locations: true });
  } catch (error) {
    return error as SyntaxError;
  }
}

function asModule(code: string, program: Program): Compiled {
  for (const statement of program.body) {
    if ('source' in statement && statement.source) {
      throw new CodeError(
        `"${statement.source.value}" cannot be imported: a program runs by itself here, without packages and without a network.`,
        statement.loc?.start.line ?? null,
      );
    }
  }
  const last = lastExpression(program);
  if (!last) return { code, form: 'module', hasValue: false };
  const { start, end } = last;
  const kept = `globalThis.${VALUE} = (${code.slice(start, end)})`;
  return {
    code: `${code.slice(0, start)}${kept}${code.slice(end)}`,
    form: 'module',
    hasValue: true,
  };
}

function lastExpression(program: Program): Node | null {
  const last = program.body.at(-1);
  if (last?.type !== 'ExpressionStatement') return null;
  return last.expression.type === 'AssignmentExpression' ? null : last.expression;
}

/** acorn and sucrase both say where, one in `loc` and in brackets, the other in brackets or a prefix. */
function codeError(error: SyntaxError & { loc?: { line: number } }): CodeError {
  const message = error.message
    .replace(/^Error transforming \S+: /, '')
    .replace(/\s*\(\d+:\d+\)$/, '');
  return new CodeError(
    `SyntaxError: ${message.replace(/^SyntaxError: /, '')}`,
    error.loc?.line ?? null,
  );
}
