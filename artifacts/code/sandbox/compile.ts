/** Makes a program ready to be run: types stripped, its shape found out, its mistakes named. */
import { type Node, type Program, parse } from 'acorn';
import { transform } from 'sucrase';

/** Under this name the lines of the program are found in stacks. */
export const PROGRAM_FILE_NAME = 'program.js';
/** Where a module leaves what its last expression came to. */
export const LAST_VALUE_KEY = '__lastValue';

export type CompiledProgram = {
  code: string;
  /** A program with `await` or `export` outside of any function is a module; others are scripts. */
  sourceType: 'script' | 'module';
  /** Its last statement is an expression that is worth showing. */
  hasValue: boolean;
};

/** The program cannot be run; the line is counted from 1. */
export class CompileError extends Error {
  constructor(
    message: string,
    readonly line: number | null,
  ) {
    super(message);
  }
}

/** @throws CodeError */
export function compile(source: string, language: string): CompiledProgram {
  const code = language === 'typescript' ? stripTypes(source) : source;
  const script = tryParse(code, 'script');
  if (script instanceof SyntaxError) {
    const module = tryParse(code, 'module');
    if (module instanceof SyntaxError) throw toCompileError(module);
    return compileModule(code, module);
  }
  return { code, sourceType: 'script', hasValue: findLastExpression(script) !== null };
}

function stripTypes(code: string): string {
  try {
    // Lines stay where they are.
    return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (error) {
    throw toCompileError(error as SyntaxError);
  }
}

function tryParse(code: string, sourceType: 'script' | 'module'): Program | SyntaxError {
  try {
    return parse(code, { ecmaVersion: 'latest', sourceType, allowHashBang: true, locations: true });
  } catch (error) {
    return error as SyntaxError;
  }
}

function compileModule(code: string, program: Program): CompiledProgram {
  for (const statement of program.body) {
    if ('source' in statement && statement.source) {
      throw new CompileError(
        `"${statement.source.value}" cannot be imported: a program runs by itself here, without packages and without a network.`,
        statement.loc?.start.line ?? null,
      );
    }
  }
  const last = findLastExpression(program);
  if (!last) return { code, sourceType: 'module', hasValue: false };
  const { start, end } = last;
  const storedExpression = `globalThis.${LAST_VALUE_KEY} = (${code.slice(start, end)})`;
  return {
    code: `${code.slice(0, start)}${storedExpression}${code.slice(end)}`,
    sourceType: 'module',
    hasValue: true,
  };
}

function findLastExpression(program: Program): Node | null {
  const last = program.body.at(-1);
  if (last?.type !== 'ExpressionStatement') return null;
  return last.expression.type === 'AssignmentExpression' ? null : last.expression;
}

/** acorn and sucrase both say where, one in `loc` and in brackets, the other in brackets or a prefix. */
function toCompileError(error: SyntaxError & { loc?: { line: number } }): CompileError {
  const message = error.message
    .replace(/^Error transforming \S+: /, '')
    .replace(/\s*\(\d+:\d+\)$/, '');
  return new CompileError(
    `SyntaxError: ${message.replace(/^SyntaxError: /, '')}`,
    error.loc?.line ?? null,
  );
}
