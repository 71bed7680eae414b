import { describe, expect, it } from 'vitest';
import { type CodeError, compile, VALUE } from '@/artifacts/code/sandbox/compile';

/** The error that compiling throws. */
function errorOf(code: string, language = 'javascript'): CodeError {
  try {
    compile(code, language);
  } catch (error) {
    return error as CodeError;
  }
  throw new Error('It was compiled.');
}

describe('a program', () => {
  it('is a script where it can be one, and has a value where it ends with an expression', () => {
    expect(compile('var a = 1; with (Math) a + PI', 'javascript')).toMatchObject({
      form: 'script',
    });
    expect(compile('const a = 1;\na + 1;', 'javascript').hasValue).toBe(true);
    for (const silent of ['const a = 1', 'let a; a = 2', 'for (let i = 0; i < 3; i++) i;', '']) {
      expect(compile(silent, 'javascript').hasValue, silent).toBe(false);
    }
  });

  it('is a module where it waits, and leaves its value where it can be found', () => {
    const { form, code, hasValue } = compile(
      'const a = await 1;\na, a + 1; // two\n',
      'javascript',
    );
    expect({ form, hasValue }).toEqual({ form: 'module', hasValue: true });
    expect(code).toBe(`const a = await 1;\nglobalThis.${VALUE} = (a, a + 1); // two\n`);
    expect(compile('export const a = 1;', 'javascript')).toMatchObject({
      form: 'module',
      hasValue: false,
    });
  });

  it('loses its types, and each line stays where it is', () => {
    const source = 'interface A {\n  b: number;\n}\nconst a: A = { b: 1 };\na.b as number;';
    const { code } = compile(source, 'typescript');
    expect(code.split('\n')[3]).toContain('const a = { b: 1 };');
    expect(code).not.toContain('interface');
  });
});

describe('a mistake', () => {
  it('is told with its line, in plain words', () => {
    expect(errorOf('let a = 1;\nlet b = = 2;')).toMatchObject({
      message: 'SyntaxError: Unexpected token',
      line: 2,
    });
    expect(errorOf('const a: = 1;\n', 'typescript')).toMatchObject({ line: 1 });
    expect(errorOf('const a: = 1;\n', 'typescript').message).not.toMatch(
      /transforming|\(\d+:\d+\)/,
    );
  });

  it('is an import: packages are not there', () => {
    const error = errorOf("const a = 1;\nimport _ from 'lodash';");
    expect(error.line).toBe(2);
    expect(error.message).toContain('"lodash" cannot be imported');
  });
});
