import { describe, expect, it } from 'vitest';
import { type CompileError, compile, LAST_VALUE_KEY } from '@/artifacts/code/sandbox/compile';

/** Returns the error that compiling throws. */
function errorOf(code: string, language = 'javascript'): CompileError {
  try {
    compile(code, language);
  } catch (error) {
    return error as CompileError;
  }
  throw new Error('It was compiled.');
}

describe('a program', () => {
  it('is compiled as a script if possible, and returns its last expression', () => {
    expect(compile('var a = 1; with (Math) a + PI', 'javascript')).toMatchObject({
      sourceType: 'script',
    });
    expect(compile('const a = 1;\na + 1;', 'javascript').hasValue).toBe(true);
    for (const silent of ['const a = 1', 'let a; a = 2', 'for (let i = 0; i < 3; i++) i;', '']) {
      expect(compile(silent, 'javascript').hasValue, silent).toBe(false);
    }
  });

  it('is compiled as a module if it uses await, and exports its value', () => {
    const { sourceType, code, hasValue } = compile(
      'const a = await 1;\na, a + 1; // two\n',
      'javascript',
    );
    expect({ sourceType, hasValue }).toEqual({ sourceType: 'module', hasValue: true });
    expect(code).toBe(`const a = await 1;\nglobalThis.${LAST_VALUE_KEY} = (a, a + 1); // two\n`);
    expect(compile('export const a = 1;', 'javascript')).toMatchObject({
      sourceType: 'module',
      hasValue: false,
    });
  });

  it('loses its types, and every line keeps its number', () => {
    const source = 'interface A {\n  b: number;\n}\nconst a: A = { b: 1 };\na.b as number;';
    const { code } = compile(source, 'typescript');
    expect(code.split('\n')[3]).toContain('const a = { b: 1 };');
    expect(code).not.toContain('interface');
  });
});

describe('a syntax error', () => {
  it('is reported with its line and a clear message', () => {
    expect(errorOf('let a = 1;\nlet b = = 2;')).toMatchObject({
      message: 'SyntaxError: Unexpected token',
      line: 2,
    });
    expect(errorOf('const a: = 1;\n', 'typescript')).toMatchObject({ line: 1 });
    expect(errorOf('const a: = 1;\n', 'typescript').message).not.toMatch(
      /transforming|\(\d+:\d+\)/,
    );
  });

  it('is reported for an import, because packages are not available', () => {
    const error = errorOf("const a = 1;\nimport _ from 'lodash';");
    expect(error.line).toBe(2);
    expect(error.message).toContain('"lodash" cannot be imported');
  });
});
