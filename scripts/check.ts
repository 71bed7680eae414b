import { spawnSync } from 'node:child_process';
import { findStaleRegistries } from './lib/artifact-registries';
import { checkCompose } from './lib/check-compose';
import { PROJECT } from './lib/paths';
import { print, printFailure, step, UserError } from './lib/steps';

/** Everything that can be told without running the app: `npm run check`. All of it, then what failed. */

type Check = { name: string; run: () => Promise<string> };

const nodeCheck = (name: string, ...command: string[]): Check => ({
  name,
  run: async () => {
    const options = { cwd: PROJECT, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`;
  },
});

/** Each gives what is wrong; nothing where all is well. */
const CHECKS: Check[] = [
  nodeCheck('Types', 'node_modules/typescript/bin/tsc', '--noEmit'),
  nodeCheck('Lint, format', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'),
  nodeCheck('Unused code', 'node_modules/knip/bin/knip.js', '--treat-config-hints-as-errors'),
  { name: 'Kinds', run: checkKinds },
  { name: 'Compose file', run: async () => (await checkCompose()).join('\n') },
];

async function checkKinds(): Promise<string> {
  const files = (await findStaleRegistries()).map(([file]) => file);
  return files.length === 0 ? '' : `${files.join(', ')}: not made anew. Run npm run build.`;
}

const failures: string[] = [];
print();
for (const { name, run } of CHECKS) {
  try {
    await step(name, '', async () => {
      const problems = await run();
      if (problems) throw new UserError(`${name}\n\n${problems.trim()}`);
      return { result: 'fine', value: null };
    });
  } catch (error) {
    failures.push(error instanceof UserError ? error.message : String(error));
  }
}
if (failures.length > 0) {
  printFailure(new UserError(`What is not right:\n\n${failures.join('\n\n')}`));
  process.exitCode = 1;
}
