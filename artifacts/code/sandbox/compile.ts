/** Prepares a program for execution: strips types, detects modules and reports syntax errors. */
import { type Node, type Program, parse } from 'acorn';
import { transform } from 'sucrase';

/** The file name of the program in stack traces. */
export const PROGRAM_FILE_NAME = 'program.js';
/** The global property in which a module stores the value of its last expression. */
export const LAST_VALUE_KEY = '__lastValue';

export type CompiledProgram = {
  code: string;
  /** A program with top-level `await` or `export` is a module; others are scripts. */
  sourceType: 'script' | 'module';
  /** Whether the last statement is an expression other than an assignment. */
  hasValue: boolean;
};

/** The program cannot be executed; the line is counted from 1. */
export class CompileError extends Error {
  constructor(
    message: string,
    readonly line: number | null,
  ) {
    super(message);
  }
}

/** @throws CompileError */
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
    // Line numbers stay the same.
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
        `"${statement.source.value}" cannot be imported: programs run here without packages and without network access.`,
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

/** acorn reports the position in `loc` and in parentheses, sucrase in parentheses or a prefix. */
function toCompileError(error: SyntaxError & { loc?: { line: number } }): CompileError {
  const message = error.message
    .replace(/^Error transforming \S+: /, '')
    .replace(/\s*\(\d+:\d+\)$/, '');
  return new CompileError(
    `SyntaxError: ${message.replace(/^SyntaxError: /, '')}`,
    error.loc?.line ?? null,
  );
}
