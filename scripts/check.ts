import { spawnSync } from 'node:child_process';
import { checkCompose } from './lib/check-compose';
import { PROJECT } from './lib/paths';
import { print, printFailure, step, UserError } from './lib/steps';

/**
 * `npm run check`: all checks that do not run the app. Runs all of them, then prints the failures.
 */

type Check = { name: string; run: () => Promise<string> };

const nodeCheck = (name: string, ...command: string[]): Check => ({
  name,
  run: async () => {
    const options = { cwd: PROJECT, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`;
  },
});

/** Each check returns its problems as text; '' if there are none. */
const CHECKS: Check[] = [
  nodeCheck('Types', 'node_modules/typescript/bin/tsc', '--noEmit'),
  nodeCheck('Lint, format', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'),
  nodeCheck('Unused code', 'node_modules/knip/bin/knip.js', '--treat-config-hints-as-errors'),
  { name: 'Compose file', run: async () => (await checkCompose()).join('\n') },
];

const failures: string[] = [];
print();
for (const { name, run } of CHECKS) {
  try {
    await step(name, '', async () => {
      const problems = await run();
      if (problems) throw new UserError(`${name}\n\n${problems.trim()}`);
      return { result: 'passed', value: null };
    });
  } catch (error) {
    failures.push(error instanceof UserError ? error.message : String(error));
  }
}
if (failures.length > 0) {
  printFailure(new UserError(`Some checks failed:\n\n${failures.join('\n\n')}`));
  process.exitCode = 1;
}
